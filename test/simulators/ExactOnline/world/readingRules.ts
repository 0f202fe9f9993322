import type { EntityTable } from './entityTable';
import { mandatoryFilter } from './mandatoryFilters';
import { twinSources } from './twins';

/** Rows per page of bulk and sync endpoints, docs/facts/exact-online.md 4.3. */
const LARGE_PAGE = 1000;

type ReadingRules = Pick<
	EntityTable,
	| 'pageSize'
	| 'selectRequired'
	| 'skipSupported'
	| 'orderBySupported'
	| 'filterableFields'
	| 'knownMandatoryFilter'
>;

/** What a GET of a list must and must not hold, docs/facts/exact-online.md 4.3, 4.5, 5. */
export function readingRules(path: string): ReadingRules {
	if (path.startsWith('sync/')) {
		return {
			pageSize: LARGE_PAGE,
			skipSupported: false,
			orderBySupported: false,
			filterableFields: ['Timestamp'],
		};
	}
	if (path.startsWith('bulk/')) {
		return {
			pageSize: LARGE_PAGE,
			selectRequired: true,
			skipSupported: false,
			orderBySupported: false,
			...filterRule(twinSources(path)),
		};
	}
	if (path.startsWith('read/')) return { pageSize: Infinity };
	return path === 'cashflow/DirectDebitMandates' ? { selectRequired: true } : filterRule([path]);
}

function filterRule(sources: readonly string[]): ReadingRules {
	const fields = mandatoryFilter(sources);
	return fields ? { knownMandatoryFilter: fields } : {};
}

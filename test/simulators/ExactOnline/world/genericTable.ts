import type { Row } from '../odata/edm';
import { behaviourOf } from './behaviours';
import { findEndpointFacts, lineCollections, singular, type EndpointFacts } from './endpointFacts';
import type { EntityTable, TableContext } from './entityTable';
import type { Records } from './records';
import { readingRules } from './readingRules';
import type { RowSet } from './rowSet';
import { setByService, setByServiceOnUpdate } from './serverFields';
import { twinRows } from './twinRows';

/** Any documented resource that has no table of its own, undefined if there is no such resource. */
export function genericTable(path: string, records: Records): EntityTable | undefined {
	const facts = findEndpointFacts(path);
	if (!facts || path === 'current/Me') return undefined;
	const common = {
		...facts,
		path,
		typeName: `Exact.Web.Api.Models.${singular(path.split('/').pop() ?? path)}`,
		collections: lineCollections(path),
		...readingRules(path),
	};
	if (/^(?:bulk|sync)\//.test(path)) return { ...common, rows: twinRows(path, facts, records) };
	return { ...common, ...storedRows(path, facts, records) };
}

/** A resource with rows of its own. */
function storedRows(
	path: string,
	facts: EndpointFacts,
	records: Records,
): Pick<EntityTable, 'rows' | 'store' | 'beforeInsert' | 'beforeUpdate' | 'beforeDelete'> {
	const store = ({ division }: TableContext): RowSet => records.set(division ?? 0, path);
	const behaviour = behaviourOf(path, records);
	return {
		rows: (context) => store(context).rows,
		store,
		beforeInsert: (row: Row, context) => {
			setByService(path, facts, row, context, records);
			behaviour.beforeInsert?.(row, context);
		},
		beforeUpdate: (changes, row, context) => {
			setByServiceOnUpdate(changes, context, records);
			behaviour.beforeUpdate?.(changes, row, context);
		},
		...(behaviour.beforeDelete ? { beforeDelete: behaviour.beforeDelete } : {}),
	};
}

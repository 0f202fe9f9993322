import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import { mappedPages } from '../../../shared/node/mappedPages';
import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection } from '../../../shared/node/optionsField';
import { bulkTwinOf } from '../../catalogue/bulkTwins';
import { filterField } from '../../catalogue/fieldTypes';
import { orderByClause } from '../../odata/queryOptions';
import type { ExactRow } from '../../wire/exactTypes';
import { divisionField } from '../common/divisionField';
import type { Operation, OperationCall } from '../operation';
import { filtersOf } from './listFilters';
import { filterFields, givenConditions, listOptions, readSort, sortField } from './listFields';
import { listPages } from './listRows';
import { outputFields, readOutput, rowWriter, type OutputPlan } from './outputFields';
import { divisionOptions, inDivisions } from './severalDivisions';
import { requireMethod, type RecordTarget } from './target';
import { codesFor, withWords } from './wordLists';
import { inSentence, pluralOf } from './words';

/** A list of records, page after page (docs/facts/exact-online.md 4.3). */
export function getManyRecords(target: RecordTarget): Operation {
	const many = pluralOf(inSentence(target.name));
	const bulk = bulkNote(target);
	return {
		name: 'Get Many',
		value: 'getAll',
		action: `Get many ${many}`,
		description: `Get a list of ${many}${bulk}`,
		fields: [
			...target.fields,
			divisionField,
			...toolListFields,
			...filterFields,
			...outputFields,
			optionsCollection([...divisionOptions, ...listOptions]),
			sortField,
		],
		async execute(call) {
			const endpoint = target.endpointOf(call);
			requireMethod(endpoint, 'GET');
			const plan = readOutput(call, endpoint, target.data);
			return await inDivisions(call, async (division) => await rowsOf(call, plan, division));
		},
	};
}

/** What the description says of larger pages. */
function bulkNote({ data }: RecordTarget): string {
	if (data === undefined)
		return ', long lists in pages of 1,000 where Exact Online has them, except in Raw';
	if (data.bulk === undefined) return '';
	return ', long lists in pages of 1,000, in Raw without the links to their collections';
}

/**
 * Rows of several lists, each once: two values that differ in capitals alone find the same rows, and may stand in two
 * parts of a long list.
 */
function eachOnce(keyNames: readonly string[]) {
	const seen = new Set<string>();
	return async function* (pages: AsyncIterable<ExactRow[]>): AsyncGenerator<ExactRow[]> {
		for await (const page of pages) {
			yield page.filter((row) => {
				const values = keyNames.map((name) => row[name]);
				const key = JSON.stringify(values);
				if (seen.has(key)) return false;
				if (values.length > 0 && !values.includes(undefined)) seen.add(key);
				return true;
			});
		}
	};
}

async function rowsOf(
	call: OperationCall,
	plan: OutputPlan,
	division: number,
): Promise<OutputRow[]> {
	const { context, itemIndex, source } = call;
	const { endpoint, data, select, expand } = plan;
	const orderBy = orderByClause(
		readSort(call).map((row) => ({
			...row,
			field: filterField(endpoint, row.field).name,
		})),
	);
	const limit = readLimit(context, itemIndex);
	// All fields of an endpoint are as it has them: its twin gives those that the catalogue knows, without collections.
	const isWhole = data === undefined && select === undefined;
	const bulk = isWhole ? undefined : bulkTwinOf(endpoint.path);
	const query = { endpoint, division, select, expand, orderBy, limit, bulk };
	const codes = await codesFor(call, { endpoint, data, division }, givenConditions(call));
	const rows: OutputRow[] = [];
	const write = rowWriter(await withWords(call, division, plan));
	const filters = filtersOf(call, { ...query, codes, baseUrl: source.baseUrl });
	const once = filters.length > 1 ? eachOnce(endpoint.keyNames) : undefined;
	for (const filter of filters) {
		const all = listPages(call, { ...query, ...filter });
		const pages = once === undefined ? all : once(all);
		const written = mappedPages(pages, (row) => ({ json: write(row) }));
		await takeRows(written, limit, rows);
		if (rows.length >= limit) break;
	}
	return rows;
}

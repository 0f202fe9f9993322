import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import { mappedPages } from '../../../shared/node/mappedPages';
import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { filterField } from '../../catalogue/fieldTypes';
import { orderByClause } from '../../odata/queryOptions';
import { divisionField } from '../common/divisionField';
import type { Operation, OperationCall } from '../operation';
import { filtersOf } from './listFilters';
import { filterFields, givenConditions, listOptions, readOrder } from './listFields';
import { listPages } from './listRows';
import { outputFields, readOutput, rowWriter, type OutputPlan } from './outputFields';
import { divisionOptions, inDivisions } from './severalDivisions';
import { requireMethod, type RecordTarget } from './target';
import { codesFor } from './wordLists';
import { inSentence, pluralOf } from './words';

/** A list of records, page after page (docs/facts/exact-online.md 4.3). */
export function getManyRecords(target: RecordTarget): Operation {
	const many = pluralOf(inSentence(target.name));
	const bulk = target.data?.bulk === undefined ? '' : ', long lists in pages of 1,000';
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
		],
		async execute(call) {
			const endpoint = target.endpointOf(call);
			requireMethod(endpoint, 'GET');
			const plan = readOutput(call, endpoint, target.data);
			return await inDivisions(call, async (division) => await rowsOf(call, plan, division));
		},
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
		readOrder(readOptions(call)).map((row) => ({
			...row,
			field: filterField(endpoint, row.field).name,
		})),
	);
	const limit = readLimit(context, itemIndex);
	const query = { endpoint, division, select, expand, orderBy, limit, bulk: data?.bulk };
	const codes = await codesFor(call, { data, division }, givenConditions(call));
	const known = data && { ...data, codes };
	const rows: OutputRow[] = [];
	const write = rowWriter(plan);
	for (const filter of filtersOf(call, { ...query, data: known, baseUrl: source.baseUrl })) {
		const pages = listPages(call, { ...query, ...filter });
		const written = mappedPages(pages, (row) => ({ json: write(row) }));
		await takeRows(written, limit, rows);
		if (rows.length >= limit) break;
	}
	return rows;
}

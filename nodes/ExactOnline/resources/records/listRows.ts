import { isConnectorError, passOn } from '../../../shared/errors';
import { readEndpoint, selectableFields } from '../../catalogue/catalogue';
import type { Endpoint } from '../../catalogue/types';
import { PAGE_ROWS } from '../../odata/queryOptions';
import type { ExactRow } from '../../wire/exactTypes';
import { topFor } from '../common/topFor';
import type { OperationCall } from '../operation';
import { isLearnt, learn } from './learnt';
import { pagesOf } from './listRules';

/** A list of records of one division. */
export interface ListQuery {
	endpoint: Endpoint;
	division: number;
	filter?: string;
	/** Fields that the filter names; undefined where nobody knows. */
	filterFields: readonly string[] | undefined;
	/** Undefined for all. */
	select: readonly string[] | undefined;
	expand: readonly string[];
	orderBy?: string;
	limit: number;
	/** Path of the endpoint with 1,000 rows a page, where there is one. */
	bulk?: string;
}

/** Refusals of the bulk endpoint that its twin may not share. */
const BULK_REFUSED = new Set([
	...['EXACT_VALIDATION', 'EXACT_FORBIDDEN', 'EXACT_SCOPE_MISSING', 'EXACT_NOT_FOUND'],
	...['EXACT_MANDATORY_FILTER', 'EXACT_SELECT_REQUIRED'],
]);

/**
 * The pages of a list, from the bulk endpoint where it gives the same in fewer calls (settled for lists of more than one
 * page without order and expanded collections, whose fields the bulk endpoint knows). Where that is refused
 * before its first rows, the usual endpoint is read, for a day.
 */
export async function* listPages(
	call: OperationCall,
	query: ListQuery,
): AsyncGenerator<ExactRow[], void, undefined> {
	const { client } = call;
	const { division, bulk } = query;
	const twin = bulk === undefined ? undefined : twinFor(query, bulk);
	if (twin === undefined || isLearnt(client, division, twin.path, 'noBulk')) {
		yield* endpointPages(call, query);
		return;
	}
	const pages = endpointPages(call, { ...query, endpoint: twin });
	const first = await pages.next().catch((error: unknown) => {
		if (!isConnectorError(error) || !BULK_REFUSED.has(error.code)) passOn(error);
		return undefined;
	});
	if (first !== undefined) {
		if (!first.done) yield first.value;
		yield* pages;
		return;
	}
	for await (const page of endpointPages(call, query)) {
		// Only now: what both refuse is wrong with the query, not with the endpoint.
		learn(client, division, twin.path, 'noBulk');
		yield page;
	}
}

/** Characters of a URL that a bulk request may take for its fields and its filter. */
const MOST_OF_URL = 5_000;

/** The bulk endpoint where it serves the query as well. */
function twinFor(query: ListQuery, bulk: string): Endpoint | undefined {
	if (query.limit <= PAGE_ROWS || query.orderBy !== undefined || query.expand.length > 0)
		return undefined;
	const twin = readEndpoint(bulk);
	const wanted = query.select ?? selectableFields(query.endpoint);
	const { filterFields } = query;
	if (query.filter !== undefined && filterFields === undefined) return undefined;
	const names = [...wanted, ...(filterFields ?? [])];
	const length = wanted.join(',').length + encodeURIComponent(query.filter ?? '').length;
	const serves = length < MOST_OF_URL && names.every((name) => twin.fields.has(name));
	return serves ? twin : undefined;
}

function endpointPages(
	{ client, signal }: OperationCall,
	{ endpoint, division, select, filter, expand, orderBy, limit }: ListQuery,
): AsyncGenerator<ExactRow[], void, undefined> {
	const query = {
		$select: select && [...select, ...expand].join(','),
		$filter: filter,
		$expand: expand.length === 0 ? undefined : expand.join(','),
		$orderby: orderBy,
		$top: topFor(limit),
	};
	return pagesOf(client, { endpoint, division }, { query, signal });
}

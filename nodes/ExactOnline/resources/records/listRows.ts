import { isConnectorError, passOn } from '../../../shared/errors';
import type { ExactOnlineClient } from '../../api/exactOnlineClient';
import { readEndpoint, selectableFields } from '../../catalogue/catalogue';
import type { Endpoint } from '../../catalogue/types';
import { PAGE_ROWS } from '../../odata/queryOptions';
import type { ExactRequest, ExactRow } from '../../wire/exactTypes';
import { topFor } from '../common/topFor';
import type { OperationCall } from '../operation';
import { isLearnt, learn, type LearntFact } from './learnt';

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

const BULK_OR_SYNC = /^(?:bulk|sync)\//;

/** Endpoints that answer only with a filter, by their table in docs/facts/exact-online.md 4.3. */
const FILTER_NEEDED = new Set([
	...['crm/Accounts', 'logistics/Items', 'financialtransaction/TransactionLines'],
	...['salesinvoice/SalesInvoices', 'salesinvoice/SalesInvoiceLines'],
	...['salesorder/SalesOrders', 'salesorder/SalesOrderLines'],
	...['bulk/CRM/Accounts', 'bulk/Logistics/Items', 'bulk/Financial/TransactionLines'],
	...['bulk/SalesInvoice/SalesInvoices', 'bulk/SalesInvoice/SalesInvoiceLines'],
	...['bulk/SalesOrder/SalesOrders', 'bulk/SalesOrder/SalesOrderLines'],
]);

/** Endpoints that answer only with `$select` (docs/facts/exact-online.md 4.3). */
const SELECT_NEEDED = new Set(['cashflow/DirectDebitMandates']);

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

/** The pages of one endpoint; rules that an answer tells are met in a second try, and then for a day. */
async function* endpointPages(
	call: OperationCall,
	query: ListQuery,
): AsyncGenerator<ExactRow[], void, undefined> {
	const { client } = call;
	const { endpoint, division } = query;
	const pages = client.pages(requestOf(call, query));
	const first = await pages.next().catch((error: unknown) => {
		const fact = factOf(query, error);
		if (fact === undefined || isLearnt(client, division, endpoint.path, fact)) passOn(error);
		learn(client, division, endpoint.path, fact);
		return undefined;
	});
	if (first === undefined) {
		yield* client.pages(requestOf(call, query));
		return;
	}
	if (!first.done) yield first.value;
	yield* pages;
}

/** What an error tells of the endpoint, if it can be met. */
function factOf({ filter, select, endpoint }: ListQuery, error: unknown): LearntFact | undefined {
	if (!isConnectorError(error)) return undefined;
	if (error.code === 'EXACT_SELECT_REQUIRED' && select === undefined) return 'select';
	const meets = error.code === 'EXACT_MANDATORY_FILTER' && filter === undefined;
	return meets && anyRow(endpoint) !== undefined ? 'filter' : undefined;
}

function requestOf({ client, signal }: OperationCall, query: ListQuery): ExactRequest {
	const { endpoint, division, select, expand, orderBy, limit } = query;
	const { path } = endpoint;
	const needs = (fact: LearntFact, known: boolean) =>
		known || isLearnt(client, division, path, fact);
	const filter = query.filter ?? neededFilter(client, division, endpoint);
	const isSelectNeeded = needs('select', SELECT_NEEDED.has(path) || BULK_OR_SYNC.test(path));
	const fields = select ?? (isSelectNeeded ? selectableFields(endpoint) : undefined);
	return {
		method: 'GET',
		path,
		division,
		query: {
			$select: fields && [...fields, ...expand].join(','),
			$filter: filter,
			$expand: expand.length === 0 ? undefined : expand.join(','),
			$orderby: orderBy,
			$top: topFor(limit),
		},
		signal,
	};
}

/** What an endpoint wants for a filter where nobody asks for one; undefined where it is content without. */
export function neededFilter(
	client: ExactOnlineClient,
	division: number,
	endpoint: Endpoint,
): string | undefined {
	const { path } = endpoint;
	const isNeeded = FILTER_NEEDED.has(path) || isLearnt(client, division, path, 'filter');
	return isNeeded ? anyRow(endpoint) : undefined;
}

/** A filter that every row passes, on the key, which each endpoint that needs a filter takes. */
function anyRow({ key }: Endpoint): string | undefined {
	const guid = key.find(({ type }) => type === 'Guid');
	return guid && `${guid.name} ne guid'00000000-0000-0000-0000-000000000000'`;
}

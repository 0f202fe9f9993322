import { jsonAnswer, textAnswer, type Answer } from '../../shared/answers';
import { atomEntry, atomFeed } from '../odata/atom';
import type { Row } from '../odata/edm';
import { entityJson, type Selection } from '../odata/entityJson';
import { ODataError } from '../odata/errors';
import { cutPage } from '../odata/paging';
import { readQueryOptions, type OrderTerm, type QueryOptions } from '../odata/queryOptions';
import { OF_LINE } from '../world/deletedEntityTypes';
import type { EntityTable } from '../world/entityTable';
import { FIRST_AFTER } from '../world/serviceFunctions';
import { readArguments } from './functionCall';
import { findByKey, requestOn, shapeOf, type EntityRequest } from './entityRequest';

/** GET of a list, with paging (docs/facts/exact-online.md 4.1, 4.3). */
export function readList(request: EntityRequest): Answer {
	const { table, context, switches } = request;
	const options = readQueryOptions(request.query, table, switches);
	checkRules(request, options);
	const sorted = table.inKeyOrder ?? false;
	if (table.call) {
		const called = table.call.rows(readArguments(request.query, table.call), context);
		const rows = called.map((row) => asRead(row, switches));
		return answerRows(request, rows, options, Infinity, false);
	}
	return answerRows(
		request,
		shownRows(request),
		options,
		table.pageSize ?? switches.pageSize,
		sorted,
	);
}

const DAY_MS = 86_400_000;

/** The answer of a function as the present reading has it. */
function asRead(row: Row, { syncTimestamp }: EntityRequest['switches']): Row {
	const first = row[FIRST_AFTER];
	if (first === undefined || syncTimestamp !== 'firstAfter') return row;
	return { ...row, TimeStampAsBigInt: first };
}

/** The rows that the service shows: deletions are forgotten after some time, and those of some lines perhaps never told. */
function shownRows({ table, context, switches }: EntityRequest): readonly Row[] {
	const rows = table.rows(context);
	if (table.path !== 'sync/Deleted') return rows;
	const oldest = context.now - switches.deletedDays * DAY_MS;
	const isTold = (row: Row) => switches.deletedLines === 'told' || row[OF_LINE] !== true;
	return rows.filter((row) => Number(row['DeletedDate']) >= oldest && isTold(row));
}

/** GET of an entity's collection, `…(guid'…')/SalesInvoiceLines`. */
export function readCollection(request: EntityRequest, field: string): Answer {
	const collection = request.table.collections?.find((one) => one.field === field);
	if (!collection) throw new ODataError(404, `Resource not found for the segment '${field}'.`);
	const header = findByKey(request);
	const key = header[request.table.keys[0] ?? 'ID'] ?? null;
	const lines = {
		...requestOn(request, collection.endpoint),
		collectionUrl: `${request.collectionUrl}(${request.keyText ?? ''})/${field}`,
		query: request.query,
	};
	const options = readQueryOptions(request.query, lines.table, request.switches);
	const rows = lines.table
		.rows(request.context)
		.filter((row) => row[collection.parentField] === key);
	return answerRows(lines, rows, options, request.switches.pageSize, true);
}

function answerRows(
	request: EntityRequest,
	rows: readonly Row[],
	options: QueryOptions,
	pageSize: number,
	sorted: boolean,
): Answer {
	const { table, switches } = request;
	const { bareArrayForTop, functionEnvelope } = switches;
	const page = cutPage(rows, options, keyOrder(table), pageSize, sorted);
	const next =
		page.next === undefined ? undefined : nextUrl(request, page.next, options, page.rows);
	const shape = shapeOf(request);
	if (!request.wantsJson) return atomFeed(page.rows, shape, options.select, next);
	const selection = selectionOf(request, options);
	const results = page.rows.map((row) => entityJson(row, shape, selection));
	const fits = options.top !== undefined && next === undefined && !options.countAll;
	const asArray = table.call ? functionEnvelope === 'bareArray' : bareArrayForTop && fits;
	if (asArray) {
		return jsonAnswer(200, { d: results });
	}
	const list: Record<string, unknown> = { results };
	if (options.countAll) list['__count'] = String(page.total);
	if (next !== undefined) list['__next'] = next;
	return jsonAnswer(200, { d: list });
}

/** GET `…/$count`: a plain number. */
export function readNumber(request: EntityRequest): Answer {
	const options = readQueryOptions(request.query, request.table, request.switches);
	const rows = request.table.rows(request.context);
	return textAnswer(200, String(rows.filter((row) => options.filter?.accepts(row) ?? true).length));
}

/** GET of one entity by its key. */
export function readOne(request: EntityRequest): Answer {
	const options = readQueryOptions(request.query, request.table, request.switches);
	const row = findByKey(request);
	const shape = shapeOf(request);
	if (!request.wantsJson) return atomEntry(row, shape, options.select);
	return jsonAnswer(200, { d: entityJson(row, shape, selectionOf(request, options)) });
}

/** Rows of an expanded collection on one page, docs/facts/exact-online.md 4.3. */
const EXPANDED_ROWS = 60;

function selectionOf(request: EntityRequest, { select, expand }: QueryOptions): Selection {
	const { table } = request;
	const expanded = new Map<string, (row: Row) => unknown>();
	for (const { field, endpoint, parentField } of table.collections ?? []) {
		if (!expand.has(field)) continue;
		const lines = requestOn(request, endpoint);
		const shape = shapeOf(lines);
		const [key = 'ID'] = table.keys;
		const lineKeys = keyOrder(lines.table);
		expanded.set(field, (row) => {
			const all = lines.table
				.rows(request.context)
				.filter((line) => line[parentField] === (row[key] ?? null));
			const page = cutPage(all, NO_OPTIONS, lineKeys, EXPANDED_ROWS, true);
			const results = page.rows.map((line) =>
				entityJson(line, shape, { select: expand.get(field) }),
			);
			if (page.next === undefined) return { results };
			const url = new URL(`${request.collectionUrl}(guid'${String(row[key])}')/${field}`);
			url.search = `?$skiptoken=${page.next}`;
			return { results, __next: withOrigin(url, request) };
		});
	}
	const wanted = select === undefined ? undefined : [...select];
	return { select: wanted, expanded };
}

const NO_OPTIONS: QueryOptions = {
	select: undefined,
	expand: new Map(),
	filter: undefined,
	orderBy: [],
	top: undefined,
	skip: 0,
	skipToken: undefined,
	countAll: false,
};

function keyOrder({ keys, fields }: EntityTable): OrderTerm[] {
	return keys.map((field) => ({ field, type: fields[field] ?? 'Guid', descending: false }));
}

function checkRules({ table, switches }: EntityRequest, options: QueryOptions): void {
	if (table.selectRequired && !options.select && options.top !== 1) {
		const text = 'Please add a $select or a $top=1 statement to the query string.';
		throw new ODataError(400, text);
	}
	const known = switches.mandatoryFilters === 'known' ? table.knownMandatoryFilter : undefined;
	const wanted = table.mandatoryFilter ?? known;
	if (wanted && !wanted.some((field) => options.filter?.fields.has(field))) {
		const text = `This endpoint has mandatory filtering applied. A GET request for this endpoint must have a $filter parameter with one of the following fields in the url: ${wanted.join(', ')}`;
		throw new ODataError(400, text);
	}
	if (table.skipSupported === false && options.skip > 0) {
		throw new ODataError(400, 'The query option $skip is not supported for this endpoint.');
	}
	if (table.orderBySupported === false && options.orderBy.length > 0) {
		throw new ODataError(400, 'The query option $orderby is not supported for this endpoint.');
	}
	const allowed = table.filterableFields;
	const others = [...(options.filter?.fields ?? [])].filter((field) => !allowed?.includes(field));
	if (allowed && others.length > 0) {
		const text = `Filtering on these fields is not supported: ${others.join(', ')}`;
		throw new ODataError(400, text);
	}
}

function nextUrl(
	request: EntityRequest,
	skipToken: string,
	options: QueryOptions,
	page: readonly Row[],
): string {
	const url = new URL(request.collectionUrl);
	const query = new URLSearchParams(request.query);
	query.delete('$skip');
	if (options.top !== undefined) query.set('$top', String(options.top - page.length));
	query.set('$skiptoken', skipToken);
	url.search = query.toString().replace(/%24/g, '$');
	return withOrigin(url, request);
}

function withOrigin(url: URL, { switches: { nextOrigin } }: EntityRequest): string {
	return nextOrigin === null ? url.href : url.href.replace(url.origin, nextOrigin);
}

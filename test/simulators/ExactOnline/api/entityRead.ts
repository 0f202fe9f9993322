import { jsonAnswer, textAnswer, type Answer } from '../../shared/answers';
import { atomEntry, atomFeed } from '../odata/atom';
import type { Row } from '../odata/edm';
import { entityJson, type EntityShape } from '../odata/entityJson';
import { ODataError } from '../odata/errors';
import { readLiteralList } from '../odata/literals';
import { cutPage } from '../odata/paging';
import { readQueryOptions, type QueryOptions } from '../odata/queryOptions';
import type { ExactOnlineSwitches } from '../switches';
import type { EntityTable, TableContext } from '../world/entityTable';

/** One request on a resource whose table, division and user are known. */
export interface EntityRequest {
	table: EntityTable;
	context: TableContext;
	query: URLSearchParams;
	keyText: string | undefined;
	wantsJson: boolean;
	/** Absolute URL of the collection, with the host the client used. */
	collectionUrl: string;
	switches: ExactOnlineSwitches;
}

/** GET of a list, with paging (docs/facts/exact-online.md 4.1, 4.3). */
export function readList(request: EntityRequest): Answer {
	const { table, context, query, switches } = request;
	const options = readQueryOptions(query, table);
	checkRules(table, options);
	const key = { field: table.key, type: table.fields[table.key] ?? 'Guid' };
	const pageSize = table.pageSize ?? switches.pageSize;
	const page = cutPage([...table.rows(context)], options, key, pageSize);
	const next =
		page.next === undefined ? undefined : nextUrl(request, page.next, options, page.rows);

	const shape = shapeOf(request);
	if (!request.wantsJson) return atomFeed(page.rows, shape, options.select, next);
	const results = page.rows.map((row) => entityJson(row, shape, options.select));
	const fits = options.top !== undefined && next === undefined && !options.countAll;
	if (switches.bareArrayForTop && fits) {
		return jsonAnswer(200, { d: results });
	}
	const list: Record<string, unknown> = { results };
	if (options.countAll) list['__count'] = String(page.total);
	if (next !== undefined) list['__next'] = next;
	return jsonAnswer(200, { d: list });
}

/** GET `…/$count`: a plain number. */
export function readNumber(request: EntityRequest): Answer {
	const options = readQueryOptions(request.query, request.table);
	const rows = request.table.rows(request.context);
	return textAnswer(200, String(rows.filter((row) => options.filter?.accepts(row) ?? true).length));
}

/** GET of one entity by its key. */
export function readOne(request: EntityRequest): Answer {
	const options = readQueryOptions(request.query, request.table);
	const row = findByKey(request);
	const shape = shapeOf(request);
	if (!request.wantsJson) return atomEntry(row, shape, options.select);
	return jsonAnswer(200, { d: entityJson(row, shape, options.select) });
}

/**
 * The row that the key in the URL names.
 * @throws ODataError 400 for a key literal of the wrong type, 404 if there is no such row
 */
export function findByKey(request: EntityRequest): Row {
	const { table, context, keyText = '' } = request;
	const keyType = table.fields[table.key] ?? 'Guid';
	const literals = readLiteralList(keyText.replace(new RegExp(`^${table.key}=`), ''));
	const literal = literals?.length === 1 ? literals[0] : undefined;
	const alike = literal?.type === keyType || (keyType !== 'Guid' && literal?.type === 'Int32');
	if (!literal || !alike) throw new ODataError(400, 'Bad Request - Error in query syntax.');
	const row = table.rows(context).find((candidate) => candidate[table.key] === literal.value);
	if (!row) {
		const segment = table.path.split('/').pop() ?? table.path;
		throw new ODataError(404, `Resource not found for the segment '${segment}'.`);
	}
	return row;
}

export function shapeOf({ table, collectionUrl }: EntityRequest): EntityShape {
	return { typeName: table.typeName, key: table.key, fields: table.fields, collectionUrl };
}

function checkRules(table: EntityTable, options: QueryOptions): void {
	if (table.selectRequired && !options.select && options.top !== 1) {
		const text = 'Please add a $select or a $top=1 statement to the query string.';
		throw new ODataError(400, text);
	}
	const wanted = table.mandatoryFilter;
	if (wanted && !wanted.some((field) => options.filter?.fields.has(field))) {
		const text = `This endpoint has mandatory filtering applied. A GET request for this endpoint must have a $filter parameter with one of the following fields in the url: ${wanted.join(', ')}`;
		throw new ODataError(400, text);
	}
	if (table.skipSupported === false && options.skip > 0) {
		throw new ODataError(400, 'The query option $skip is not supported for this endpoint.');
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
	const { nextOrigin } = request.switches;
	return nextOrigin === null ? url.href : url.href.replace(url.origin, nextOrigin);
}

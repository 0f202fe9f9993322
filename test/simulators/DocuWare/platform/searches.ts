import type { Answer } from '../../shared/answers';
import { textAnswer } from '../../shared/answers';
import { parseJsonObject } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { expressionTest, mostResults, pageOf } from '../search/expression';
import type { Page } from '../search/expression';
import { queryText, readQueryText } from '../search/linkedQuery';
import { sorted, sortKeysOf, sortKeysOfUrl } from '../search/sorting';
import type { SortKey } from '../search/sorting';
import { allFieldsDialogId, fieldOf } from '../world/cabinets';
import type { SimulatedDialog, SimulatedFileCabinet } from '../world/cabinets';
import type { StoredDocument } from '../world/documents';
import { InvalidValue } from '../world/sentValues';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { fieldsOfDialog, searchDialogOf } from './dialogs';
import { cabinetById, cabinetFor, hasFullText } from './fileCabinets';
import { readJson } from './jsonBody';
import { queryOf } from './organizations';
import { documentList, documentTable } from './resultResource';
import { searchRulesOf } from './searchRules';
import { answerTimeOf } from './writingRules';

/** One search as a request means it. */
export interface Search {
	cabinet: SimulatedFileCabinet;
	dialog: SimulatedDialog;
	/** The dialog expression. */
	body: Record<string, unknown>;
}

/** `POST Query/DialogExpression` (docs/facts/docuware.md 6.2). */
export const searchByDialog: SignedInHandler = (call, principal) => {
	const body = jsonBody(call, 'dialogexpression');
	if (isAnswer(body)) return body;
	const search = searchOf(call, principal, body);
	return isAnswer(search) ? search : resultPage(call, principal, search);
};

/** `GET Documents`: all documents of a cabinet or tray, or those of a query in `q`. */
export const listDocuments: SignedInHandler = (call, principal) => {
	const query = queryOf(call.request.url);
	const continued = continuedCall(call);
	if (continued !== undefined) return listDocuments(continued, principal);
	const stored = query('expression');
	if (stored !== undefined) {
		const body = parseJsonObject(Buffer.from(stored, 'base64url'));
		if (body === undefined) return errorAnswer(call.request, 400, 'The query cannot be read.');
		const search = searchOf(call, principal, body, String(body['DialogId'] ?? ''));
		return isAnswer(search) ? search : resultPage(call, principal, search);
	}
	const q = query('q');
	const { dialogId, body } =
		q === undefined ? { dialogId: allFieldsDialogId, body: {} } : readQueryText(q);
	const search = searchOf(call, principal, body, dialogId);
	return isAnswer(search) ? search : resultPage(call, principal, search);
};

/** What a continuation stands for: the address that it was made of; undefined where the call has none. */
function continuedCall(call: PlatformCall): PlatformCall | undefined {
	const token = queryOf(call.request.url)('continuation');
	if (token === undefined) return undefined;
	const url = new URL(call.request.url);
	url.search = Buffer.from(token, 'base64url').toString();
	return { ...call, request: { ...call.request, url } };
}

/** `POST Query/DialogExpressionLink`: a path to get what the expression finds. */
export const linkToSearch: SignedInHandler = (call, principal) => {
	const body = jsonBody(call, 'dialogexpression');
	if (isAnswer(body)) return body;
	const search = searchOf(call, principal, body);
	if (isAnswer(search)) return search;
	testOf(call, principal, search);
	const query = queryOf(call.request.url);
	const parameters = [
		`q=${encodeURIComponent(queryText(search.dialog.id, body))}`,
		...['fields', 'sortOrder', 'count', 'start'].flatMap((name) => {
			const value = query(name.toLowerCase());
			return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
		}),
	];
	return textAnswer(
		200,
		`${platformPath}/FileCabinets/${search.cabinet.id}/Documents?${parameters.join('&')}`,
	);
};

/**
 * `GET` or `POST Query/CountExpression`: how many documents a dialog expression finds, which stands as
 * `DialogExpression` in the body (docs/facts/docuware.md 6.2).
 */
export const countDocuments: SignedInHandler = (call, principal) => {
	const { countRequest } = call.server.switches;
	if (call.request.method !== 'GET' && countRequest === 'get') {
		return errorAnswer(call.request, 405, 'The resource does not support the method POST.');
	}
	const body = call.request.method === 'GET' ? {} : jsonBody(call, 'countexpression');
	if (isAnswer(body)) return body;
	if (countRequest === 'bare' && 'DialogExpression' in body) {
		return errorAnswer(call.request, 400, 'The expression cannot be read.');
	}
	const search = searchOf(call, principal, countRequest === 'bare' ? body : expressionIn(body));
	if (isAnswer(search)) return search;
	const found = hits(call, principal, search);
	return isAnswer(found)
		? found
		: resourceAnswer(call.request, 'CountResult', {
				Group: [{ Count: found.length }],
				TimeStamp: answerTimeOf(call.server),
			});
};

/** The search of a request: that of a body, through the dialog that the URL names, or of another one. */
export function searchOf(
	call: PlatformCall,
	principal: Principal,
	body: Record<string, unknown>,
	dialogId = queryOf(call.request.url)('dialogid'),
): Search | Answer {
	const cabinet = cabinetFor(call, principal, 'General_Search');
	if (isAnswer(cabinet)) return cabinet;
	const dialog = searchDialogOf(call, principal, cabinet, dialogId);
	return isAnswer(dialog) ? dialog : { cabinet, dialog, body };
}

/**
 * `DialogExpression` in a body that has more than it.
 * @throws InvalidValue for conditions beside it, which would be overlooked
 */
export function expressionIn(body: Record<string, unknown>): Record<string, unknown> {
	if ('Condition' in body) {
		throw new InvalidValue('Conditions stand in the DialogExpression of this request.');
	}
	const expression = body['DialogExpression'];
	return typeof expression === 'object' && expression !== null
		? (expression as Record<string, unknown>)
		: {};
}

/** All documents that a search finds, in no order but that of their cabinets and numbers. */
export function hits(
	call: PlatformCall,
	principal: Principal,
	search: Search,
): StoredDocument[] | Answer {
	const fits = testOf(call, principal, search);
	const cabinets = cabinetsOf(call, principal, search);
	if (isAnswer(cabinets)) return cabinets;
	return cabinets.flatMap(({ id }) => call.server.documents.inCabinet(id).filter(fits));
}

/** The JSON body of a request, plain or of the vendor's type of this name; refused as by {@link readJson}. */
export function jsonBody(
	call: PlatformCall,
	vendorName?: string,
): Record<string, unknown> | Answer {
	const vendorTypes =
		vendorName === undefined ? [] : [`application/vnd.docuware.platform.${vendorName}+json`];
	const body = readJson(call, ['application/json', ...vendorTypes]);
	return isAnswer(body) ? body : body.sent;
}

function testOf(
	{ server }: PlatformCall,
	{ user }: Principal,
	{ cabinet, dialog, body }: Search,
): (document: StoredDocument) => boolean {
	const fields = fieldsOfDialog(cabinet, dialog).map(({ field }) => field);
	const searchable = { fields, hasFullText: hasFullText(cabinet) };
	return expressionTest(body, searchable, searchRulesOf(server.switches, user));
}

/** The cabinet of the search and the further ones, which need the same fields (docs/facts/docuware.md 6.2). */
function cabinetsOf(
	call: PlatformCall,
	principal: Principal,
	{ cabinet, dialog, body }: Search,
): SimulatedFileCabinet[] | Answer {
	const further: unknown = body['AdditionalCabinets'] ?? [];
	if (!Array.isArray(further) || further.length === 0) return [cabinet];
	if (dialog.id === allFieldsDialogId) {
		return errorAnswer(
			call.request,
			422,
			'A search over several file cabinets needs a search dialog that each of them has.',
		);
	}
	const cabinets = [cabinet];
	for (const id of further.map(String)) {
		const found = cabinetById(call, principal, id, 'General_Search');
		if (isAnswer(found)) return found;
		const missing = fieldsOfDialog(cabinet, dialog).find(
			({ field }) => fieldOf(found, field.DBFieldName) === undefined,
		);
		if (missing !== undefined) {
			return errorAnswer(
				call.request,
				422,
				`The field '${missing.field.DBFieldName}' does not exist in the file cabinet '${found.name}'.`,
			);
		}
		cabinets.push(found);
	}
	return cabinets;
}

function resultPage(call: PlatformCall, principal: Principal, search: Search): Answer {
	const { request, server } = call;
	const { cabinet, dialog, body } = search;
	const query = queryOf(request.url);
	const isPosted = request.method === 'POST';
	const page = pageOf(
		isPosted && server.switches.nextLinks === 'opaque' ? 0 : (query('start') ?? body['Start']),
		query('count') ?? body['Count'],
		server.switches.defaultPageSize,
	);
	if (exceeds(page, server.switches.deepPages)) return tooMany(call, page);
	const found = hits(call, principal, search);
	if (isAnswer(found)) return found;
	const sortable =
		server.switches.sortByUnshown === 'taken'
			? cabinet.fields
			: fieldsOfDialog(cabinet, dialog).map(({ field }) => field);
	const inBody = sortKeysOf(body['SortOrder'], sortable);
	const inUrl = sortKeysOfUrl(query('sortorder'), sortable);
	const keys = inBody.length > 0 ? inBody : orderOfList(call, cabinet, inUrl);
	const items = sorted(found, keys).slice(page.start, page.start + page.count);
	const fields = resultFields(cabinet, query('fields'), body['AdditionalResultFields']);
	const calculated = query('calculatetotalcount') ?? body['CalculateTotalCount'];
	const hasMore = page.start + items.length < found.length;
	const result = {
		Count: {
			HasMore: hasMore,
			ExceedLimit: found.length > mostResults,
			Value: countValue(call, calculated, found.length, items.length, hasMore),
		},
		TimeStamp: answerTimeOf(server),
		Title: dialog.displayName,
		FileCabinetId: cabinet.id,
		OrganizationGuid: server.organizationOf(principal.user).guid,
		Links: pageLinks(call, search, keys, page, found.length),
	};
	const isTable =
		query('format')?.toLowerCase() === 'table' ||
		/application\/vnd\.docuware\.platform\.documentstable\+json/i.test(
			request.headers.accept ?? '',
		);
	return isTable
		? resourceAnswer(request, 'DocumentsQueryTableResult', {
				...result,
				...documentTable(server, cabinet, items, fields),
			})
		: resourceAnswer(request, 'DocumentsQueryResult', {
				...result,
				Items: documentList(call, principal, items, fields),
			});
}

/** The order of a list whose address asks for one: of trays by switch. */
function orderOfList(
	{ server }: PlatformCall,
	{ isBasket }: SimulatedFileCabinet,
	keys: SortKey[],
): SortKey[] {
	const { trayOrder } = server.switches;
	if (!isBasket || trayOrder === 'asAsked') return keys;
	return trayOrder === 'byNumber' ? [] : keys.map((key) => ({ ...key, descending: false }));
}

/** Without a word about it all hits are counted, or the page, by switch; with `false` one more than the page. */
function countValue(
	{ server }: PlatformCall,
	calculated: unknown,
	all: number,
	onPage: number,
	hasMore: boolean,
): number {
	const word = calculated === undefined ? undefined : String(calculated).toLowerCase();
	if (word === 'true') return all;
	if (word === 'false') return onPage + Number(hasMore);
	return server.switches.countValue === 'all' ? all : onPage;
}

function exceeds({ start, count }: Page, deepPages: 'refused' | 'served'): boolean {
	return count > mostResults || (deepPages === 'refused' && start + count > mostResults);
}

/** 422 `SearchResultLimitExceed` (docs/facts/docuware.md 6.2, KBA-36909). */
function tooMany({ request }: PlatformCall, { start, count }: Page): Answer {
	return errorAnswer(
		request,
		422,
		`SearchResultLimitExceed: The requested count ${count + (count > mostResults ? 0 : start)} exceeds the system limit of ` +
			`${mostResults} per request. Please lower count value and use paging`,
	);
}

/** Names of the fields in the answer; undefined for all. */
function resultFields(
	cabinet: SimulatedFileCabinet,
	asked: string | undefined,
	additional: unknown,
): string[] | undefined {
	const names = (asked ?? '').split(',').filter((name) => name.trim() !== '');
	if (names.length === 0) return undefined;
	const more: unknown[] = Array.isArray(additional) ? additional : [];
	return [...names, ...more.map(String)].map((name) => {
		const field = fieldOf(cabinet, name.trim());
		if (field === undefined) throw new InvalidValue(`The field '${name}' does not exist.`);
		return field.DBFieldName;
	});
}

/** Links to the neighbouring pages, which carry the whole search. */
function pageLinks(
	{ server, request }: PlatformCall,
	{ cabinet, dialog, body }: Search,
	keys: ReadonlyArray<{ name: string; descending: boolean }>,
	page: Page,
	total: number,
): object[] {
	const query = queryOf(request.url);
	const linked = keys.slice(0, server.switches.linkedSort === 'first' ? 1 : undefined);
	const { Condition, Operation, FlagConditions, AdditionalCabinets, AdditionalResultFields } = body;
	const expression = Buffer.from(
		JSON.stringify({
			DialogId: dialog.id,
			Condition,
			Operation,
			FlagConditions,
			AdditionalCabinets,
			AdditionalResultFields,
			CalculateTotalCount: body['CalculateTotalCount'],
			SortOrder: linked.map(({ name, descending }) => ({
				Field: name,
				Direction: descending ? 'Desc' : 'Asc',
			})),
		}),
	).toString('base64url');
	const href = (start: number, count = page.count): string => {
		const parameters = new URLSearchParams({
			expression,
			start: String(start),
			count: String(count),
		});
		for (const name of ['fields', 'format', 'calculateTotalCount']) {
			const value = query(name.toLowerCase());
			if (value !== undefined) parameters.set(name, value);
		}
		const text = parameters.toString();
		const search =
			server.switches.nextLinks === 'opaque'
				? `continuation=${Buffer.from(text).toString('base64url')}`
				: text;
		return `${platformPath}/FileCabinets/${cabinet.id}/Documents?${search}`;
	};
	if (server.switches.nextLinks === 'none') return [{ rel: 'self', href: href(page.start) }];
	const nextStart = page.start + page.count;
	const reachable = server.switches.deepPages === 'served' ? total : Math.min(total, mostResults);
	return [
		{ rel: 'self', href: href(page.start) },
		{ rel: 'first', href: href(0) },
		...(nextStart < reachable
			? [
					{
						rel: 'next',
						href: href(
							nextStart,
							Math.min(
								page.count,
								reachableCount(server.switches.deepPages, nextStart, page.count),
							),
						),
					},
				]
			: []),
		...(page.start > 0 ? [{ rel: 'prev', href: href(Math.max(0, page.start - page.count)) }] : []),
	];
}

/** The last page within the limit may be a short one. */
function reachableCount(deepPages: 'refused' | 'served', start: number, count: number): number {
	return deepPages === 'served' ? count : Math.min(count, mostResults - start);
}

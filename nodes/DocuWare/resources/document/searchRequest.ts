import { isRecord } from '../../../shared/http';
import { ALL_FIELDS_DIALOG, cabinetPath } from '../../api/cabinetFacts';
import {
	hasMore,
	isLastPage,
	isListPage,
	listIn,
	parameterOf,
	withParameter,
} from '../../api/listPages';
import type { PlatformResource } from '../../api/platformClient';
import { serviceMoment } from '../../fields/serviceDates';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import type { AskedFor } from '../../platform/askedFor';
import { linkIn } from '../../platform/links';
import {
	queryBody,
	type ConditionList,
	type QueryTerms,
	type SearchExpression,
} from '../../search/expression';
import { documentIdOf } from '../common/documentOutput';
import { inFittingPages } from '../common/fittingPages';
import { withTimesAsTaken } from '../common/takenTimes';
import type { OperationCall } from '../operation';

/** Most results that one search gives, in however many pages (docs/facts/docuware.md 6.2). */
export const MOST_RESULTS = 10_000;

/** Most documents of which some are put into another order than that of their ids: all of them are held meanwhile. */
export const MOST_SORTED = 50_000;

/** Documents that are asked for in one request. */
export const PAGE_ROWS = 1_000;

/** A search over one file cabinet, and more where the terms say so. */
export interface DocumentQuery {
	fileCabinetId: string;
	dialogId: string;
	/** Where the dialog says that it is asked; else at its usual place. */
	address?: URL;
	expression: SearchExpression;
	terms: QueryTerms;
	/** Whether the last field of the order was added so that equal values come in one order, and nobody asked for it. */
	isTieBroken?: boolean;
	/** Index fields that come with the documents; undefined for all. */
	fields?: readonly string[];
	/** Most documents; infinite for all. */
	limit: number;
	/** Whether the dialog can be asked for a range of document ids. */
	knowsIds(): Promise<boolean>;
}

export type DocumentPages = AsyncGenerator<PlatformResource[], void, undefined>;

/** A page of results. */
export interface ResultPage {
	rows: PlatformResource[];
	/** No further ones are to be had. */
	isLast: boolean;
	/** `Count.Value`: of the whole result where it was asked for, else perhaps of the page. */
	count: number | undefined;
	/** The service says that there are more than it gives for one search. */
	exceedsLimit?: boolean;
	/** Documents that were asked for in the end, where fewer than were wanted may have been. */
	asked?: number;
	/** The time of the answer, as the service wrote it (ms). */
	at?: number;
	/** Where the service says that the next page is, on itself; missing where that is not asked or not said. */
	next?: URL;
	/** The service says that there are further ones. */
	tellsMore?: boolean;
}

/** What a search asks for beside its conditions. */
export interface PageWish {
	start: number;
	count: number;
	/** Fewest documents that the page is of use with, where so many are wanted; one if not given. */
	least?: number;
	/** To have all results counted, which takes the server longer. */
	total?: boolean;
	/** Where the page before said that this one is. */
	link?: URL;
}

/**
 * Who asks; without the facts of file cabinets only usual places are known, and without the memory of the run no page is asked
 * for smaller because one before it was too large.
 */
export type SearchCaller = Pick<OperationCall, 'client' | 'signal'> &
	Partial<Pick<OperationCall, 'facts' | 'memory'>>;

/** Asks something of a dialog's search where the dialog says so, else at its usual place. */
export async function askDialog<T>(
	{ facts }: SearchCaller,
	{
		fileCabinetId,
		dialogId,
		address,
	}: Pick<DocumentQuery, 'address' | 'dialogId' | 'fileCabinetId'>,
	{ usual, rel }: { usual: string; rel: 'count' | 'dialogExpression' },
	ask: (path: string | URL, named: Array<[string, string]>) => Promise<T>,
): Promise<T> {
	const asked = async (path: string | URL) =>
		await ask(path, namesDialog(path) ? [] : [['DialogId', dialogId]]);
	if (facts === undefined || dialogId !== ALL_FIELDS_DIALOG) return await asked(address ?? usual);
	const linkIn = (dialog: PlatformResource) => facts.queryLinkIn(dialog, rel);
	return await facts.askAllFields(fileCabinetId, usual, asked, linkIn);
}

/** Whether a link names its place as it is counted here: the number of a page, or of rows that nobody saw, is none. */
export function namesPlace(link: URL, place: number): boolean {
	return parameterOf(link, 'Start')?.[1] === String(place);
}

/**
 * Asks for one page (docs/facts/docuware.md 6.2), of fewer documents than are wanted where those would be too many to be read
 * at once. Of several fields to sort by an address may keep the first alone, so then a link is followed only where the place
 * that it leads to cannot be asked for otherwise.
 * @throws ConnectorError as the client, and DOCUWARE_UNEXPECTED_ANSWER for something that holds no results
 */
export async function searchPage(
	caller: SearchCaller,
	documents: DocumentQuery,
	list: ConditionList,
	wish: PageWish,
): Promise<ResultPage> {
	const { link, start } = wish;
	// How many documents come along such a link, the service alone knows.
	if (link !== undefined && !namesPlace(link, start)) {
		return await onePage(caller, documents, list, wish);
	}
	const { fileCabinetId, fields = [] } = documents;
	const name = `the results of ${fileCabinetId} with ${fields.join(',')}`;
	return await inFittingPages(caller, name, wish, async (count) => {
		const fitting = link && withParameter(link, 'Count', String(count));
		const asked = { ...wish, count, ...(link && { link: fitting }) };
		return { ...(await onePage(caller, documents, list, asked)), asked: count };
	});
}

async function onePage(
	caller: SearchCaller,
	documents: DocumentQuery,
	list: ConditionList,
	{ start, count, total = false, link: offered }: PageWish,
): Promise<ResultPage> {
	const { client, signal } = caller;
	const { fileCabinetId, fields, terms } = documents;
	const isAsked = terms.sort.length > 1 && offered && namesPlace(offered, start);
	const link = isAsked ? undefined : offered;
	const usual = `${cabinetPath(fileCabinetId)}/Query/DialogExpression`;
	const place = { usual, rel: 'dialogExpression' } as const;
	const ask = async (taken: ConditionList) => {
		const body = queryBody(taken, terms, { start, count });
		return await askDialog(caller, documents, place, async (path, query) => {
			if (fields !== undefined && fields.length > 0) query.push(['Fields', fields.join(',')]);
			if (total) query.push(['calculateTotalCount', 'true']);
			return await client.query({ path, query, signal }, body);
		});
	};
	const page = await (link === undefined
		? withTimesAsTaken(client, list, ask)
		: client.read({ path: withFields(link, fields), signal }));
	const asked = { method: link ? 'GET' : 'POST', path: usual, isQuery: true } as const;
	const result = withLinks(client, page, resultPage(page, asked));
	// Equal ids of two file cabinets would be taken for one document.
	if ((terms.additionalCabinets ?? []).length > 0 && !result.rows.every(namesCabinet)) {
		throw unreadableAnswer(asked, JSON.stringify(page), 'documents that name their file cabinet');
	}
	return result;
}

/**
 * The same without its link where several fields are sorted by, since what the link keeps of them is not known: the next page
 * is to be had by its place or not at all.
 */
export async function orderedPage(
	...[caller, documents, list, wish]: Parameters<typeof searchPage>
): Promise<ResultPage> {
	const { next, ...page } = await searchPage(caller, documents, list, wish);
	return documents.terms.sort.length > 1 ? page : { ...page, ...(next && { next }) };
}

/** The further pages are to have the fields of the first one. */
export function withFields(link: URL, fields: readonly string[] = []): URL {
	if (fields.length === 0 || parameterOf(link, 'Fields') !== undefined) return link;
	return withParameter(link, 'Fields', fields.join(','));
}

/** A page with what it says of the next one; a link to another server is none. */
export function withLinks(
	{ session }: SearchCaller['client'],
	page: PlatformResource,
	result: ResultPage,
): ResultPage {
	const next = linkIn(session, page, 'next');
	return { ...result, ...(next && { next }), tellsMore: hasMore(page) === true };
}

function namesCabinet({ FileCabinetId: id }: PlatformResource): boolean {
	return typeof id === 'string' && id !== '';
}

/** Whether an address says itself which dialog is asked. */
function namesDialog(address: string | URL): boolean {
	if (typeof address === 'string') return false;
	return [...address.searchParams.keys()].some((name) => /^dialogid$/i.test(name));
}

/**
 * What an answer holds of a list of documents.
 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER for something that holds none
 */
export function resultPage(page: PlatformResource, asked: AskedFor): ResultPage {
	if (!isListPage(page, 'Items')) {
		throw unreadableAnswer(asked, JSON.stringify(page), 'a list of documents');
	}
	const rows = (listIn(page, 'Items') ?? []).filter(isRecord);
	const { Value: value, ExceedLimit: exceeds } = isRecord(page.Count) ? page.Count : {};
	const isLast = isLastResult(page, rows);
	const at = serviceMoment(page.TimeStamp);
	const count = typeof value === 'number' ? value : undefined;
	const exceedsLimit = exceeds === true;
	return {
		rows,
		isLast,
		count,
		...(exceedsLimit && { exceedsLimit }),
		...(at !== undefined && { at }),
	};
}

/** Whether no further results are to be had; those beyond the limit of the service are further ones. */
export function isLastResult(page: PlatformResource, rows: readonly PlatformResource[]): boolean {
	const { ExceedLimit: exceeds } = isRecord(page.Count) ? page.Count : {};
	return rows.length === 0 || (isLastPage(page, rows) && exceeds !== true);
}

/** What tells a document from all others, of several file cabinets too. */
export function documentKeyOf(row: PlatformResource): string {
	const id = row.Id ?? documentIdOf(row) ?? JSON.stringify(row);
	return `${String(row.FileCabinetId ?? '')}/${String(id)}`;
}

/** The documents that were not given before; from now on they are. */
export function withoutGiven(
	rows: readonly PlatformResource[],
	given: Set<string>,
): PlatformResource[] {
	return rows.filter((row) => {
		const before = given.size;
		return given.add(documentKeyOf(row)).size > before;
	});
}

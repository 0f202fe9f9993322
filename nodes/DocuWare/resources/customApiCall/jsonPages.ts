import { isRecord, parseObject, type HttpResponse } from '../../../shared/http';
import type { OutputRow } from '../../../shared/node/operation';
import { endlessList, invalidParameter } from '../../api/clientErrors';
import {
	bodyWithStart,
	hasMore,
	isLastPage,
	listIn,
	VisitedPages,
	withStart,
} from '../../api/listPages';
import type { PlatformCall } from '../../api/platformClient';
import { isRead } from '../../platform/answerError';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import { shownPath } from '../../platform/serverAddress';
import type { OperationCall } from '../operation';
import type { ResponseOptions } from './responseOptions';

/** Searches are posted and change nothing (docs/facts/docuware.md 6.2, 7.3). */
const SEARCH = /\/(?:Query\/\w*Expression|TrashBin\/Query)\/?$/i;

/** One page as it was read: its items, and what it holds. */
export interface ReadPage {
	answer: HttpResponse<Buffer>;
	rows: OutputRow[];
	/** The parsed answer; undefined where it is none of JSON. */
	content: unknown;
}

/**
 * The items of a call and, with *Follow Next Links*, of the pages after it: along the links of the answers, of
 * a search also by a higher `Start`.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER, DOCUWARE_UNEXPECTED_ANSWER for pages without an end, and
 *   what reading a page throws
 */
export async function readPages(
	call: OperationCall,
	first: PlatformCall,
	{ maxPages, itemsProperty, neverError }: ResponseOptions,
	read: (page: PlatformCall) => Promise<ReadPage>,
): Promise<OutputRow[]> {
	if (maxPages > 1 && !isRead(first.method) && !isSearch(first)) {
		throw invalidParameter(
			'Next links can be followed with GET, and with a search by POST, only.',
			'Switch off Follow Next Links, or use GET.',
		);
	}
	const rows: OutputRow[] = [];
	const walk = new PageWalk(call, first);
	for (let page: PlatformCall | undefined = first, count = 1; page; count++) {
		const { rows: found, content } = await read(page);
		for (const row of found) rows.push(row);
		if (maxPages <= 1 || !isRecord(content)) return rows;
		if (!neverError) walk.requireSameKind(page, content, listIn(content, itemsProperty));
		page = walk.after(page, content, listIn(content, itemsProperty));
		if (page && count >= maxPages) {
			call.context.addExecutionHints({
				message: `There are more pages than the ${maxPages} that Max Pages allows.`,
				type: 'warning',
				location: 'outputPane',
			});
			return rows;
		}
	}
	return rows;
}

/** Whether a call is a search that is posted. */
export function isSearch({ method, path }: PlatformCall): boolean {
	return method === 'POST' && path instanceof URL && SEARCH.test(path.pathname);
}

/** The way from page to page, on which none is read twice. */
class PageWalk {
	private readonly visited = new VisitedPages();

	private previous = '';

	/** Names of the members of the first page; undefined where that holds no list. */
	private members: ReadonlySet<string> | undefined;

	constructor(
		private readonly call: OperationCall,
		first: PlatformCall,
	) {
		if (isRead(first.method)) this.visited.add(this.addressOf(first));
	}

	/**
	 * A page without rows may lack its list; one that holds what the first page does not is something else.
	 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER
	 */
	requireSameKind(
		page: PlatformCall,
		content: Record<string, unknown>,
		list: unknown[] | undefined,
	): void {
		const names = Object.keys(content);
		const { members } = this;
		if (list !== undefined) this.members ??= new Set(names);
		if (members === undefined || list !== undefined) return;
		if (names.every((name) => members.has(name))) return;
		const path = shownPath(this.call.session, this.addressOf(page));
		const asked = { method: page.method, path, isQuery: isSearch(page) };
		throw unreadableAnswer(asked, JSON.stringify(content), 'a further page of the list');
	}

	/**
	 * The page after this one; undefined at the end of the list.
	 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER where there is more, and the list that goes on is not known
	 */
	after(
		page: PlatformCall,
		content: Record<string, unknown>,
		list: unknown[] | undefined,
	): PlatformCall | undefined {
		const next = this.further(page, content, list);
		if (next !== undefined || list !== undefined || hasMore(content) !== true) return next;
		throw invalidParameter(
			'The answer says that there are more items, but it has no link to them, and Follow Next Links cannot tell which list in it goes on.',
			'Set Items Property to the name of the list, such as Rows; or switch off Follow Next Links.',
		);
	}

	private further(
		page: PlatformCall,
		content: Record<string, unknown>,
		list: unknown[] | undefined,
	): PlatformCall | undefined {
		const { client } = this.call;
		if (isRead(page.method)) {
			const next = client.nextPage(content, list, this.addressOf(page), this.visited);
			return next && { ...page, path: next, query: [] };
		}
		if (isLastPage(content, list)) return undefined;
		const link = client.nextLink(content);
		if (link) {
			if (!this.visited.add(link)) throw this.endless(page);
			const { body: _sent, ...rest } = page;
			return { ...rest, method: 'GET', path: link, query: [], headers: withoutBodyType(rest) };
		}
		return list && hasMore(content) ? this.withHigherStart(page, list) : undefined;
	}

	/** The same search for the rows after these. One that ignores `Start` would bring the same again. */
	private withHigherStart(page: PlatformCall, list: unknown[]): PlatformCall {
		const text = JSON.stringify(list);
		if (text === this.previous) throw this.endless(page);
		this.previous = text;
		const sent = typeof page.body === 'string' ? parseObject(page.body) : undefined;
		const body = sent && bodyWithStart(sent, list.length);
		return body === undefined
			? { ...page, path: withStart(this.addressOf(page), list.length), query: [] }
			: { ...page, body };
	}

	private addressOf({ path, query = [] }: PlatformCall): URL {
		const url = this.call.client.address(path);
		for (const [name, value] of query) url.searchParams.append(name, value);
		return url;
	}

	private endless(page: PlatformCall): Error {
		const path = shownPath(this.call.session, this.addressOf(page));
		return endlessList({ method: page.method, path });
	}
}

function withoutBodyType({ headers = {} }: PlatformCall): Record<string, string> {
	const kept = Object.entries(headers).filter(([name]) => !/^content-/i.test(name));
	return Object.fromEntries(kept);
}

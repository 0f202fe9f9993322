import {
	bodyText,
	parseExactObject,
	type HttpBodyTypes,
	type HttpResponse,
	type HttpResponseType,
} from '../../shared/http';
import { linksOf } from '../platform/platformAnswers';
import type { DocuWareRequest, DocuWareSession } from '../auth/session/sessionTypes';
import { answerError } from '../platform/answerError';
import { refuseStrange, unreadableAnswer } from '../platform/strangeAnswers';
import type { AskedFor } from '../platform/askedFor';
import { endlessList, withoutAnswer } from './clientErrors';
import { hasMore, isLastPage, isListPage, listIn, VisitedPages, withStart } from './listPages';
import { linkAddress, platformAddress, shownPath } from '../platform/serverAddress';

/** A JSON object of the Platform: PascalCase members, `Links` (docs/facts/docuware.md 1). */
export type PlatformResource = Record<string, unknown>;

/** One call of the Platform. */
export interface PlatformCall<R extends HttpResponseType = 'text'> extends Omit<
	DocuWareRequest<R>,
	'url'
> {
	/** As `platformAddress` takes it, or a full address of this server. */
	path: string | URL;
	/** Added to what stands in `path`; empty values too. */
	query?: ReadonlyArray<readonly [name: string, value: string]>;
	/** True returns every answer, whatever its status. */
	anyStatus?: boolean;
	/** True for a POST that only asks something, such as a search: what goes wrong with it has changed nothing. */
	isQuery?: boolean;
}

/**
 * The Platform as seen with one session: addresses, JSON, lists and errors. It repeats nothing; what
 * a session can meet is the session's business.
 */
export class PlatformClient {
	constructor(readonly session: DocuWareSession) {}

	/**
	 * Sends a call and returns the answer if its status is 2xx (or any, with `anyStatus`).
	 *
	 * @throws ConnectorError with the code of the answer (docs/facts/docuware.md 8.5),
	 * DOCUWARE_WRITE_UNCONFIRMED, DOCUWARE_CANCELLED, DOCUWARE_FOREIGN_HOST, or what the session throws
	 */
	async send<R extends HttpResponseType = 'text'>(
		call: PlatformCall<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const { path, query = [], anyStatus = false, isQuery = false, ...rest } = call;
		const url = this.address(path);
		for (const [name, value] of query) url.searchParams.append(name, value);
		const method = call.method.toUpperCase();
		const asked = { ...this.askedFor(method, url), isQuery };
		const answer = await this.session
			.request<R>({ ...rest, method, url: url.href })
			.catch((error: unknown) => {
				throw withoutAnswer(asked, error);
			});
		if (anyStatus) return answer;
		if (answer.status >= 200 && answer.status < 300) {
			const { headers, body } = answer;
			// What the caller reads as bytes is its own concern.
			const isText = (call.responseType ?? 'text') === 'text';
			if (isText && typeof body === 'string') refuseStrange(asked, { headers, body });
			return answer;
		}
		const type = answer.headers['content-type'];
		throw answerError(answer.status, await bodyText(answer.body, type), asked, answer.headers);
	}

	/**
	 * Reads one JSON object.
	 *
	 * @throws ConnectorError as `send`, and DOCUWARE_UNEXPECTED_ANSWER where the answer is no JSON object
	 */
	async read(call: Omit<PlatformCall, 'method' | 'responseType'>): Promise<PlatformResource> {
		const { body } = await this.send({ ...call, method: 'GET' });
		const resource = parseExactObject(body);
		if (resource) return resource;
		throw unreadableAnswer(this.askedFor('GET', this.address(call.path)), body, 'a JSON object');
	}

	/**
	 * Posts a query as JSON and reads the JSON object that it gives; nothing is changed by it.
	 *
	 * @throws ConnectorError as `read`
	 */
	async query(
		call: Omit<PlatformCall, 'method' | 'responseType' | 'body'>,
		expression: Record<string, unknown>,
	): Promise<PlatformResource> {
		const { body } = await this.send({
			...call,
			method: 'POST',
			isQuery: true,
			headers: { 'Content-Type': 'application/json', ...call.headers },
			body: JSON.stringify(expression),
		});
		const resource = parseExactObject(body);
		if (resource) return resource;
		const asked = { ...this.askedFor('POST', this.address(call.path)), isQuery: true };
		throw unreadableAnswer(asked, body, 'a JSON object');
	}

	/**
	 * Reads a list page after page, along the `next` links; a list without them is one page. It ends at an
	 * empty page, or at one that says so. The next page is asked for only when the caller wants it.
	 *
	 * @param member name of the array in the answer, such as `FileCabinet` (docs/facts/docuware.md 1)
	 * @throws ConnectorError as `read`, and DOCUWARE_UNEXPECTED_ANSWER for a page of something else
	 */
	async *pages(
		call: Omit<PlatformCall, 'method' | 'responseType'>,
		member: string,
	): AsyncGenerator<PlatformResource[]> {
		const visited = new VisitedPages();
		const { signal, headers, listsCabinets = false } = call;
		let page: Omit<PlatformCall, 'method'> | undefined = call;
		while (page) {
			const url = this.address(page.path);
			for (const [name, value] of page.query ?? []) url.searchParams.append(name, value);
			visited.add(url);
			const resource: PlatformResource = await this.read(page);
			if (!isListPage(resource, member)) {
				const said = JSON.stringify(resource);
				throw unreadableAnswer(this.askedFor('GET', url), said, `a list of ${member}`);
			}
			const rows = listIn(resource, member);
			yield (rows ?? []).filter(isResource);
			const next = this.nextPage(resource, rows, url, visited);
			page = next && { path: next, signal, headers, listsCabinets };
		}
	}

	/**
	 * Address of the page after this one: its link, or a higher `Start` where it says that there is more
	 * and links to nothing; undefined at the end of the list.
	 *
	 * @param rows the list in the page
	 * @param asked address of the page
	 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, or DOCUWARE_UNEXPECTED_ANSWER for a page read before
	 */
	nextPage(
		page: PlatformResource,
		rows: readonly unknown[] | undefined,
		asked: URL,
		visited: VisitedPages,
	): URL | undefined {
		if (isLastPage(page, rows)) return undefined;
		const link = this.nextLink(page);
		const url = link ?? (rows && hasMore(page) ? withStart(asked, rows.length) : undefined);
		if (url === undefined || visited.add(url)) return url;
		throw endlessList(this.askedFor('GET', url));
	}

	/** @throws ConnectorError DOCUWARE_FOREIGN_HOST */
	nextLink(page: PlatformResource): URL | undefined {
		const href = linksOf(page).get('next');
		return href === undefined || href === '' ? undefined : linkAddress(this.session, href);
	}

	/** The address of a path, or a copy of an address that is on this server. */
	address(path: string | URL): URL {
		return path instanceof URL
			? linkAddress(this.session, path.href)
			: platformAddress(this.session, path);
	}

	private askedFor(method: string, url: URL): AskedFor {
		return { method, path: shownPath(this.session, url) };
	}
}

function isResource(value: unknown): value is PlatformResource {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isConnectorError, passOn } from '../../../shared/errors';
import { VisitedPages, withParameter } from '../../api/listPages';
import { SamePages } from './searchErrors';
import { documentKeyOf, namesPlace, type PageWish, type ResultPage } from './searchRequest';

/**
 * What becomes of a link that the service, or something in front of it, does not answer with a page: too long for it, not
 * allowed, or not known; or with more than is read at once, since fewer can be asked for by their place. Whether the session
 * holds, or whether too much was asked, has to do with no link.
 */
const LINK_FAILURES: ReadonlySet<string> = new Set([
	'DOCUWARE_BAD_REQUEST',
	'DOCUWARE_FORBIDDEN',
	'DOCUWARE_GONE',
	'DOCUWARE_LOCKED',
	'DOCUWARE_NOT_FOUND',
	'DOCUWARE_SERVER_ERROR',
	'DOCUWARE_TOO_LARGE',
	'DOCUWARE_UNEXPECTED_ANSWER',
	'DOCUWARE_VALIDATION',
	'HTTP_RESPONSE_TOO_LARGE',
]);

/** Whether an error may be that of a link alone. */
export function isLinkFailure(error: unknown): boolean {
	return isConnectorError(error) && LINK_FAILURES.has(error.code);
}

/**
 * The way from page to page along the `next` links of a service (docs/facts/docuware.md 6.2). A link that names a place
 * is followed to the place that is wanted. Of any other only the service knows where it leads, so it is followed as it is,
 * and none twice. Where a link is missing or fails, or leads to a page that does not go on where the last one ended, places
 * are counted from then on.
 */
export class PageLinks {
	/** Whether the last page came along a link of which only the service knows where it leads. */
	isBeyondPlaces = false;

	private next: URL | undefined;

	/** Where the rows of the last page end, by what was counted. */
	private end = 0;

	/** Whether the last page came along a link. */
	private isLinked = false;

	private areLeft = false;

	/** Key of the document that the list begins with. */
	private first: string | undefined;

	private readonly visited = new VisitedPages();

	constructor(private readonly fetch: (wish: PageWish) => Promise<ResultPage>) {}

	/** Whether only a link of the last page leads on. */
	get leadBeyondPlaces(): boolean {
		return this.next !== undefined && !namesPlace(this.next, this.end);
	}

	/** @throws ConnectorError what fetching throws, and DOCUWARE_UNEXPECTED_ANSWER for a link that was followed before */
	async page(wish: PageWish): Promise<ResultPage> {
		const link = this.next;
		this.isBeyondPlaces = this.leadBeyondPlaces;
		this.isLinked = link !== undefined;
		const page = await (link === undefined ? this.fetch(wish) : this.along(link, wish));
		if (wish.start === 0) this.first = firstKeyOf(page);
		this.next = page.isLast || this.areLeft ? undefined : page.next;
		this.end = wish.start + page.rows.length;
		if (this.next && this.leadBeyondPlaces && !this.visited.add(this.next)) {
			throw new SamePages(page.rows.length);
		}
		return page;
	}

	/**
	 * Has the next page begin where it is wanted, since the last one does not go on where the one before it ended. That of a
	 * link may be one of another order, so no further link is followed then.
	 */
	forget(): void {
		this.next = undefined;
		if (this.isLinked) this.areLeft = true;
	}

	private async along(link: URL, wish: PageWish): Promise<ResultPage> {
		try {
			return await this.fetch({ ...wish, link: this.isBeyondPlaces ? link : placed(link, wish) });
		} catch (error) {
			if (!isLinkFailure(error)) passOn(error);
			const page = await this.fetch(wish);
			// A service that takes no place begins anew: then the link was the only way, and its error tells what is wrong.
			if (this.isBeyondPlaces && page.rows.length > 0 && firstKeyOf(page) === this.first) {
				passOn(error);
			}
			this.areLeft = true;
			this.isBeyondPlaces = false;
			this.isLinked = false;
			return page;
		}
	}
}

function firstKeyOf({ rows: [first] }: ResultPage): string | undefined {
	return first && documentKeyOf(first);
}

function placed(link: URL, { start, count }: PageWish): URL {
	return withParameter(withParameter(link, 'Start', String(start)), 'Count', String(count));
}

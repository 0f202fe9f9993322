import { isConnectorError, passOn } from '../../../shared/errors';
import { parameterOf, VisitedPages, withParameter } from '../../api/listPages';
import { samePages } from './searchErrors';
import type { PageWish, ResultPage } from './searchRequest';

/** What a service answers to a link that it cannot follow itself, such as one that is too long for it. */
const REFUSALS: ReadonlySet<string> = new Set([
	'DOCUWARE_BAD_REQUEST',
	'DOCUWARE_NOT_FOUND',
	'DOCUWARE_VALIDATION',
]);

/**
 * The way from page to page along the `next` links of a service (docs/facts/docuware.md 6.2). A link that names a place
 * is followed to the place that is wanted. Of any other only the service knows where it leads, so it is followed as it is,
 * and none twice. Where a link is missing or refused, places are counted.
 */
export class PageLinks {
	/** Whether the last page came along a link of which only the service knows where it leads. */
	isBeyondPlaces = false;

	private next: URL | undefined;

	/** Where the rows of the last page end, by what was counted. */
	private end = 0;

	private areRefused = false;

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
		const page = await (link === undefined ? this.fetch(wish) : this.along(link, wish));
		this.next = page.isLast || this.areRefused ? undefined : page.next;
		this.end = wish.start + page.rows.length;
		if (this.next && this.leadBeyondPlaces && !this.visited.add(this.next)) {
			throw samePages(page.rows.length);
		}
		return page;
	}

	/** Has the next page begin where it is wanted, whatever the last one said. */
	forget(): void {
		this.next = undefined;
	}

	private async along(link: URL, wish: PageWish): Promise<ResultPage> {
		try {
			return await this.fetch({ ...wish, link: this.isBeyondPlaces ? link : placed(link, wish) });
		} catch (error) {
			if (!isConnectorError(error) || !REFUSALS.has(error.code)) passOn(error);
			this.areRefused = true;
			this.isBeyondPlaces = false;
			return await this.fetch(wish);
		}
	}
}

/** Whether a link names its place as it is counted here: the number of a page, or of rows that nobody saw, is none. */
function namesPlace(link: URL, end: number): boolean {
	return parameterOf(link, 'Start')?.[1] === String(end);
}

function placed(link: URL, { start, count }: PageWish): URL {
	return withParameter(withParameter(link, 'Start', String(start)), 'Count', String(count));
}

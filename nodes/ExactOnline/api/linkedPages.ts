import type { ExactAnswer } from '../wire/exactTypes';
import { emptyPages, endlessList } from './clientErrors';

/** Empty pages in a row that are too many: each may have a new link and the list still go on for ever. */
const TOO_MANY_EMPTY = 10;

/** The way along the links of one list: it leads to no page twice, and through few empty ones. */
export class LinkWalk {
	private empty = 0;

	/** @param seen addresses that it must not lead to */
	constructor(private readonly seen = new Set<string>()) {}

	/**
	 * The link of a page; undefined at the end of the list.
	 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER for a link that was seen, or after too many empty pages
	 */
	after({ rows, next }: Pick<ExactAnswer, 'rows' | 'next'>): string | undefined {
		if (next === undefined) return undefined;
		const place = placeOf(next);
		if (this.seen.has(next) || this.seen.has(place)) throw endlessList(next);
		this.seen.add(place);
		this.empty = rows.length === 0 ? this.empty + 1 : 0;
		if (this.empty >= TOO_MANY_EMPTY) throw emptyPages(next, this.empty);
		return next;
	}
}

/** Where a link leads: the token names the row that the page begins behind, whatever else stands beside it. */
function placeOf(link: string): string {
	const { pathname, searchParams } = URL.canParse(link) ? new URL(link) : NO_ADDRESS;
	const token = searchParams.get('$skiptoken');
	return token === null ? link : JSON.stringify([pathname, token]);
}

const NO_ADDRESS = { pathname: '', searchParams: new URLSearchParams() };

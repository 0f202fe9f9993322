import { passOn } from '../../../shared/errors';
import { resultsChanging } from '../../resources/document/searchErrors';
import { MOST_RESULTS, PAGE_ROWS } from '../../resources/document/searchRequest';
import { isInOrder, type Direction, type Found } from './documentMarks';
import { secondOf, versionName, type ListPlaces } from './pollCursor';
import type { DocumentList } from './trayList';

/** Documents that are asked for again with the next page, to see whether the list has moved meanwhile. */
const OVERLAP = 50;

/** A place is looked for until it is known to so many documents. */
const NEAR = 500;

/** How often a list that moves is looked through anew. */
const MOST_RESTARTS = 3;

/** Of so many documents one place is remembered, and so many places in all. */
const PLACED = 100;
const MOST_PLACES = 30;

/** A list that does not come in the order that was asked for. */
export class NotOrdered extends Error {}

/**
 * Documents of a second or later, the oldest first, of a list in the order of times that knows nothing of times: where they
 * begin is found by halving. The list is asked for with the newest first, since a service gives no places beyond 10,000
 * and what is new stands in front there; where more are new, with the oldest first.
 *
 * Pages overlap. Where a page does not continue what was read, documents were stored or deleted meanwhile, and the place
 * is looked for anew.
 *
 * @throws NotOrdered; ConnectorError DOCUWARE_RESULTS_CHANGING, that of `beyond`, and what the list throws
 */
export class OrderedDocuments {
	/** @param beyond the error where documents begin beyond all places of both orders, or go on there */
	constructor(
		private readonly list: DocumentList,
		private known: ListPlaces | undefined,
		private readonly beyond: () => Error,
	) {}

	/** Where documents stood in the list when they were read, so that the next poll need not look for its place. */
	get places(): ListPlaces | undefined {
		return this.known;
	}

	/** @param second undefined for all */
	async *since(second: number | undefined): AsyncGenerator<Found[], void, undefined> {
		const from = second ?? -Infinity;
		const { list, beyond } = this;
		const { direction, place } = this.knownBefore(from) ?? (await this.lookedFor(from));
		let places = this.known?.direction === direction ? this.known.places : [];
		try {
			for await (const page of new Walk(list, direction, from, beyond).pages(place)) {
				places = [...places, ...page.places].slice(-MOST_PLACES);
				this.known = { direction, places };
				if (page.fresh.length > 0) yield page.fresh;
			}
		} catch (error) {
			// What comes behind the last place of one order may have one in the other.
			this.known = undefined;
			passOn(error);
		}
	}

	/** The last place that is known before a second. */
	private knownBefore(from: number): { direction: Direction; place: number } | undefined {
		if (this.known === undefined) return undefined;
		const { direction, places } = this.known;
		const before = places.filter(({ second }) => second < from);
		const nearest = before.sort((one, other) => other.second - one.second)[0];
		return nearest && { direction, place: nearest.place };
	}

	private async lookedFor(from: number): Promise<{ direction: Direction; place: number }> {
		for (const direction of ['Desc', 'Asc'] as const) {
			const place = await placeOf(this.list, direction, from);
			if (place !== undefined) return { direction, place };
		}
		passOn(this.beyond());
	}
}

/**
 * Where documents of a second begin, or end with the newest first: so many stand before it at most, and at least all that
 * do not belong to them. Undefined where that is beyond all places.
 */
async function placeOf(
	list: DocumentList,
	direction: Direction,
	from: number,
): Promise<number | undefined> {
	const isBehind = async (place: number) => {
		const [one] = (await list.page(direction, place, 1)).found;
		if (one === undefined) return true;
		const isNew = secondOf(one.mark.at) >= from;
		return direction === 'Asc' ? isNew : !isNew;
	};
	let [before, behind] = [0, MOST_RESULTS - 1];
	if (!(await isBehind(behind))) return undefined;
	while (behind - before > NEAR) {
		const middle = (before + behind) >> 1;
		if (await isBehind(middle)) behind = middle;
		else before = middle;
	}
	return direction === 'Asc' ? before : behind;
}

/** A piece of a list that is asked for: its first place, and the one behind it. */
interface Piece {
	start: number;
	end: number;
}

/** What a piece holds. */
interface WalkedPage {
	/** What was not read before, the oldest first. */
	fresh: Found[];
	/** Seconds of some of its documents, and where the list goes on behind them towards the newest. */
	places: ListPlaces['places'];
}

/** Goes through a list towards the newest document. */
class Walk {
	/** By version: a document that is changed while the list is read stands elsewhere from then on. */
	private readonly read = new Set<string>();

	/** The second up to which all was read. */
	private reached: number;

	/** Documents of a page: fewer where the service gives no more at once. */
	private rows = PAGE_ROWS;

	private restarts = 0;

	constructor(
		private readonly list: DocumentList,
		private readonly direction: Direction,
		private readonly from: number,
		private readonly beyond: () => Error,
	) {
		this.reached = from;
	}

	async *pages(place: number): AsyncGenerator<WalkedPage, void, undefined> {
		let piece: Piece | undefined = this.firstAt(place);
		while (piece !== undefined) {
			const { found, isLast } = await this.list.page(
				this.direction,
				piece.start,
				piece.end - piece.start,
			);
			if (!isInOrder(found, this.direction)) throw new NotOrdered();
			if (this.isShort(piece, found.length, isLast)) {
				this.rows = found.length;
				piece = this.direction === 'Desc' ? this.endingAt(piece.end) : piece;
				continue;
			}
			if (!this.continues(piece, found, isLast)) {
				piece = await this.anew();
				continue;
			}
			const fresh = found.filter((one) => !this.isKnown(one));
			for (const { mark } of fresh) {
				this.read.add(versionName(mark));
				this.reached = Math.max(this.reached, secondOf(mark.at));
			}
			if (this.direction === 'Desc') fresh.reverse();
			yield { fresh, places: this.placesIn(piece, found) };
			piece = this.after(piece, found.length, isLast);
		}
	}

	private placesIn({ start }: Piece, found: readonly Found[]): ListPlaces['places'] {
		const places = found.map(({ mark }, index) => ({
			second: secondOf(mark.at),
			place: start + index + (this.direction === 'Desc' ? 1 : 0),
		}));
		if (this.direction === 'Desc') places.reverse();
		return places.filter((_, index) => index % PLACED === 0);
	}

	private firstAt(place: number): Piece {
		if (this.direction === 'Asc') return this.beginningAt(Math.max(0, place - OVERLAP));
		return this.endingAt(Math.min(MOST_RESULTS, place + this.overlap()));
	}

	private beginningAt(start: number): Piece {
		return { start, end: Math.min(MOST_RESULTS, start + this.rows) };
	}

	private endingAt(end: number): Piece {
		return { start: Math.max(0, end - this.rows), end };
	}

	private overlap(): number {
		return Math.min(OVERLAP, this.rows >> 1);
	}

	/** Whether the service gives fewer documents at once than were asked for. Towards the oldest the end of the list may be near. */
	private isShort({ start, end }: Piece, count: number, isLast: boolean): boolean {
		return !isLast && count > 1 && count < Math.min(this.rows, end - start);
	}

	/** Whether nothing is missing between what was read and a piece. */
	private continues({ start }: Piece, found: readonly Found[], isLast: boolean): boolean {
		if (this.direction === 'Asc') {
			const [first] = found;
			return start === 0 || (first !== undefined && this.isKnown(first));
		}
		const oldest = found.at(-1);
		return isLast || (oldest !== undefined && this.isKnown(oldest));
	}

	private isKnown({ mark }: Found): boolean {
		return secondOf(mark.at) < this.from || this.read.has(versionName(mark));
	}

	private async anew(): Promise<Piece> {
		this.restarts += 1;
		if (this.restarts > MOST_RESTARTS) throw resultsChanging();
		const place = await placeOf(this.list, this.direction, this.reached);
		return place === undefined ? passOn(this.beyond()) : this.firstAt(place);
	}

	private after({ start }: Piece, count: number, isLast: boolean): Piece | undefined {
		const overlap = this.overlap();
		if (this.direction === 'Desc') return start === 0 ? undefined : this.endingAt(start + overlap);
		if (isLast) return undefined;
		const next = start + Math.max(1, count - overlap);
		return next + overlap >= MOST_RESULTS ? passOn(this.beyond()) : this.beginningAt(next);
	}
}

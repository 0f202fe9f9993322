import { ConnectorError, passOn } from '../../../shared/errors';
import { positionPages } from '../../resources/document/positionPages';
import { MOST_RESULTS, PAGE_ROWS } from '../../resources/document/searchRequest';
import type { Found } from './documentMarks';
import {
	momentOf,
	presentOf,
	type Beginning,
	type EventReader,
	type ReadSince,
} from './eventReader';
import type { EventSource } from './eventSource';
import { NotOrdered, OrderedDocuments } from './orderedDocuments';
import {
	beginningAt,
	beginningBehind,
	compareMarks,
	OVERLAP_MS,
	secondOf,
	toldIn,
	type PollCursor,
	type PresentDocuments,
} from './pollCursor';
import { readEvents, type ReadingLimits } from './readEvents';
import { showsOrder, type PlacedDocuments, type TrayList } from './trayList';
import { searchOn } from './unorderedDocuments';

/**
 * Reads a document tray through its list. No time is sent, so zones do not matter. Mostly its first page, the newest first,
 * holds all that is new; else it is read from where that begins.
 */
export class TrayReader implements EventReader {
	constructor(private readonly list: TrayList) {}

	get now(): number | undefined {
		return this.list.now;
	}

	async read(cursor: PollCursor, limits: ReadingLimits): Promise<ReadSince> {
		if (cursor.scan) return await this.searched(cursor, limits);
		const { behind, ...known } = cursor;
		if (behind === undefined) {
			const page = await this.list.page('Desc', 0, PAGE_ROWS);
			if (reachesBack(page, cursor)) {
				const isTold = toldIn(cursor);
				const found = page.found
					.filter(({ mark }) => !isTold(mark))
					.sort((one, other) => compareMarks(one.mark, other.mark));
				return { reading: { found, upTo: undefined, beginsThere: true }, cursor };
			}
			if (!showsOrder(page.found, 'Desc')) return await this.searched(cursor, limits);
		}
		try {
			const documents = new OrderedDocuments(this.list, behind, tooManyInTray);
			const reading = await readEvents(sourceOf(documents), known, limits);
			const isMore = reading.upTo !== undefined || reading.found.length > limits.wanted;
			const { places } = documents;
			return { reading, cursor: isMore && places ? { ...known, behind: places } : known };
		} catch (error) {
			if (!(error instanceof NotOrdered)) passOn(error);
			return await this.searched(known, limits);
		}
	}

	async begin(beginning: Beginning, digestOf: string): Promise<PollCursor> {
		const rest = { digestOf, shift: 0 };
		// A whole page: where the list keeps to no order, the first of it is not the newest.
		const shown = beginning.from === 'now' ? await this.sample(PAGE_ROWS) : [];
		const newest = shown.length === 0 ? undefined : Math.max(...shown.map(({ mark }) => mark.at));
		const times = { now: this.now, newest };
		const moment = momentOf(beginning, times);
		if (moment !== undefined) return beginningAt(moment, rest);
		const begunAt = presentOf(beginning, times);
		const present =
			newest === undefined
				? { marks: [], cutAt: undefined }
				: await this.present(secondOf(newest - OVERLAP_MS));
		return beginningBehind(present, rest, this.now, begunAt);
	}

	async sample(count: number): Promise<Found[]> {
		const found: Found[] = [];
		for await (const page of this.newestFirst(count)) found.push(...page);
		return found.slice(0, count);
	}

	private async searched(cursor: PollCursor, limits: ReadingLimits): Promise<ReadSince> {
		const { found, end, isAll } = await searchOn(this.list, cursor, limits, tooManyInTray);
		const upTo = isAll ? undefined : { second: -Infinity, id: null };
		return { reading: { found, upTo, beginsThere: true }, cursor, end };
	}

	/** Documents of a second or later; more where the list does not keep to the order. */
	private async present(second: number): Promise<PresentDocuments> {
		const all: Found[] = [];
		for await (const page of this.newestFirst(MOST_RESULTS)) {
			all.push(...page);
			const last = all.at(-1);
			if (last && secondOf(last.mark.at) < second && showsOrder(all, 'Desc')) {
				return { marks: all.map(({ mark }) => mark), cutAt: secondOf(last.mark.at) };
			}
		}
		return { marks: all.map(({ mark }) => mark), cutAt: undefined };
	}

	private async *newestFirst(limit: number): AsyncGenerator<Found[], void, undefined> {
		const pages = positionPages({
			fetch: async (wish) => await this.list.rows('Desc', wish),
			limit,
			bound: { places: MOST_RESULTS, beyond: tooManyInTray },
		});
		for await (const page of pages) yield page.map((row) => this.list.found(row));
	}
}

/** Whether the newest documents reach back to what was told, so that no others are new. */
function reachesBack({ found, isLast }: PlacedDocuments, { place }: PollCursor): boolean {
	if (isLast) return true;
	const last = found.at(-1);
	return (
		last !== undefined &&
		place !== null &&
		secondOf(last.mark.at) < place.second &&
		showsOrder(found, 'Desc')
	);
}

/** A list that can be asked for no second: its documents are put into the order of their ids here. */
function sourceOf(documents: OrderedDocuments): EventSource {
	const since = (second: number | undefined) => documents.since(second);
	return {
		since,
		async *within(second, fromId) {
			const all: Found[] = [];
			for await (const page of since(second)) {
				const own = page.filter(({ mark }) => secondOf(mark.at) === second);
				all.push(...own.filter(({ mark }) => mark.id >= fromId));
				if (own.length < page.length) break;
			}
			yield all.sort((one, other) => compareMarks(one.mark, other.mark));
		},
	};
}

function tooManyInTray(): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_TOO_MANY_RESULTS',
		`What is new in the document tray stands behind the ${MOST_RESULTS.toLocaleString('en')} documents that DocuWare gives of its list, with the newest as with the oldest in front.`,
		{
			repair:
				'Store or delete some of them in DocuWare; the next poll goes on where the last one ended. Or unpublish the workflow, and let it start from now.',
		},
	);
}

import type { IDataObject } from 'n8n-workflow';
import type { OpenPlace, PolledRow, PollRun } from '../../../shared/node/pollFrame';
import {
	documentJson,
	indexFieldsWanted,
	type DocumentOutput,
} from '../../resources/common/documentOutput';
import { afterSetBack, clocksSeen } from './clockSetBack';
import type { Found } from './documentMarks';
import { readBeginning, type EventReader } from './eventReader';
import {
	advanced,
	markName,
	passedBy,
	rested,
	versionsIn,
	withDigestsOf,
	type Mark,
	type PollCursor,
} from './pollCursor';
import { readPollCursor } from './storedPollCursor';
import type { PollEvent } from './pollEvents';
import { ToldAsStored } from './toldAsStored';

/** Documents that a run by hand shows of each event. */
const SAMPLES = 5;

/** What the node asks for. */
export interface Wish {
	events: readonly PollEvent[];
	fileCabinetId: string;
	output: DocumentOutput;
	/** Most documents of each event. */
	most: number;
	readerOf(event: PollEvent): EventReader;
}

/** One event in one poll. */
export class EventPoll {
	private readonly reader: EventReader;

	private told = new ToldAsStored();

	/** The other event, where both are followed. */
	private other: EventPoll | undefined;

	private known: Promise<PollCursor> | undefined;

	/** How far this poll has read. */
	private end: PollCursor | undefined;

	constructor(
		private readonly run: PollRun,
		private readonly wish: Wish,
		readonly event: PollEvent,
		private readonly place: OpenPlace,
	) {
		this.reader = wish.readerOf(event);
	}

	/** Lets both events know of each other, so that one version of a document is one item. */
	static join(one: EventPoll, other: EventPoll): void {
		one.other = other;
		other.other = one;
		other.told = one.told;
	}

	/** Reads what is new, and hands it over. */
	async read(): Promise<void> {
		const { run, wish, event, place, reader } = this;
		if (run.isSample) {
			const found = await reader.sample(Math.min(SAMPLES, wish.most));
			place.take(
				this.rowsOf(found, () => false),
				place.cursor,
				true,
			);
			return;
		}
		const limits = { wanted: wish.most, isOver: () => !run.hasTime(), fits: () => run.fits() };
		let known = await this.cursor();
		let read = await reader.read(known, limits);
		const again = afterSetBack(known, reader.now, Date.now());
		if (again !== undefined) {
			known = again;
			this.known = Promise.resolve(again);
			read = await reader.read(again, limits);
		}
		const { reading, cursor, end: ended } = read;
		const found = reading.found.slice(0, wish.most);
		const marks = found.map(({ mark }) => mark);
		const next = ended ?? advanced(cursor, marks, reader.now);
		const clock = Date.now();
		const { upTo } = reading;
		const idle = () =>
			upTo === undefined || ended ? rested(next, clock) : passedBy(next, upTo, clock);
		const hasNews = marks.length > 0;
		const seen = clocksSeen(hasNews ? undefined : known.seen, reader.now, clock);
		const end = {
			...(hasNews ? { ...next, toldAt: clock } : idle()),
			...(seen && { seen }),
		};
		this.told.follow(event === 'stored' ? known : await this.storedCursor());
		// By the whole time: marks are in order by the second, which is as fine as some servers are.
		const inTime = [...found].sort((one, before) => one.mark.at - before.mark.at);
		const rows = this.rowsOf(inTime, versionsIn(known));
		this.end = event === 'stored' && this.other ? this.told.keptIn(end, this.other.before()) : end;
		place.take(rows, this.end, upTo === undefined && found.length === reading.found.length);
	}

	/** The cursor that this poll begins with. */
	private async cursor(): Promise<PollCursor> {
		this.known ??= this.begun();
		return await this.known;
	}

	private async begun(): Promise<PollCursor> {
		const { place, reader } = this;
		const digestOf = JSON.stringify(indexFieldsWanted(this.wish.output) ?? 'all');
		const known = this.before();
		if (known !== undefined) return withDigestsOf(known, digestOf);
		const beginning = readBeginning(place.cursor) ?? { from: 'now', begunAt: Date.now() };
		return { ...(await reader.begin(beginning, digestOf)), toldAt: Date.now() };
	}

	/** How far earlier polls have read; undefined where none has. */
	private before(): PollCursor | undefined {
		return readPollCursor(this.place.cursor);
	}

	/** How far *stored* has been read by now; all of it where nobody follows it. */
	private async storedCursor(): Promise<PollCursor | undefined> {
		return this.other && (this.other.end ?? (await this.other.cursor()));
	}

	/** @param isRead whether an earlier poll has read the document with this time */
	private rowsOf(found: readonly Found[], isRead: (mark: Mark) => boolean): PolledRow[] {
		const { event, wish, told } = this;
		const isFresh = (one: Found) => event === 'stored' || told.isNews(one, isRead(one.mark));
		const fresh = found.filter(isFresh);
		if (event === 'stored') told.add(fresh);
		return fresh.map(({ document, mark }) => ({
			json: { event, ...(documentJson(wish.output, document) satisfies IDataObject) },
			mark: markName(mark),
		}));
	}
}

import {
	PlatformClient,
	type PlatformResource,
} from '../../../../../../nodes/DocuWare/api/platformClient';
import {
	advanced,
	type PollCursor,
} from '../../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import { readPollCursor } from '../../../../../../nodes/DocuWare/trigger/polling/storedPollCursor';
import { TrayList } from '../../../../../../nodes/DocuWare/trigger/polling/trayList';
import { TrayReader } from '../../../../../../nodes/DocuWare/trigger/polling/trayReader';
import { ConnectorError } from '../../../../../../nodes/shared/errors';
import { FakeSession } from '../../../resources/support/fakeSession';

/** How the list of a tray comes: as it is asked for, always the oldest first, or by numbers. */
export type ListOrder = 'asAsked' | 'oldestFirst' | 'byNumber';

/** What one poll has given. */
export interface TrayPoll {
	ids: number[];
	requests: number;
	/** Nothing is left to be read. */
	isAll: boolean;
}

/** A document tray in memory, and what polls read of it. */
export class FakeTray {
	readonly stored: Array<{ id: number; at: number }> = [];

	readonly asked: Array<Record<string, string>> = [];

	/** By the clock of the service. */
	now: number;

	/** Called before each answer: what happens meanwhile. */
	meanwhile: () => void = () => undefined;

	/** Most documents of an answer. */
	mostRows = Infinity;

	cursor: PollCursor | undefined;

	readonly reader: TrayReader;

	private lastId = 0;

	constructor(
		now: number,
		private readonly order: ListOrder = 'asAsked',
	) {
		this.now = now;
		const client = Object.assign(new PlatformClient(new FakeSession()), {
			read: async ({ query = [] }: { query?: ReadonlyArray<readonly [string, string]> }) =>
				await Promise.resolve(this.answer(Object.fromEntries(query))),
		});
		const facts = { cabinet: async () => await Promise.resolve({ resource: {} }) };
		const call = { client, facts: facts as never, signal: undefined };
		this.reader = new TrayReader(new TrayList(call, 'b_1', 'stored', undefined));
	}

	/** Stores documents at a time. */
	store(count: number, at = this.now): void {
		for (let n = 0; n < count; n += 1) {
			this.lastId += 1;
			this.stored.push({ id: this.lastId, at });
		}
	}

	/** Begins with now, as at publishing, so many ms after the node has begun. */
	async begin(lateMs = 0): Promise<void> {
		this.cursor = await this.reader.begin({ from: 'now', begunAt: Date.now() - lateMs }, 'all');
	}

	/**
	 * One poll, whose cursor is kept as JSON.
	 * @param requests after so many its time is over
	 */
	async poll(wanted = Infinity, requests = Infinity): Promise<TrayPoll> {
		const { reader, asked } = this;
		if (this.cursor === undefined) throw new Error('The tray was not begun.');
		const before = asked.length;
		const isOver = () => asked.length - before >= requests;
		const { reading, cursor, end } = await reader.read(this.cursor, {
			wanted,
			isOver,
			fits: () => true,
		});
		const marks = reading.found.slice(0, wanted).map(({ mark }) => mark);
		const next = end ?? advanced(cursor, marks, reader.now);
		this.cursor = readPollCursor(JSON.parse(JSON.stringify(next)));
		const isAll = reading.upTo === undefined && marks.length === reading.found.length;
		return { ids: marks.map(({ id }) => id), requests: asked.length - before, isAll };
	}

	private answer(wish: Record<string, string>): PlatformResource {
		this.meanwhile();
		this.asked.push(wish);
		const [start, count] = [Number(wish.Start), Number(wish.Count)];
		if (start + count > 10_000) throw new ConnectorError('REFUSED', 'Too far.', { repair: '' });
		const rows = this.listed(wish.SortOrder?.endsWith('Desc') === true);
		const page = rows.slice(start, start + Math.min(count, this.mostRows));
		return {
			Items: page.map(({ id, at }) => ({ Id: id, CreatedAt: `/Date(${at})/` })),
			Count: { HasMore: start + page.length < rows.length },
			TimeStamp: `/Date(${this.now})/`,
		};
	}

	private listed(isNewestFirst: boolean): Array<{ id: number; at: number }> {
		if (this.order === 'byNumber') return this.stored;
		const sign = isNewestFirst && this.order === 'asAsked' ? -1 : 1;
		return [...this.stored].sort((one, other) => sign * (one.at - other.at));
	}
}

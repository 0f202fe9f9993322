import { createHash, randomUUID } from 'node:crypto';
import { thisHolder } from '../../process/holder';
import { CursorStore, type CursorPlace, type CursorVault, type KeptCursor } from '../keptCursors';
import type { NodeIdentity } from '../nodeIdentity';
import type { OutputRow } from '../operation';
import { fateOf, watchTaking, type TakingContext } from './handedOver';
import { PollChanges } from './pollChanges';
import { atPoll, newPlace, readPlace, repeatsOf, withFinal, withReading } from './polledPlace';
import { isSameJson } from './sameJson';

/** Bytes of the digest of a row that are kept; two rows of one batch with one digest do not happen. */
const MARK_BYTES = 9;

/** A row that a poll has found. */
export interface PolledRow extends OutputRow {
	/**
	 * What tells this row from all others that were ever found at its place: the key of the record and its version or
	 * the time of its change, and what has become of it. Of two rows alike in a poll one comes out.
	 */
	mark: string;
	/** Output of the node, counted from 0; the first one if missing. */
	output?: number;
}

/** One thing that a node reads, with a cursor of its own. */
export interface ReadPlace {
	/** What is read, so that another thing has another cursor: server, division, entity, … */
	read: readonly string[];
	/** The settings that decide where the first poll begins, as the node stores them; other ones begin anew. */
	start: string;
	/** Another beginning of the node reads the same thing from a place of its own. */
	beginning?: string;
	/** Where it begins was noted before this poll, so that a place that the poll makes for it may stay. */
	isAskedBefore?: boolean;
	/**
	 * The cursor of the first poll. It is kept before anything is asked for, so that a service that does not answer
	 * moves the beginning no further: what has to be found out first belongs into the cursor as a wish.
	 */
	first(): unknown;
}

/** A place in the hands of a poll. */
export interface OpenPlace {
	/** Where the reading goes on: what `first` or an earlier `take` gave, as JSON keeps it. */
	readonly cursor: unknown;
	/**
	 * Hands over what was read, once. Where nothing was read, leave it: the place stays as it is.
	 * @param end where the next reading goes on
	 * @param isAll nothing is left to be read at the moment
	 */
	take(rows: readonly PolledRow[], end: unknown, isAll: boolean): void;
}

/** Whose polls they are. */
export interface PollingNode {
	identity: NodeIdentity;
	/** Time between two polls, in milliseconds. */
	intervalMs: number;
	/** n8n's context, whose taking of the batch is watched. */
	context: TakingContext;
}

interface Taken {
	place: CursorPlace;
	opened: KeptCursor;
	rows: readonly PolledRow[];
	end: unknown;
	isAll: boolean;
}

/**
 * What one poll reads and returns. n8n takes what a poll returns and only later makes an execution of it, so the end of a
 * batch is noted in the vault as pending before its rows are returned, and becomes final at the next poll, half a minute
 * after n8n has taken it, or at an orderly end of the process. Until then the rows of a process that died, or
 * that n8n has not taken, come once more, each with `repeated: true` (docs/architecture.md, "Flows").
 */
export class PollBatch {
	private readonly id = randomUUID();

	private readonly taken: Taken[] = [];

	private readonly changes = new PollChanges();

	private readonly store: CursorStore;

	/** @param isSample shows rows and notes nothing */
	constructor(
		vault: CursorVault,
		private readonly node: PollingNode,
		readonly isSample: boolean,
	) {
		this.store = new CursorStore(vault);
	}

	/** Rows that were handed over so far. */
	get size(): number {
		return this.taken.reduce((sum, { rows }) => sum + rows.length, 0);
	}

	/**
	 * Begins the reading of a place, at most once in a poll.
	 * @throws ConnectorError VAULT_*
	 */
	async open(wanted: ReadPlace): Promise<OpenPlace> {
		const place = this.placeOf(wanted.read, kindOf(wanted.beginning));
		let before: KeptCursor | undefined;
		const step = (present: KeptCursor | undefined) => {
			before = present;
			return this.opened(present, wanted);
		};
		const opened = this.isSample
			? step(await this.store.read(place))
			: ((await this.store.change(place, step)) ?? step(undefined));
		const isBegun = opened.epoch !== before?.epoch;
		if (isBegun && wanted.isAskedBefore !== true) this.changes.began(place, before, opened);
		return {
			cursor: readPlace(opened.cursor)?.cursor,
			take: (rows, end, isAll) => {
				const fresh = withoutDuplicates(rows);
				this.taken.push({ place, opened, rows: fresh, end, isAll });
			},
		};
	}

	/**
	 * Changes something small that the node remembers beside what it reads, at once.
	 * @param step undefined keeps what there is
	 * @throws ConnectorError VAULT_*
	 */
	async remember(name: string, step: (present: unknown) => unknown): Promise<void> {
		await this.store.change(this.placeOf([name], NOTE), noteAfter(step));
	}

	/**
	 * Changes what decides whether the changes of this poll can be taken back.
	 * @param step undefined keeps what there is
	 * @param dropped beginnings whose places go with the change; asked once it is made
	 * @throws ConnectorError VAULT_*
	 */
	async decide(
		name: string,
		step: (present: unknown) => unknown,
		dropped: () => readonly string[] = () => [],
	): Promise<void> {
		const place = this.placeOf([name], NOTE);
		let found: KeptCursor | undefined;
		const noted = (present: KeptCursor | undefined) => noteAfter(step)((found = present));
		const gone = () => dropped().map((beginning) => this.placeOf([], kindOf(beginning)));
		const left = await this.store.change(place, noted, gone);
		if (left) this.changes.decided(place, found, left);
	}

	private placeOf(read: readonly string[], kind = 'poll'): CursorPlace {
		return [...this.node.identity, kind, ...read];
	}

	/**
	 * Notes where the batch ends. A place that another process has moved on meanwhile gives nothing.
	 * @returns the rows, by output
	 * @throws ConnectorError VAULT_*
	 */
	async close(): Promise<OutputRow[][]> {
		const outputs: OutputRow[][] = [];
		const noted: CursorPlace[] = [];
		for (const taken of this.taken) {
			if (!this.isSample && !(await this.note(taken))) continue;
			if (taken.rows.length > 0) noted.push(taken.place);
			const repeats = repeatsOf(readPlace(taken.opened.cursor) ?? newPlace(undefined));
			for (const row of taken.rows) {
				const isRepeated = repeats.has(digestOf(row.mark));
				(outputs[row.output ?? 0] ??= []).push(outputRow(row, isRepeated));
			}
		}
		if (noted.length > 0 && !this.isSample) this.watch(noted);
		return Array.from(outputs, (rows) => rows ?? []);
	}

	/**
	 * Takes back what a poll has changed that has read nothing, as after a publishing that was refused: all of it, or none where
	 * somebody else has changed what decides; but no place that somebody else has moved on. What stays has begun too early, and
	 * loses nothing.
	 * @throws ConnectorError VAULT_*; then all stays
	 */
	async undo(): Promise<void> {
		const { places, decisive } = this.changes;
		if (!this.isSample && decisive !== 'foreign') await this.store.takeBack(places, decisive);
	}

	private opened(present: KeptCursor | undefined, wanted: ReadPlace): KeptCursor {
		const known = present?.start === wanted.start ? readPlace(present.cursor) : undefined;
		if (present === undefined || known === undefined) {
			const cursor = newPlace(wanted.first());
			return { epoch: (present?.epoch ?? 0) + 1, start: wanted.start, cursor };
		}
		const { intervalMs } = this.node;
		const facts = { process: thisHolder().uuid, now: Date.now(), intervalMs };
		const cursor = atPoll(known, { ...facts, fateOf });
		return { ...present, cursor };
	}

	private async note({ place, opened, rows, end, isAll }: Taken): Promise<boolean> {
		const before = readPlace(opened.cursor) ?? newPlace(undefined);
		const marks = rows.map(({ mark }) => digestOf(mark));
		const batch = { id: this.id, process: thisHolder().uuid, at: Date.now() };
		const cursor = withReading(before, { marks, end, isAll }, batch);
		const isIdle = rows.length === 0 && isSameJson({ ...cursor, turn: before.turn }, before);
		let isOurs = true;
		if (isIdle) return isOurs;
		await this.store.change(place, (present) => {
			isOurs = present?.epoch === opened.epoch && turnOf(present) === before.turn;
			return isOurs ? { ...opened, cursor } : undefined;
		});
		return isOurs;
	}

	/** Has the batch made final once n8n has surely taken it. */
	private watch(places: readonly CursorPlace[]): void {
		const { identity, context } = this.node;
		watchTaking(context, JSON.stringify(identity), this.id, async () => {
			for (const place of places) await this.settle(place);
		});
	}

	private async settle(place: CursorPlace): Promise<void> {
		await this.store.change(place, (present) => {
			const known = present && readPlace(present.cursor);
			if (present === undefined || known?.batch?.id !== this.id) return undefined;
			return { ...present, cursor: withFinal(known) } satisfies KeptCursor;
		});
	}
}

/** What notes of a node are called. */
const NOTE = 'pollNote';

function noteAfter(
	step: (present: unknown) => unknown,
): (present: KeptCursor | undefined) => KeptCursor | undefined {
	return (present) => {
		const cursor = step(present?.cursor);
		return cursor === undefined ? undefined : { epoch: 1, start: '', cursor };
	};
}

/** What places of a beginning are called. */
function kindOf(beginning: string | undefined): string {
	return beginning === undefined ? 'poll' : `poll ${beginning}`;
}

function turnOf({ cursor }: KeptCursor): number | undefined {
	return readPlace(cursor)?.turn;
}

function withoutDuplicates(rows: readonly PolledRow[]): PolledRow[] {
	return [...new Map(rows.map((row) => [row.mark, row])).values()];
}

function outputRow({ json, binary }: PolledRow, isRepeated: boolean): OutputRow {
	const told = isRepeated ? { ...json, repeated: true } : json;
	return { json: told, ...(binary && { binary }) };
}

function digestOf(mark: string): string {
	const digest = createHash('sha256').update(mark).digest();
	return digest.subarray(0, MARK_BYTES).toString('base64url');
}

import { cursorSince, type ReadPlace } from '../resources/changes/changeSource';
import type { ChangeCursor } from '../resources/changes/cursor';
import { readChanges, type Read, type Wanted } from './readChanges';
import type { TriggerCursor } from './triggerCursor';
import { askedSince, byServiceClock, type StartWish } from './triggerStart';

/** What was read of a division, and where that began. */
export interface ReadSince {
	at: ChangeCursor;
	/** By the clock of the service. */
	from: StartWish | undefined;
	read: Read;
}

/**
 * Reads what has changed since a cursor, or since the beginning. How far the service's clock is behind that of n8n its first answer
 * tells: where that came with what was read itself, and moves the beginning, all is read anew.
 * @returns undefined where nobody knows where to begin
 */
export async function readSince(
	known: Pick<TriggerCursor, 'at' | 'from'>,
	place: ReadPlace,
	wanted: Omit<Wanted, 'from' | 'now'>,
): Promise<ReadSince | undefined> {
	const { call, division } = place;
	const { client } = call;
	const now = () => Date.now() + Math.max(0, client.serviceAhead ?? 0);
	const readFrom = async (from: StartWish | undefined) => {
		if (known.at !== undefined) return await readAt(known.at, from);
		if (from === undefined) return undefined;
		const at = await cursorSince(call, wanted.entity, division, askedSince(from));
		// Where an answer takes most of a poll, the next one reads.
		if (!wanted.hasTime()) return { at, from, read: nothing(at, wanted.newest) };
		return await readAt(at, from);
	};
	const readAt = async (at: ChangeCursor, from: StartWish | undefined) => {
		return { at, from, read: await readChanges({ ...wanted, from, now }, place, at) };
	};
	const from = known.from && byServiceClock(known.from, client.serviceAhead);
	const first = await readFrom(from);
	const answered = from && byServiceClock(from, client.serviceAhead);
	const isMoved = from && answered && askedSince(answered) !== askedSince(from);
	return isMoved ? await readFrom(answered) : first && { ...first, from: answered };
}

function nothing(cursor: ChangeCursor, newest: string): Read {
	return { rows: [], cursor, newest, isAll: false };
}

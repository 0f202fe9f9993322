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
		const since = from && askedSince(from);
		const at =
			known.at ??
			(since === undefined ? undefined : await cursorSince(call, wanted.entity, division, since));
		return at && { at, from, read: await readChanges({ ...wanted, from, now }, place, at) };
	};
	const from = known.from && byServiceClock(known.from, client.serviceAhead);
	const first = await readFrom(from);
	const answered = from && byServiceClock(from, client.serviceAhead);
	const isMoved = from && answered && askedSince(answered) !== askedSince(from);
	return isMoved ? await readFrom(answered) : first && { ...first, from: answered };
}

import { movesOf } from '../resources/changes/moves';
import type { OperationCall } from '../resources/operation';
import type { Read } from './readChanges';
import type { TriggerCursor } from './triggerCursor';
import { askedSince, byServiceClock, type StartWish } from './triggerStart';

const HOUR_MS = 3_600_000;

/**
 * Asks once an hour whether the division has moved to another database, where all versions are new: then what has
 * changed since all was surely read last is read by its date.
 */
export async function afterMoves(
	call: OperationCall,
	division: number,
	cursor: TriggerCursor,
): Promise<TriggerCursor> {
	const { movesAskedAt, moved: before, ...rest } = cursor;
	const now = Date.now();
	if (movesAskedAt !== undefined && Math.abs(now - movesAskedAt) < HOUR_MS) return cursor;
	const moved = await movesOf(call, division);
	const known = { ...rest, movesAskedAt: now, ...(moved !== undefined && { moved }) };
	if (moved === undefined) return { ...cursor, movesAskedAt: now };
	if (before === undefined || before === moved || movesAskedAt === undefined) return known;
	const { at: _lost, from, wholeAt = movesAskedAt, ...anew } = known;
	const since: StartWish = { kind: 'moment', at: wholeAt };
	const read = askedSince(byServiceClock(since, call.client.serviceAhead));
	// A beginning that stands is one of which not all was read.
	return { ...anew, from: from ?? { kind: 'date', since: read } };
}

/**
 * The cursor after a reading. The division may have moved since it was asked last, and then versions of before say too early that
 * all was read: that is believed of a reading alone that began with the question.
 * @param before the cursor as it was stored
 * @param known the same after the question
 */
export function cursorAfter(
	before: TriggerCursor,
	known: TriggerCursor,
	{ from, read }: { from: StartWish | undefined; read: Read },
): TriggerCursor {
	const { due: _before, ...rest } = known;
	const { movesAskedAt } = known;
	const isWhole = read.isAll && movesAskedAt !== before.movesAskedAt;
	// The first record tells by the beginning whether it is new.
	const isBegun = isWhole && read.newest !== '';
	return {
		...rest,
		...{ at: read.cursor, newest: read.newest, from: isBegun ? undefined : from },
		...(isWhole && { wholeAt: movesAskedAt }),
		...(read.due !== undefined && { due: read.due }),
	};
}

import { movesOf } from '../resources/changes/moves';
import type { OperationCall } from '../resources/operation';
import type { Read } from './readChanges';
import type { TriggerCursor } from './triggerCursor';
import { askedSince, byServiceClock, type StartWish } from './triggerStart';

const HOUR_MS = 3_600_000;

/** A cursor after the question for moves. */
export interface AfterMoves {
	known: TriggerCursor;
	/** Versions that this poll reads are surely those of now: it has been told so, or nobody ever tells. */
	isTold: boolean;
}

/**
 * Asks once an hour whether the division has moved to another database, where all versions are new: then what has
 * changed since all was surely read last is read by its date.
 */
export async function afterMoves(
	call: OperationCall,
	division: number,
	cursor: TriggerCursor,
): Promise<AfterMoves> {
	const { movesAskedAt, moved: before, ...rest } = cursor;
	const now = Date.now();
	if (movesAskedAt !== undefined && Math.abs(now - movesAskedAt) < HOUR_MS) {
		return { known: cursor, isTold: false };
	}
	const moved = await movesOf(call, division);
	if (moved === undefined) return { known: unanswered(cursor, now), isTold: before === undefined };
	const known = { ...rest, movesAskedAt: now, moved };
	if (before === undefined || before === moved || movesAskedAt === undefined) {
		return { known, isTold: true };
	}
	const { at: _lost, from, wholeAt = movesAskedAt, ...anew } = known;
	const since: StartWish = { kind: 'moment', at: wholeAt };
	const read = askedSince(byServiceClock(since, call.client.serviceAhead));
	// A beginning that stands is one of which not all was read.
	return { known: { ...anew, from: from ?? { kind: 'date', since: read } }, isTold: true };
}

/** A question that nobody answers moves on only when the next one is asked. */
function unanswered(cursor: TriggerCursor, now: number): TriggerCursor {
	const { movesAskedAt, wholeAt = movesAskedAt } = cursor;
	return { ...cursor, movesAskedAt: now, ...(wholeAt !== undefined && { wholeAt }) };
}

/**
 * The cursor after a reading. The division may have moved since it was asked last, and then versions of before say too early that
 * all was read: that is believed of a reading alone that began with an answer.
 * @param known the cursor after the question
 * @param isDated whether records say when they were changed
 */
export function cursorAfter(
	known: TriggerCursor,
	{ isTold, isDated }: { isTold: boolean; isDated: boolean },
	{ from, read }: { from: StartWish | undefined; read: Read },
): TriggerCursor {
	const { movesAskedAt } = known;
	const isWhole = read.isAll && isTold;
	// The first record tells by the beginning whether it is new. One without dates cannot: of those all count that come later.
	const isBegun = isWhole && (read.newest !== '' || !isDated);
	return {
		...known,
		...{ at: read.cursor, newest: read.newest, from: isBegun ? undefined : from },
		...(isWhole && { wholeAt: movesAskedAt }),
	};
}

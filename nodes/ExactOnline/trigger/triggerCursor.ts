import { isRecord } from '../../shared/http';
import { readCursor, type ChangeCursor } from '../resources/changes/cursor';
import { readWish, type StartWish } from './triggerStart';

/** How far a trigger has read an entity in a division. */
export interface TriggerCursor {
	/** Missing as long as Exact has not told where to begin. */
	at?: ChangeCursor;
	/** As long as not everything has surely been read that was there at the beginning. */
	from?: StartWish;
	/** The latest change that was read, ISO without a zone: what was made after it is new. */
	newest?: string;
	/** What Exact said then of the moves of the division. */
	moved?: string;
	/** When Exact was asked last whether the division has moved (ms since the epoch). */
	movesAskedAt?: number;
	/** Whether that took all the time of the latest poll, which has read nothing therefore. */
	movesAlone?: boolean;
	/** When it was asked so the last time with a reading that left nothing (ms since the epoch). */
	wholeAt?: number;
}

/** A cursor as it was stored; an empty one for anything else. */
export function readTriggerCursor(value: unknown): TriggerCursor {
	if (!isRecord(value)) return {};
	const { newest, moved, movesAskedAt, movesAlone, wholeAt } = value;
	const at = readCursor(value.at);
	const from = readWish(value.from);
	return {
		...(at && { at }),
		...(from && { from }),
		...(typeof newest === 'string' && { newest }),
		...(typeof moved === 'string' && { moved }),
		...(typeof movesAskedAt === 'number' && { movesAskedAt }),
		...(movesAlone === true && { movesAlone }),
		...(typeof wholeAt === 'number' && { wholeAt }),
	};
}

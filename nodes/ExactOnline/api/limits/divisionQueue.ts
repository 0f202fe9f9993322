import type { CallLimits } from './callLimits';
import { divisionCalls, type ClientState } from './clientState';
import type { Clock } from './clock';
import { inTurn } from './divisionTurns';
import type { LimitMemory } from './limitMemory';

/** What the queue of a request needs to know. */
export interface QueueParts {
	state: ClientState;
	memory: LimitMemory;
	limits: Pick<CallLimits, 'arrived' | 'left'>;
	clock: Clock;
}

/** A request as the queue sees it. */
export interface QueuedRequest {
	/** Names what is sent one after another in this process. */
	turn: string;
	/** Where the order of arrival counts over all processes. */
	orderedIn: number | undefined;
	signal: AbortSignal | undefined;
}

/**
 * Sends a request when it has the turn in this process. Its place among those of all processes, where it needs one, it
 * has from now on, before it queues here, until it has ended or given up.
 *
 * @throws ConnectorError as `inTurn`, and what `send` throws
 */
export async function inQueue<T>(
	{ state, memory, limits, clock }: QueueParts,
	{ turn, orderedIn, signal }: QueuedRequest,
	send: (place: string | undefined) => Promise<T>,
): Promise<T> {
	let place = orderedIn === undefined ? undefined : limits.arrived(orderedIn);
	const leave = () => {
		if (orderedIn !== undefined && place !== undefined) limits.left(orderedIn, place);
		place = undefined;
	};
	const atWork = (memory.atWork ??= new Set());
	const task = async () => {
		atWork.add(turn);
		try {
			return await send(place);
		} finally {
			// While it still has the turn here, so that the next one finds nothing of it.
			leave();
			atWork.delete(turn);
		}
	};
	try {
		return await inTurn(divisionCalls(state, turn), signal, task, clock);
	} finally {
		leave();
	}
}

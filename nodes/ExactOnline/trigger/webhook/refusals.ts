import type { ConnectorError } from '../../../shared/errors';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import type { Receiver } from '../../../shared/node/events/receivedEvents';

/**
 * n8n tries to publish a workflow five times within 15 s, whatever the error is. What Exact Online has clearly
 * refused is not asked for again meanwhile: it counts errors, and blocks the app after ten an hour
 * (docs/facts/exact-online.md 1.7).
 */
const REMEMBERED_MS = 20_000;

const MOST = 200;

interface Refusal {
	error: ConnectorError;
	/** Monotonic clock, milliseconds. */
	at: number;
}

/** What was refused to a node a moment ago, by what was asked for. */
export interface Refusals {
	/** @throws the same error again */
	check(asked: string): void;
	note(asked: string, error: ConnectorError): void;
}

export function refusalsOf(receiver: Receiver): Refusals {
	const known = processState('webhookRefusals1', () => new Map<string, Refusal>());
	const nameOf = (asked: string) => JSON.stringify([...receiver, asked]);
	return {
		check: (asked) => {
			const refusal = known.get(nameOf(asked));
			if (refusal !== undefined && performance.now() - refusal.at < REMEMBERED_MS) {
				throw refusal.error;
			}
		},
		note: (asked, error) => {
			if (isCounted(error)) {
				rememberLatest(known, nameOf(asked), { error, at: performance.now() }, MOST);
			}
		},
	};
}

/** Whether it is one that Exact Online counts, and that would be the same a moment later. */
function isCounted({ httpStatus, retryable }: ConnectorError): boolean {
	return !retryable && [400, 403, 404].includes(httpStatus ?? 0);
}

import { isConnectorError } from '../../../nodes/shared/errors';
import type { CallMessage, ProcessError, ProcessMessage } from './messages';

/** What a process can be asked by name; each takes the one argument of its call. */
type Calls = Record<string, (argument: never) => unknown>;

/**
 * Makes this process answer the calls of the test that started it (`TestProcess`). It ends with the
 * test, whatever it does.
 */
export function answerCalls(calls: Calls): void {
	process.on('message', (message: CallMessage) => {
		void answer(calls, message);
	});
	process.on('disconnect', () => process.exit());
}

/** Tells the test something that it has not asked for. */
export function notify(notice: unknown): void {
	tell({ notice });
}

/** An error as it crosses the process border. */
export function asProcessError(error: unknown): ProcessError {
	if (isConnectorError(error)) {
		const { code, message, repair, retryable } = error;
		return { code, message, repair, retryable };
	}
	return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

async function answer(calls: Calls, { number, name, argument }: CallMessage): Promise<void> {
	try {
		const call = calls[name];
		if (call === undefined) throw new Error(`This process has no call ${name}`);
		tell({ number, value: (await call(argument as never)) ?? null });
	} catch (error) {
		tell({ number, error: asProcessError(error) });
	}
}

function tell(message: ProcessMessage): void {
	// The test may have gone; `disconnect` then ends this process.
	if (process.connected) process.send?.(message);
}

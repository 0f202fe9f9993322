import { processState } from './processState';

const SECOND = 1000;
const DEFAULT_SHUTDOWN_SECONDS = 30;

interface ExitHold {
	/** Work that must be over before the process may end. */
	running: Set<Promise<unknown>>;
	/** The real `process.exit`, while ours stands in its place. */
	exit?: typeof process.exit;
	/** True once somebody has asked to end the process. */
	asked: boolean;
}

/**
 * Runs work that must not be cut off by an orderly end of the process: n8n answers SIGTERM by
 * waiting for its executions and then calls `process.exit`, but a token request whose execution was
 * cancelled is nobody's execution any more, and its answer is the only live secret. While such work
 * runs, `process.exit` waits for it, at most for n8n's shutdown time
 * (`N8N_GRACEFUL_SHUTDOWN_TIMEOUT`, seconds, default 30); a second call ends the process at once.
 */
export async function holdExitDuring<T>(work: () => Promise<T>): Promise<T> {
	const hold = processState<ExitHold>('exitHold1', () => ({ running: new Set(), asked: false }));
	const running = work();
	hold.running.add(running);
	if (hold.exit === undefined) standIn(hold);
	try {
		return await running;
	} finally {
		hold.running.delete(running);
		if (hold.running.size === 0 && !hold.asked) stepAside(hold);
	}
}

function standIn(hold: ExitHold): void {
	const { exit } = process;
	hold.exit = exit;
	const deferred = (code?: number | string | null): void => {
		if (hold.asked || hold.running.size === 0) exit.call(process, code);
		hold.asked = true;
		if (code !== undefined && code !== null) process.exitCode = code;
		const limit = new Promise<void>((resolve) => {
			setTimeout(resolve, shutdownLimitMs()).unref();
		});
		void Promise.race([Promise.allSettled([...hold.running]), limit]).then(() =>
			exit.call(process, code),
		);
	};
	process.exit = deferred as typeof process.exit;
}

function stepAside(hold: ExitHold): void {
	if (hold.exit) process.exit = hold.exit;
	hold.exit = undefined;
}

function shutdownLimitMs(): number {
	const seconds = Number(process.env.N8N_GRACEFUL_SHUTDOWN_TIMEOUT);
	return (Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_SHUTDOWN_SECONDS) * SECOND;
}

import type { QuietedHold } from './earlierExitHold';
import { earlierWork, quietEarlierHold, wakeEarlierHold } from './earlierExitHold';
import { readVariable } from './environment';
import { processState } from './processState';

const SECOND = 1000;
const DEFAULT_SHUTDOWN_SECONDS = 30;

/** So much of n8n's shutdown time is left over: whoever sent the signal kills at its end. */
const RESERVE_MS = 2 * SECOND;

/** Last steps get at least this long after the call of `process.exit`, however late it comes. */
const LEAST_MS = 2 * SECOND;

/** Last steps together get at most this long. */
const LONGEST_MS = 10 * SECOND;

/** What a last step has to keep to. */
export interface ExitTime {
	/** Monotonic clock (`performance.now()`), milliseconds: the process ends then, step or not. */
	deadline: number;
	/** Aborted at the deadline. */
	signal: AbortSignal;
	/** True where n8n's shutdown time ran out, so that it ends with executions under way. */
	executionsMayRun: boolean;
}

/** Something to be done when the process ends in order, after everything else. */
type LastStep = (time: ExitTime) => Promise<void>;

/** Shared by all copies of the package from this shape on. */
interface ExitHold {
	/** Work that must be over before the process may end. */
	running: Set<Promise<unknown>>;
	/** By name: another copy of the package puts its step in the place of the same one. */
	lastSteps: Map<string, LastStep>;
	/** Ours, while it stands in the place of `process.exit`, and what it stands in for. */
	ours?: typeof process.exit;
	exit?: typeof process.exit;
	quieted?: QuietedHold;
	/** When a signal asked for the shutdown; monotonic clock, milliseconds. */
	signalAt?: number;
	listens: boolean;
	stage: 'none' | 'asked' | 'leaving';
}

function exitHold(): ExitHold {
	return processState<ExitHold>('exitHold2', () => ({
		running: new Set(),
		lastSteps: new Map(),
		listens: false,
		stage: 'none',
	}));
}

/**
 * Runs work that must not be cut off by an orderly end of the process: n8n answers a signal by
 * waiting for its executions and then calls `process.exit`, but a token request whose execution was
 * cancelled is nobody's execution any more, and its answer is the only live secret. While such work
 * runs, `process.exit` waits for it, at most for n8n's shutdown time
 * (`N8N_GRACEFUL_SHUTDOWN_TIMEOUT`, seconds, default 30) from its call on, also where executions have used
 * that time up before: whoever cannot wait kills, which costs no more. The exit code of the first call stays.
 */
export async function holdExitDuring<T>(work: () => Promise<T>): Promise<T> {
	const hold = exitHold();
	const running = work();
	hold.running.add(running);
	standIn(hold);
	try {
		return await running;
	} finally {
		hold.running.delete(running);
		stepAside(hold);
	}
}

/**
 * Has something done when the process ends in order: from `process.exit` on, which n8n calls when
 * its executions have ended, after the work that holds the exit, and within n8n's shutdown time less
 * a reserve, counted from the signal; it gets at least 2 s and at most 10 s.
 *
 * @param name replaces the step of the same name
 */
export function doBeforeExit(name: string, step: LastStep): void {
	const hold = exitHold();
	hold.lastSteps.set(name, step);
	standIn(hold);
}

/** Takes a last step back: there is nothing to be done any more. */
export function cancelBeforeExit(name: string): void {
	const hold = exitHold();
	hold.lastSteps.delete(name);
	stepAside(hold);
}

function standIn(hold: ExitHold): void {
	noteSignals(hold);
	// Somebody else may have wrapped ours, or have put back what was there before it.
	if (process.exit === hold.ours) return;
	const { exit } = process;
	hold.exit = exit;
	hold.ours = ((code) => leave(hold, exit, code)) as typeof process.exit;
	process.exit = hold.ours;
	hold.quieted ??= quietEarlierHold(exit);
}

/** What somebody else has wrapped stays; ours behind it then lets everything pass. */
function stepAside(hold: ExitHold): void {
	if (hold.stage !== 'none' || hold.lastSteps.size > 0 || workOf(hold).length > 0) return;
	if (process.exit !== hold.ours || hold.exit === undefined) return;
	process.exit = hold.exit;
	hold.ours = undefined;
	hold.exit = undefined;
	if (hold.quieted !== undefined) wakeEarlierHold(hold.quieted);
	hold.quieted = undefined;
}

/** Only looks at the clock: the listeners of n8n decide what a signal means. */
function noteSignals(hold: ExitHold): void {
	if (hold.listens) return;
	for (const name of ['SIGTERM', 'SIGINT'] as const) {
		// Where nobody listens, Node itself ends the process at the signal, and that must stay so.
		if (process.listenerCount(name) === 0) continue;
		hold.listens = true;
		process.once(name, () => {
			hold.signalAt ??= performance.now();
		});
	}
}

function leave(hold: ExitHold, exit: typeof process.exit, code?: number | string | null): void {
	const isHeld = hold.lastSteps.size > 0 || workOf(hold).length > 0;
	if (hold.stage === 'leaving' || (hold.stage === 'none' && !isHeld)) {
		exit.call(process, code);
		return;
	}
	if (hold.stage === 'asked') return;
	hold.stage = 'asked';
	if (code !== undefined && code !== null) process.exitCode = code;
	void finish(hold).finally(() => {
		hold.stage = 'leaving';
		exit.call(process, code);
	});
}

async function finish(hold: ExitHold): Promise<void> {
	const calledAt = performance.now();
	const limitMs = await shutdownTimeMs();
	await untilOver(settled(hold), calledAt + limitMs);
	if (hold.lastSteps.size === 0) return;
	const askedAt = hold.signalAt ?? calledAt;
	const deadline = Math.min(
		Math.max(askedAt + limitMs - RESERVE_MS, calledAt + LEAST_MS),
		performance.now() + LONGEST_MS,
	);
	if (performance.now() >= deadline) return;
	const abort = new AbortController();
	const { signal } = abort;
	const executionsMayRun = hold.signalAt !== undefined && calledAt >= hold.signalAt + limitMs;
	const steps = [...hold.lastSteps.values()].map(
		async (step) => await step({ deadline, signal, executionsMayRun }),
	);
	await untilOver(Promise.allSettled(steps), deadline);
	abort.abort();
}

/** Waits for the work, at most until then (`performance.now()`). */
async function untilOver(work: Promise<unknown>, giveUpAt: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, Math.max(0, giveUpAt - performance.now()));
	});
	await Promise.race([work, limit]);
	clearTimeout(timer);
}

/** Resolves when all the work is over, also such as began meanwhile. */
async function settled(hold: ExitHold): Promise<void> {
	const seen = new Set<Promise<unknown>>();
	for (;;) {
		const fresh = workOf(hold).filter((work) => !seen.has(work));
		if (fresh.length === 0) return;
		for (const work of fresh) seen.add(work);
		await Promise.allSettled(fresh);
	}
}

function workOf(hold: ExitHold): Array<Promise<unknown>> {
	return [...hold.running, ...earlierWork()];
}

/** n8n's shutdown time; its workers still obey an older variable first. */
async function shutdownTimeMs(): Promise<number> {
	const older = process.argv[2] === 'worker' ? Number(process.env.QUEUE_WORKER_TIMEOUT) : NaN;
	if (Number.isInteger(older) && older > 0) return older * SECOND;
	const named = await readVariable(process.env, 'N8N_GRACEFUL_SHUTDOWN_TIMEOUT', {
		unreadable: () => new Error('The file cannot be read.'),
		emptyIsUnset: true,
	}).catch(() => undefined);
	const seconds = Number(named?.text);
	return (Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_SHUTDOWN_SECONDS) * SECOND;
}

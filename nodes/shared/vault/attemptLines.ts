import { isProvenDead } from '../process/holder';
import type { Attempt } from './rows/attempts';

/** One line of the attempt log as a status shows it; no secret. */
export interface AttemptLine {
	/** ISO text. */
	startedAt: string;
	/** Null while no answer is recorded. */
	durationMs: number | null;
	/** `refresh`, `logon`, `tokenLogOn`, `loginToken`, `logOff`. */
	kind: string;
	outcome: string;
	detail: string | null;
	host: string | null;
	pid: number | null;
}

/** Longer than any request of an attempt takes, in milliseconds. */
const LONGEST_MS = 600_000;

/**
 * An attempt as it is shown. One to which nobody records an answer any more, since its process has ended or
 * too much time has passed, is not under way.
 * @param now wall clock, in milliseconds
 */
export function attemptLine(attempt: Attempt, now = Date.now()): AttemptLine {
	const { startedAt, finishedAt, kind, outcome, detail, holder } = attempt;
	const isAbandoned =
		outcome === 'open' &&
		(now > startedAt + LONGEST_MS || (holder !== null && isProvenDead(holder)));
	return {
		startedAt: isoTime(startedAt),
		durationMs: finishedAt === null ? null : finishedAt - startedAt,
		kind,
		outcome: isAbandoned ? 'unknown' : outcome,
		detail: isAbandoned ? 'no answer was recorded' : detail,
		host: holder?.host ?? null,
		pid: holder?.pid ?? null,
	};
}

/** A time of the store (milliseconds since the epoch) as ISO text. */
export function isoTime(at: number): string;
export function isoTime(at: number | null): string | null;
export function isoTime(at: number | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}

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

/** An attempt as it is shown. */
export function attemptLine(attempt: Attempt): AttemptLine {
	const { startedAt, finishedAt, kind, outcome, detail, holder } = attempt;
	return {
		startedAt: isoTime(startedAt),
		durationMs: finishedAt === null ? null : finishedAt - startedAt,
		kind,
		outcome,
		detail,
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

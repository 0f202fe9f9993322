import { retryAfterMs } from '../../../shared/http';
import type { AskedFor } from '../../wire/answerError';
import { limitOf429, readCallLimits } from './callLimits';
import { cancelled, dayLimit, minuteLimit } from '../clientErrors';
import type { ClientState, DivisionCalls } from './clientState';
import type { Clock } from './clock';

/** The window of a minute is the calendar minute; nobody waits longer for it than this. */
const MAX_MINUTE_WAIT_MS = 61_000;

/** A little more than the reset, since the two clocks are never quite equal. */
const AFTER_RESET_MS = 1000;

/** No daily limit lasts longer; a later time comes from a header that was not understood. */
const MAX_DAY_MS = 25 * 3_600_000;

/** Minutely 429s that one request sits out. */
const MAX_WAITS = 3;

/**
 * Keeps to Exact's call limits for one app and division: one request at a time (facts/exact-online.md
 * 3, concurrency), a pause until the minute is over when its calls are used up, and no request at all
 * once those of the day are. Learns from the headers; works without them.
 */
export class RateLimiter {
	constructor(
		private readonly state: ClientState,
		private readonly clock: Clock,
		private readonly key: string,
	) {}

	/** Runs `task` when all requests to the division queued before it have ended. */
	async inTurn<T>(signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
		const calls = this.calls();
		const before = calls.tail;
		let release: () => void = () => undefined;
		const done = new Promise<void>((resolve) => (release = resolve));
		calls.tail = before.then(async () => await done);
		try {
			await untilDone(before, signal);
			return await task();
		} finally {
			release();
		}
	}

	/**
	 * Waits until a request may be sent.
	 * @throws ConnectorError EXACT_RATE_LIMIT_DAY, EXACT_CANCELLED
	 */
	async ready(asked: AskedFor, signal: AbortSignal | undefined): Promise<void> {
		const calls = this.calls();
		const now = this.clock.now();
		const { day, minute } = calls;
		if (day && day.remaining <= 0 && day.resetAt > now && day.resetAt - now < MAX_DAY_MS) {
			throw dayLimit(asked, day.resetAt);
		}
		if (!minute || minute.remaining > 0) return;
		calls.minute = undefined;
		const wait = minute.resetAt + AFTER_RESET_MS - now;
		if (wait > 0) await pause(this.clock, Math.min(wait, MAX_MINUTE_WAIT_MS), signal);
	}

	/** Takes in what the headers of an answer say. */
	learn(headers: Record<string, string>): void {
		const { minute, day } = readCallLimits(headers, this.clock.now());
		const calls = this.calls();
		if (minute) calls.minute = minute;
		if (day) calls.day = day;
	}

	/**
	 * Judges a 429: returns where the request may be repeated after `ready`.
	 * @param waits how often this request was refused like this before
	 * @throws ConnectorError EXACT_RATE_LIMIT_DAY or EXACT_RATE_LIMIT_MINUTE
	 */
	refused(asked: AskedFor, headers: Record<string, string>, waits: number): void {
		const now = this.clock.now();
		const limits = readCallLimits(headers, now);
		const calls = this.calls();
		if (limitOf429(limits) === 'day') {
			calls.day = { remaining: 0, resetAt: limits.day?.resetAt ?? now };
			throw dayLimit(asked, calls.day.resetAt);
		}
		const retryAfter = retryAfterMs(headers, now);
		const resetAt = limits.minute?.resetAt ?? now + (retryAfter ?? 60_000);
		if (waits >= MAX_WAITS || (retryAfter ?? 0) > MAX_MINUTE_WAIT_MS) {
			throw minuteLimit(asked, now + (retryAfter ?? Math.max(resetAt - now, 0)));
		}
		calls.minute = { remaining: 0, resetAt };
	}

	private calls(): DivisionCalls {
		let calls = this.state.divisions.get(this.key);
		if (!calls) {
			calls = { tail: Promise.resolve() };
			this.state.divisions.set(this.key, calls);
		}
		return calls;
	}
}

/** Waits so long, or fails with EXACT_CANCELLED. */
export async function pause(
	clock: Clock,
	ms: number,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (signal?.aborted) throw cancelled();
	await clock.sleep(ms, signal).catch((failure: unknown) => {
		throw signal?.aborted ? cancelled() : failure;
	});
}

async function untilDone(task: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
	if (signal?.aborted) throw cancelled();
	if (!signal) {
		await task;
		return;
	}
	let onAbort: () => void = () => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		onAbort = () => reject(cancelled());
		signal.addEventListener('abort', onAbort, { once: true });
	});
	try {
		await Promise.race([task, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}

import { released } from '../../../shared/process/singleFlight';
import { isConnectorError, passOn } from '../../../shared/errors';
import { cancelled } from '../clientErrors';
import { CallBatches, type BatchedCall } from './callBatches';
import { judge429, waitForReset } from './callWindows';
import { pauseForLimit, type Clock } from './clock';
import type { ErrorAnswer } from './endpointErrors';
import { ErrorCounts, type BudgetedCall } from './errorCounts';
import type { LimitMemory } from './limitMemory';
import type { LimitStore } from './limitStore';

/** One request as the limits see it. */
export interface LimitedCall extends BudgetedCall, BatchedCall {
	/** n8n's cancel signal; ends every wait. */
	signal?: AbortSignal;
}

/**
 * Exact's limits as a client meets them: calls per minute and day of one app and division, errors
 * per hour of one endpoint (docs/facts/exact-online.md 1.7 and 3). Where they are kept, and who
 * shares them, is the store's business.
 *
 * Only `ready` and `refused` may fail. The others come after an answer, and no trouble of the store
 * may take that answer's place.
 */
export interface CallLimits {
	/**
	 * A request has come that is to be sent in its turn among those of all processes.
	 * @returns its place, for `LimitedCall.place`, until `left`
	 */
	arrived(division: number): string;

	/** The request of a place has ended with all its repetitions, whatever came of it. */
	left(division: number, place: string): void;

	/**
	 * Waits until the request may be sent.
	 * @throws ConnectorError EXACT_RATE_LIMIT_DAY, EXACT_ERROR_BUDGET, EXACT_CANCELLED, what ends a wait by the
	 * clock, or what the store throws
	 */
	ready(call: LimitedCall): Promise<void>;

	/** Looks at the last moment: false where another process may have the turn by now. Never fails. */
	mayLeave(call: LimitedCall): boolean;

	/** The request has ended without an answer. */
	unanswered(call: LimitedCall, wasSent: boolean): Promise<void>;

	/** Takes in the headers of an answer with any status, and that one below 300 was a success. */
	learned(call: LimitedCall, status: number, headers: Record<string, string>): Promise<void>;

	/** Counts an error answer, where Exact counts it. */
	failed(call: LimitedCall, answer: ErrorAnswer): Promise<void>;

	/**
	 * Takes in a 429: returns where the request may be repeated after `ready`. Where the store cannot keep
	 * it, the wait is over then.
	 * @param waits how often this request was refused like this before
	 * @throws ConnectorError EXACT_RATE_LIMIT_DAY, EXACT_RATE_LIMIT_MINUTE, EXACT_CANCELLED
	 */
	refused(call: LimitedCall, headers: Record<string, string>, waits: number): Promise<void>;

	/** The service said that it blocks the app at this endpoint. */
	blocked(call: LimitedCall): Promise<void>;
}

/** Whose limits they are. */
export interface LimitScope {
	/** Origin and client id: Exact counts calls per app. */
	app: string;
	/** Origin, client id and user: Exact counts errors per app and user. */
	readonly user: string;
}

/** Statuses of which `failed` or `blocked` tells more. */
const TOLD_LATER = new Set([400, 401, 403, 404, 429]);

/** Limits that a store keeps. */
export class StoredCallLimits implements CallLimits {
	private readonly batches: CallBatches;

	private readonly counts: ErrorCounts;

	constructor(
		store: LimitStore,
		private readonly clock: Clock,
		private readonly scope: LimitScope,
		memory: LimitMemory,
	) {
		this.batches = new CallBatches(store, clock, memory);
		this.counts = new ErrorCounts(store, clock, memory);
	}

	arrived(division: number): string {
		return this.batches.arrived(callsKey(this.scope, division));
	}

	left(division: number, place: string): void {
		this.batches.left(callsKey(this.scope, division), place);
	}

	async ready(call: LimitedCall): Promise<void> {
		const { signal } = call;
		const key = this.errorsKey(call);
		// Of the time before, where it is repeated.
		if (call.pending !== undefined) await this.noLongerPending(call);
		const early = this.counts.checkKnown(key, call);
		if (early) await early.catch(asCancelled(signal));
		const since = call.division === undefined ? undefined : await this.takeCall(call);
		try {
			const checking = this.counts.check(key, call, since);
			if (checking) await checking.catch(asCancelled(signal));
		} catch (error) {
			this.batches.notMade(this.callsKey(call));
			passOn(error);
		}
	}

	mayLeave(call: LimitedCall): boolean {
		return call.division === undefined || this.batches.mayLeave(this.callsKey(call));
	}

	async unanswered(call: LimitedCall, wasSent: boolean): Promise<void> {
		const key = this.callsKey(call);
		if (wasSent) this.batches.unanswered(key);
		else this.batches.notMade(key);
		await this.noLongerPending(call);
	}

	async learned(call: LimitedCall, status: number, headers: Record<string, string>): Promise<void> {
		const isGood = status >= 200 && status < 300;
		if (call.division !== undefined) {
			const telling = this.batches.answered(this.callsKey(call), headers, isGood);
			if (telling) await whetherKept(telling, call.signal);
		}
		if (TOLD_LATER.has(status)) return;
		await this.ended(call, isGood);
	}

	async failed(call: LimitedCall, answer: ErrorAnswer): Promise<void> {
		await whetherKept(this.counts.failed(this.errorsKey(call), call, answer), call.signal);
	}

	async refused(call: LimitedCall, headers: Record<string, string>, waits: number): Promise<void> {
		await this.noLongerPending(call);
		const { windows, error } = judge429(headers, this.clock.now(), call, waits);
		const isKept =
			call.division !== undefined &&
			(await whetherKept(this.batches.refused(this.callsKey(call), windows), call.signal));
		if (error) throw error;
		if (isKept) return;
		// The wait is here then, because `ready` will not know of it.
		const now = this.clock.now();
		const ms = waitForReset(windows.minute?.resetAt ?? now, now);
		await pauseForLimit(this.clock, ms, call.signal);
	}

	async blocked(call: LimitedCall): Promise<void> {
		await whetherKept(this.counts.blocked(this.errorsKey(call), call), call.signal);
	}

	private async noLongerPending(call: LimitedCall): Promise<void> {
		await this.ended(call, false);
		delete call.pending;
	}

	private async ended(call: LimitedCall, isGood: boolean): Promise<void> {
		const telling = this.counts.ended(this.errorsKey(call), call, isGood);
		if (telling) await whetherKept(telling, call.signal);
	}

	private async takeCall(call: LimitedCall): Promise<number> {
		const key = this.callsKey(call);
		const held = this.batches.ofHeld(key, call);
		return held ?? (await this.batches.next(key, call).catch(asCancelled(call.signal)));
	}

	private callsKey({ division }: LimitedCall): string {
		return callsKey(this.scope, division);
	}

	private errorsKey({ division }: LimitedCall): string {
		return errorsKey(this.scope, division);
	}
}

/** Under which key the calls of an app to a division are kept. */
export function callsKey({ app }: LimitScope, division: number | undefined): string {
	return [app, division ?? 'current'].join('|');
}

/** Under which key the errors of a user in a division are kept. */
export function errorsKey({ user }: LimitScope, division: number | undefined): string {
	return [user, division ?? 'current'].join('|');
}

/** Passes a failure on; a wait that the signal has ended becomes EXACT_CANCELLED. */
function asCancelled(signal: AbortSignal | undefined): (failure: unknown) => never {
	return (failure) => {
		throw signal?.aborted && !isConnectorError(failure) ? cancelled() : failure;
	};
}

/**
 * Waits for what is to be kept and never throws. A cancel ends the wait and not the keeping: Exact
 * has counted the answer, whoever still wants it.
 */
async function whetherKept(
	keeping: Promise<unknown>,
	signal: AbortSignal | undefined,
): Promise<boolean> {
	const done = keeping.then(
		() => true,
		() => false,
	);
	return await released(done, signal).catch(() => false);
}

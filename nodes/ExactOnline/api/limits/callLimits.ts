import { isConnectorError } from '../../../shared/errors';
import { released } from '../../../shared/process/singleFlight';
import { cancelled } from '../clientErrors';
import { judge429, waitBefore, withHeaders, withoutMinute } from './callWindows';
import type { CallWindows, EndpointErrors } from './clientState';
import { pause, type Clock } from './clock';
import {
	heldBack,
	withBlock,
	withError,
	withSuccess,
	type CountedRequest,
	type ErrorAnswer,
} from './endpointErrors';
import type { LimitStore, StateStep } from './limitStore';

/** One request as the limits see it. */
export interface LimitedCall extends CountedRequest {
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
	 * Waits until the request may be sent.
	 * @throws ConnectorError EXACT_RATE_LIMIT_DAY, EXACT_ERROR_BUDGET, EXACT_CANCELLED, or what the
	 * store throws
	 */
	ready(call: LimitedCall): Promise<void>;

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
	user: string;
}

/** Full minutes that one request sits out before it leaves the judgement to Exact. */
const MAX_MINUTES = 3;

/** Limits that a store keeps. */
export class StoredCallLimits implements CallLimits {
	constructor(
		private readonly store: LimitStore,
		private readonly clock: Clock,
		private readonly scope: LimitScope,
	) {}

	async ready(call: LimitedCall): Promise<void> {
		const error = await this.errors(call, (errors, now) => ({
			result: heldBack(errors, now, call),
		}));
		if (error) throw error;
		for (let minutes = 0; minutes < MAX_MINUTES; minutes += 1) {
			const { wait, minute } = await this.calls(call, (windows, now) => ({
				result: { wait: waitBefore(windows, now, call), minute: windows.minute },
			}));
			if (wait === 0) return;
			await pause(this.clock, wait, call.signal);
			// Kept or not, the minute is over: the next look at the windows tells.
			await this.keepCalls(call, (windows) => withoutMinute(windows, minute));
		}
	}

	async learned(call: LimitedCall, status: number, headers: Record<string, string>): Promise<void> {
		await this.keepCalls(call, (windows, now) => withHeaders(windows, headers, now));
		if (status < 200 || status >= 300) return;
		await this.keepErrors(call, (errors) => withSuccess(errors, call));
	}

	async failed(call: LimitedCall, answer: ErrorAnswer): Promise<void> {
		await this.keepErrors(call, (errors, now) => withError(errors, now, call, answer));
	}

	async refused(call: LimitedCall, headers: Record<string, string>, waits: number): Promise<void> {
		const judge = (known: CallWindows, now: number) => judge429(known, headers, now, call, waits);
		// The judgement needs nothing but the answer; only what others are told needs the store.
		const { windows, error } = judge({}, this.clock.now());
		const isKept = await this.keepCalls(call, (known, now) => judge(known, now).windows);
		if (error) throw error;
		if (isKept) return;
		// The wait is here then, because `ready` will not know of it.
		await pause(this.clock, waitBefore(windows, this.clock.now(), call), call.signal);
	}

	async blocked(call: LimitedCall): Promise<void> {
		await this.keepErrors(call, withBlock);
	}

	private async calls<T>(call: LimitedCall, step: StateStep<CallWindows, T>): Promise<T> {
		const { signal } = call;
		return await this.store.calls(this.callsKey(call), step, signal).catch(asCancelled(signal));
	}

	private async errors<T>(call: LimitedCall, step: StateStep<EndpointErrors, T>): Promise<T> {
		const { signal } = call;
		return await this.store.errors(this.errorsKey(call), step, signal).catch(asCancelled(signal));
	}

	private async keepCalls(call: LimitedCall, change: Change<CallWindows>): Promise<boolean> {
		const keeping = this.store.calls(this.callsKey(call), stepOf(change));
		return await whetherKept(keeping, call.signal);
	}

	private async keepErrors(call: LimitedCall, change: Change<EndpointErrors>): Promise<boolean> {
		const keeping = this.store.errors(this.errorsKey(call), stepOf(change));
		return await whetherKept(keeping, call.signal);
	}

	private callsKey({ division }: LimitedCall): string {
		return callsKey(this.scope, division);
	}

	private errorsKey({ division, endpoint }: LimitedCall): string {
		return [this.scope.user, division ?? 'current', endpoint].join('|');
	}
}

/** Under which key the calls of an app to a division are kept. */
export function callsKey({ app }: LimitScope, division: number | undefined): string {
	return [app, division ?? 'current'].join('|');
}

/** Passes a failure on; a wait that the signal has ended becomes EXACT_CANCELLED. */
function asCancelled(signal: AbortSignal | undefined): (failure: unknown) => never {
	return (failure) => {
		throw signal?.aborted && !isConnectorError(failure) ? cancelled() : failure;
	};
}

/** What an answer makes of a state. */
type Change<S> = (state: S, now: number) => S;

function stepOf<S>(change: Change<S>): StateStep<S, undefined> {
	return (state, now) => ({ state: change(state, now), result: undefined });
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

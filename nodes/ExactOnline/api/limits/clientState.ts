import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';

/** Of so many divisions and users something is known, each. */
export const MOST_REMEMBERED = 5_000;

/** What is known of one of Exact's call limits (docs/facts/exact-online.md 3). */
export interface LimitWindow {
	remaining: number;
	/** On the clock of whoever keeps it (`LimitStore`), in milliseconds since the epoch. */
	resetAt: number;
	/** Calls in the whole window, where an answer has told. */
	limit?: number;
	/** Since when its calls are counted here. */
	openedAt?: number;
	/** Nobody has told yet what is left of it, and until when. */
	isAssumed?: boolean;
}

/** Both call limits of one app in one division, as far as they are known. */
export interface CallWindows {
	minute?: LimitWindow;
	day?: LimitWindow;
}

/** Calls that one process has in its hands, and its right to have a request under way. */
export interface CallGrant {
	id: string;
	at: number;
	/** Then it is over, whatever became of the process. */
	until: number;
	calls: number;
	/** How many such grants its owner bears, itself included. */
	parallel: number;
}

/** Both call limits of one app in one division, as all processes know them together. */
export interface SharedCalls extends CallWindows {
	/** The answers tell of no minute, so that its calls are not counted. */
	isUnlimited?: boolean;
	grants?: CallGrant[];
	/** Who waits for a grant, in order. */
	waiting?: Waiter[];
}

/** A place in the queue for a grant. */
export interface Waiter {
	id: string;
	/** By then it has to be stated again. */
	until: number;
	/** The process whose request has had it since it came; left out of one for whatever its process sends next. */
	owner?: string;
}

/** Calls of one app to one division. */
export interface DivisionCalls extends CallWindows {
	/** Ends when every request queued so far has ended. */
	tail: Promise<unknown>;
}

/** One error answer that counts against the hourly limit (docs/facts/exact-online.md 1.7). */
export interface CountedError {
	at: number;
	/** What the request looked like, without the values in it. */
	shape: string;
	/** Status, code and text of the answer. */
	kind: string;
	/** True when the same request has succeeded since. */
	settled: boolean;
	/** Of the request with its values; missing where they cannot be told. */
	digest?: string;
	/** Digest of the access token, of a 401: another token may be accepted. */
	token?: string;
	/** Index of the input item that it was sent for. */
	item?: number;
}

/** A request that fails over and over. */
export interface StuckRequest {
	shape: string;
	kind: string;
	digest?: string;
	/** Nothing is sent before; then one request tells whether it still fails. */
	until: number;
	/** Index of the input item that it was sent for. */
	item?: number;
}

/** A request under way that may bring one of the last errors. */
export interface PendingRequest {
	id: string;
	/** Then it counts no more, whatever became of the process. */
	until: number;
}

export interface EndpointErrors {
	recent: CountedError[];
	stuck?: StuckRequest[];
	/** Set when the service itself said that it blocks the app. */
	blockedUntil?: number;
	pending?: PendingRequest[];
}

/** Errors of one user in one division, by endpoint. */
export type DivisionErrors = Record<string, EndpointErrors>;

/** Where a user's divisions are to be found: some licences lack the first list. */
export type DivisionList = 'system/Divisions' | 'hrm/Divisions' | 'current/Me';

/**
 * What all clients of a process know together, since Exact counts calls and errors per app and
 * division, not per execution. Copies of this package that were loaded earlier share it.
 */
export interface ClientState {
	/** Key: origin, client id, division; for calls without one origin, client id, credential, endpoint. */
	divisions: Map<string, DivisionCalls>;
	/** What earlier copies have counted. Key: origin, client id, credential, division, endpoint. */
	errors: Map<string, EndpointErrors>;
	/** Key: origin, client id, credential. */
	divisionLists: Map<string, DivisionList>;
}

export function createClientState(): ClientState {
	return { divisions: new Map(), errors: new Map(), divisionLists: new Map() };
}

/** The state that this process shares, also with other copies of this package. */
export function sharedClientState(): ClientState {
	return processState('exact1', createClientState);
}

/** The calls of one app to one division; begins them where there are none. */
export function divisionCalls(state: ClientState, key: string): DivisionCalls {
	const calls = state.divisions.get(key) ?? { tail: Promise.resolve() };
	// Each request says anew that it is in use, so none with a request under way is forgotten.
	rememberLatest(state.divisions, key, calls, MOST_REMEMBERED);
	return calls;
}

/** Keeps where a user's divisions are to be found; it is found out anew where it is forgotten. */
export function keepDivisionList(state: ClientState, key: string, list: DivisionList): void {
	rememberLatest(state.divisionLists, key, list, MOST_REMEMBERED);
}

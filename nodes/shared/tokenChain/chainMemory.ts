import { processState } from '../process/processState';

/** An access token in this process's memory, with times on its monotonic clock (ms). */
export interface RememberedToken {
	recordId: string;
	generation: number;
	accessToken: string;
	lifeMs: number;
	/** Null where nobody knows the age. */
	requestedAt: number | null;
	receivedAt: number | null;
	/** True where the age is an upper bound: the token may end earlier than it says. */
	ageUncertain: boolean;
	/** End of life by the wall clock, which goes on while the machine sleeps; null as above. */
	validUntilWall: number | null;
}

/** That an authorization belongs to a record, and until when the guard's word on it holds (monotonic, ms). */
export interface RememberedAuthorization {
	recordId: string;
	checkUntil: number;
}

interface ChainMemory {
	tokens: Map<string, RememberedToken>;
	authorizations: Map<string, RememberedAuthorization>;
	/** Work under way, once per process whatever copy of the package started it. */
	flights: Map<string, Promise<unknown>>;
}

/** Shared by all copies of the package in this process; keys start with the vault's id. */
export function chainMemory(): ChainMemory {
	return processState('tokenChain1', () => ({
		tokens: new Map<string, RememberedToken>(),
		authorizations: new Map<string, RememberedAuthorization>(),
		flights: new Map<string, Promise<unknown>>(),
	}));
}

/**
 * Joins work that is under way under this key, or starts it. The work belongs to the process: a
 * caller that goes away (`released`) does not end it.
 */
export async function singleFlight<T>(key: string, start: () => Promise<T>): Promise<T> {
	const { flights } = chainMemory();
	const present = flights.get(key) as Promise<T> | undefined;
	if (present) return await present;
	const flight = start().finally(() => {
		if (flights.get(key) === flight) flights.delete(key);
	});
	flights.set(key, flight);
	return await flight;
}

/**
 * Waits for a promise until the caller's signal says stop; the work behind it goes on.
 * @throws the signal's reason
 */
export async function released<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return await work;
	signal.throwIfAborted();
	return await new Promise<T>((resolve, reject) => {
		const stop = () =>
			reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled'));
		signal.addEventListener('abort', stop, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
	});
}

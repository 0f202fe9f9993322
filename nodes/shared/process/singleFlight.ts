import { processState } from './processState';

/**
 * Flights stand beside the token chains' memory, under its key: there copies of the package that were
 * loaded earlier look for them.
 */
interface FlightState {
	tokens: Map<string, unknown>;
	authorizations: Map<string, unknown>;
	/** Work under way, once per process whatever copy of the package started it. */
	flights: Map<string, Promise<unknown>>;
}

/** The state of this process that holds single flights, and what token chains remember. */
export function flightState(): FlightState {
	return processState<FlightState>('tokenChain1', () => ({
		tokens: new Map(),
		authorizations: new Map(),
		flights: new Map(),
	}));
}

/**
 * Joins work that is under way under this key, or starts it. The work belongs to the process: a
 * caller that goes away (`released`) does not end it.
 */
export async function singleFlight<T>(key: string, start: () => Promise<T>): Promise<T> {
	const { flights } = flightState();
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
	if (signal.aborted) {
		// Nobody waits for the work any more: its failure must not end the process as an unhandled one.
		work.catch(() => undefined);
		signal.throwIfAborted();
	}
	return await new Promise<T>((resolve, reject) => {
		const stop = () =>
			reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled'));
		signal.addEventListener('abort', stop, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
	});
}

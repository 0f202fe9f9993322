import { AsyncLocalStorage } from 'node:async_hooks';

/** Asked at the last moment before a request may leave: false holds it back. */
export type MayLeave = () => boolean;

const gates = new AsyncLocalStorage<MayLeave>();

/**
 * Runs work whose requests ask before they leave: once the connection stands and nothing has been
 * written to it. A request that is held back fails with HTTP_HELD_BACK and `requestSent: false`.
 */
export async function gateRequests<T>(mayLeave: MayLeave, work: () => Promise<T>): Promise<T> {
	return await gates.run(mayLeave, work);
}

/** What the request that is made here has to ask. */
export function presentGate(): MayLeave {
	return gates.getStore() ?? (() => true);
}

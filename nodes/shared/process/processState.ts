const GLOBAL_KEY = Symbol.for('n8n-nodes-exactonline-docuware');

type StateByKey = Record<string, unknown>;

/**
 * State that must exist once per process, whichever copy of this package asks for it.
 * n8n loads an updated package beside the old one, so module variables would exist twice, and two
 * single flights under one pid could spend one refresh token twice.
 *
 * @param key name with a version (`vault1`): the shape behind one key never changes.
 * @param create makes the state on first use.
 */
export function processState<T>(key: string, create: () => T): T {
	const holder = globalThis as typeof globalThis & { [GLOBAL_KEY]?: StateByKey };
	const states = (holder[GLOBAL_KEY] ??= {});
	states[key] ??= create();
	return states[key] as T;
}

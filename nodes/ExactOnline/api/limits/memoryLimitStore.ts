import type { CallWindows, ClientState, EndpointErrors } from './clientState';
import { divisionCalls, keepErrors } from './clientState';
import type { Clock } from './clock';
import type { LimitStore, StateStep } from './limitStore';

/**
 * The limits of one process, in its memory. Windows and errors are changed in place, because copies
 * of this package that were loaded earlier hold the same objects.
 */
export class MemoryLimitStore implements LimitStore {
	constructor(
		private readonly state: ClientState,
		private readonly clock: Pick<Clock, 'now'>,
	) {}

	async calls<T>(key: string, step: StateStep<CallWindows, T>): Promise<T> {
		const calls = divisionCalls(this.state, key);
		const { state, result } = step({ minute: calls.minute, day: calls.day }, this.clock.now());
		if (state !== undefined) Object.assign(calls, { minute: state.minute, day: state.day });
		return await Promise.resolve(result);
	}

	async errors<T>(key: string, step: StateStep<EndpointErrors, T>): Promise<T> {
		const errors = this.state.errors.get(key) ?? { recent: [] };
		const { state, result } = step(errors, this.clock.now());
		if (state !== undefined) keepErrors(this.state, key, Object.assign(errors, state));
		return await Promise.resolve(result);
	}
}

import type { DivisionErrors, SharedCalls } from './clientState';
import type { Clock } from './clock';
import { remember, type LimitMemory } from './limitMemory';
import type { KeptLimits, LimitStore, StateStep } from './limitStore';

/** The limits of one process, in its memory. */
export class MemoryLimitStore implements LimitStore {
	constructor(
		private readonly memory: LimitMemory,
		private readonly clock: Pick<Clock, 'now'>,
	) {}

	async calls<T>(key: string, step: StateStep<SharedCalls, T>): Promise<T> {
		return await Promise.resolve(this.change(this.memory.calls, key, {}, step));
	}

	async errors<T>(key: string, step: StateStep<DivisionErrors, T>): Promise<T> {
		return await Promise.resolve(this.change(this.memory.errors, key, {}, step));
	}

	async kept(prefix: string): Promise<KeptLimits> {
		const { calls, errors } = this.memory;
		const now = this.clock.now();
		return await Promise.resolve({
			calls: within(calls, prefix),
			errors: within(errors, prefix),
			now,
		});
	}

	async alone(): Promise<undefined> {
		return await Promise.resolve(undefined);
	}

	private change<S, T>(map: Map<string, S>, key: string, none: S, step: StateStep<S, T>): T {
		const { state, result } = step(map.get(key) ?? none, this.clock.now());
		if (state !== undefined) remember(map, key, state);
		return result;
	}
}

function within<S>(map: ReadonlyMap<string, S>, prefix: string): Map<string, S> {
	return new Map([...map].filter(([key]) => key.startsWith(prefix)));
}

import { passOn } from '../../../shared/errors';
import { isLeaseTimeout, isVaultTrouble } from '../../../shared/vault/vaultErrors';
import type { DivisionErrors, SharedCalls } from './clientState';
import type { Clock } from './clock';
import { remember, type LimitMemory } from './limitMemory';
import type { HeldAlone, KeptLimits, LimitStore, StateStep } from './limitStore';
import { MemoryLimitStore } from './memoryLimitStore';

/** How long a store that gave trouble is not asked again, in milliseconds. */
const STORE_AWAY_MS = 5_000;

/**
 * A store whose trouble stops nobody: while it is away the process keeps the limits by itself, from what it has seen
 * last. So two processes can together use more than the limit then, and Exact's 429 tells them.
 */
export class PatientLimitStore implements LimitStore {
	private readonly own: MemoryLimitStore;

	constructor(
		private readonly shared: LimitStore,
		private readonly memory: LimitMemory,
		private readonly clock: Pick<Clock, 'now'>,
	) {
		this.own = new MemoryLimitStore(memory, clock);
	}

	async calls<T>(key: string, step: StateStep<SharedCalls, T>, signal?: AbortSignal): Promise<T> {
		return await this.orOwn(
			async () =>
				await mirrored(this.memory.calls, key, step, (one) => this.shared.calls(key, one, signal)),
			async () => await this.own.calls(key, step),
		);
	}

	async errors<T>(
		key: string,
		step: StateStep<DivisionErrors, T>,
		signal?: AbortSignal,
	): Promise<T> {
		return await this.orOwn(
			async () =>
				await mirrored(this.memory.errors, key, step, (one) =>
					this.shared.errors(key, one, signal),
				),
			async () => await this.own.errors(key, step),
		);
	}

	async kept(prefix: string): Promise<KeptLimits> {
		return await this.orOwn(
			async () => await this.shared.kept(prefix),
			async () => await this.own.kept(prefix),
		);
	}

	/** @throws besides, VAULT_LEASE_TIMEOUT: a store that is busy is not away */
	async alone(key: string, signal?: AbortSignal): Promise<HeldAlone | undefined> {
		return await this.orOwn(
			async () => await this.shared.alone(key, signal),
			async () => await this.own.alone(),
		);
	}

	private async orOwn<T>(shared: () => Promise<T>, own: () => Promise<T>): Promise<T> {
		if (this.clock.now() < this.memory.storeAwayUntil) return await own();
		try {
			return await shared();
		} catch (error) {
			if (!isVaultTrouble(error) || isLeaseTimeout(error)) passOn(error);
			this.memory.storeAwayUntil = this.clock.now() + STORE_AWAY_MS;
			return await own();
		}
	}
}

/**
 * Runs a step, and remembers the state that came of it for a time without the store; where it cannot be kept, the one that
 * the store has, unless the process knows a later one.
 */
async function mirrored<S, T>(
	map: Map<string, S>,
	key: string,
	step: StateStep<S, T>,
	run: (step: StateStep<S, T>) => Promise<T>,
): Promise<T> {
	let found: S | undefined;
	let kept: S | undefined;
	try {
		const result = await run((state, now) => {
			const made = step(state, now);
			found = state;
			kept = made.state ?? state;
			return made;
		});
		if (kept !== undefined) remember(map, key, kept);
		return result;
	} catch (error) {
		if (found !== undefined && !map.has(key)) remember(map, key, found);
		passOn(error);
	}
}

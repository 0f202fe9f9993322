import { setTimeout as delay } from 'node:timers/promises';

import { released } from '../../../shared/process/singleFlight';
import { lastly, storeNow, together } from '../../../shared/vault/database/transaction';
import {
	compareAndSetItem,
	itemLock,
	itemSubject,
	itemsBelow,
	putItem,
	readItem,
	type VaultItem,
} from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import { watchStandstill } from '../../../shared/vault/spending/standstill';
import type { Vault } from '../../../shared/vault/vault';
import { LEASE_WAIT_MS } from '../../../shared/vault/leaseHolding';
import type { DivisionErrors, SharedCalls } from './clientState';
import type { HeldAlone, KeptLimits, LimitStore, StateStep } from './limitStore';
import { parseDivisionErrors, parseSharedCalls } from './storedLimits';

/** The limits count at most a day; older counts say nothing. */
const KEPT_MS = 7 * 86_400_000;

/** Scopes of the items; the version names the form of what stands in them. */
const SCOPE = {
	calls: itemScope('exactCalls2', KEPT_MS),
	errors: itemScope('exactErrors2', KEPT_MS),
} as const;

/**
 * Tries of one step without holding anything. A try is lost only to somebody else whose change was kept; after so many lost
 * ones as many others are at work on the same division or endpoint, and the step takes the item's lock, so that it cannot
 * lose again.
 */
const FREE_TRIES = 4;

/** Longest pause before another try, in milliseconds; drawn, so that rivals part. */
const LONGEST_PAUSE_MS = 20;

/** The parts of a vault that the store needs. */
export type LimitVault = Pick<Vault, 'read' | 'write' | 'withLease' | 'sealer' | 'leaseMs'>;

/**
 * The limits of all processes that share a vault, as items of it. A step reads an item, decides
 * without holding anything, and writes by compare-and-set; where somebody else was faster, it decides
 * again, at last under the item's lock: however many others there are, it is never they that make it fail. Times are on the vault's clock. The items are sealed, because the service's words and the
 * paths of requests may tell of people.
 *
 * Besides the signal's reason its methods throw what the vault throws: ConnectorError with a VAULT_* code.
 */
export class VaultLimitStore implements LimitStore {
	constructor(private readonly vault: LimitVault) {}

	async calls<T>(key: string, step: StateStep<SharedCalls, T>, signal?: AbortSignal): Promise<T> {
		return await this.change(SCOPE.calls, key, parseSharedCalls, step, signal);
	}

	async errors<T>(
		key: string,
		step: StateStep<DivisionErrors, T>,
		signal?: AbortSignal,
	): Promise<T> {
		return await this.change(SCOPE.errors, key, parseDivisionErrors, step, signal);
	}

	async kept(prefix: string): Promise<KeptLimits> {
		const [calls, errors, now] = await this.vault.read(() =>
			together(itemsBelow(SCOPE.calls, prefix), itemsBelow(SCOPE.errors, prefix), storeNow()),
		);
		const opened = <S>(
			scope: string,
			items: Array<[string, string]>,
			parse: (value: unknown) => S,
		) => new Map(items.map(([name, value]) => [name, parse(this.open(scope, name, value))]));
		return {
			calls: opened(SCOPE.calls, calls, parseSharedCalls),
			errors: opened(SCOPE.errors, errors, parseDivisionErrors),
			now,
		};
	}

	/** @throws besides, ConnectorError VAULT_LEASE_TIMEOUT */
	async alone(key: string, signal?: AbortSignal): Promise<HeldAlone> {
		return await new Promise((resolve, reject) => {
			const holding = this.vault.withLease(
				`${SCOPE.calls}:${key}`,
				{ waitMs: LEASE_WAIT_MS, ...(signal && { signal }) },
				async () => {
					const watch = watchStandstill();
					// As rule 6 has it (docs/architecture.md): after a longer stand another process may hold the lease.
					const isSure = () => watch.soFar() <= this.vault.leaseMs / 3;
					await new Promise<void>((release) => resolve({ isSure, release }));
					watch.end();
				},
			);
			holding.catch(reject);
		});
	}

	private async change<S, T>(
		scope: string,
		name: string,
		parse: (value: unknown) => S,
		step: StateStep<S, T>,
		signal: AbortSignal | undefined,
	): Promise<T> {
		signal?.throwIfAborted();
		// The vault itself may be busy for seconds, which no signal reaches.
		return await released(this.untilKept(scope, name, parse, step, signal), signal);
	}

	private async untilKept<S, T>(
		scope: string,
		name: string,
		parse: (value: unknown) => S,
		step: StateStep<S, T>,
		signal: AbortSignal | undefined,
	): Promise<T> {
		const subject = itemSubject(scope, name);
		const decided = (item: VaultItem | undefined, now: number) => {
			const present = parse(item && this.open(scope, name, item.value));
			const { state, result } = step(present, now);
			const isNews = state !== undefined && state !== present;
			return {
				result,
				value: isNews ? this.vault.sealer.seal(JSON.stringify(state), subject) : undefined,
			};
		};
		const options = {
			lock: itemLock(scope, name),
			// Calls count for a minute, and the next answer says what is left of it: a flush for each batch would cost more
			// than its requests. Errors count for an hour, and no answer tells of them.
			mayBeLost: scope === SCOPE.calls,
		};
		for (let tries = 0; tries < FREE_TRIES; tries += 1) {
			signal?.throwIfAborted();
			if (tries > 0) await delay(1 + Math.random() * LONGEST_PAUSE_MS);
			const [item, now] = await this.vault.read(() => together(readItem(scope, name), storeNow()));
			const { result, value } = decided(item, now);
			if (value === undefined) return result;
			const version = item?.version ?? 0;
			const isKept = await this.vault.write(
				() => compareAndSetItem(scope, name, value, version),
				options,
			);
			if (isKept) return result;
		}
		signal?.throwIfAborted();
		return await this.vault.write(function* () {
			const [item, now] = yield* together(readItem(scope, name), storeNow());
			const { result, value } = decided(item, now);
			if (value !== undefined) yield* lastly(putItem(scope, name, value));
			return result;
		}, options);
	}

	/**
	 * An item that cannot be read counts as not known and is replaced with the next change: it is damaged
	 * (another key would have ended the opening of the vault), and would else end every call.
	 */
	private open(scope: string, name: string, sealed: string): unknown {
		try {
			return JSON.parse(this.vault.sealer.open(sealed, itemSubject(scope, name)));
		} catch {
			return undefined;
		}
	}
}

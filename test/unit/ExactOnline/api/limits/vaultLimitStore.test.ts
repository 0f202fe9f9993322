import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	VaultLimitStore,
	type LimitVault,
} from '../../../../../nodes/ExactOnline/api/limits/vaultLimitStore';
import { StoredCallLimits } from '../../../../../nodes/ExactOnline/api/limits/callLimits';
import { createLimitMemory } from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import type { LimitStore } from '../../../../../nodes/ExactOnline/api/limits/limitStore';
import { PatientLimitStore } from '../../../../../nodes/ExactOnline/api/limits/patientLimitStore';
import { openSqliteDatabase } from '../../../../../nodes/shared/vault/database/openSqliteDatabase';
import { readItem, putItem } from '../../../../../nodes/shared/vault/rows/items';
import { Sealer } from '../../../../../nodes/shared/vault/sealing';
import { Vault } from '../../../../../nodes/shared/vault/vault';
import { JumpingClock } from '../support/fakes';
import { limitStoreContract, type StorePair } from '../support/limitStoreContract';

let folder: string;
let clock: JumpingClock;
let files = 0;
const vaults: Vault[] = [];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'limit-store-'));
});
beforeEach(() => {
	clock = new JumpingClock();
	files += 1;
});
afterEach(async () => {
	await Promise.all(vaults.splice(0).map(async (vault) => await vault.close()));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** A vault of its own on the file of this test, as another process would have it. */
async function openVault(): Promise<Vault> {
	const file = join(folder, `${files}.sqlite`);
	const database = await openSqliteDatabase(file, { now: () => clock.now() });
	const sealer = new Sealer({ secret: 'key', source: 'the test' });
	const vault = await Vault.open(database, sealer, {}, { spillFolders: [join(folder, 'spill')] });
	vaults.push(vault);
	return vault;
}

/** The vault with something done before each of its writes. */
function beforeWrite(vault: Vault, act: () => Promise<unknown>): LimitVault {
	return {
		sealer: vault.sealer,
		leaseMs: vault.leaseMs,
		withLease: vault.withLease.bind(vault),
		read: async (transaction) => await vault.read(transaction),
		write: async (transaction) => {
			await act();
			return await vault.write(transaction);
		},
	};
}

/** One more call left, so that each step makes a change and counts how often it was kept. */
async function countUp(store: LimitStore, signal?: AbortSignal): Promise<number> {
	return await store.calls(
		'key',
		({ minute }, now) => {
			const remaining = (minute?.remaining ?? 0) + 1;
			return { state: { minute: { remaining, resetAt: now } }, result: remaining };
		},
		signal,
	);
}

describe('the limits in a vault that two processes share', () => {
	limitStoreContract(async (): Promise<StorePair> => {
		const [one, other] = [await openVault(), await openVault()];
		return { one: new VaultLimitStore(one), other: new VaultLimitStore(other), clock };
	});
});

it('decides anew on what somebody faster has left, and loses nothing', async () => {
	const vault = await openVault();
	const rival = new VaultLimitStore(await openVault());
	let left = 2;
	const overtaken = new VaultLimitStore(
		beforeWrite(vault, async () => {
			if (left-- > 0) await countUp(rival);
		}),
	);
	expect(await countUp(overtaken)).toBe(3);
	expect(await countUp(rival)).toBe(4);
});

// Red before: after 25 lost tries the store counted as away, and the process went on by itself, out of turn.
it('a process to which others are always faster gets its turn all the same, in the store', async () => {
	const vault = await openVault();
	const rival = new VaultLimitStore(await openVault());
	let rivals = 0;
	const overtaken = new VaultLimitStore(
		beforeWrite(vault, async () => (rivals += (await countUp(rival)) > 0 ? 1 : 0)),
	);
	const memory = createLimitMemory();
	const patient = new PatientLimitStore(overtaken, memory, clock);
	expect(await countUp(patient)).toBe(rivals + 1);
	expect(rivals).toBeGreaterThan(1);
	expect(await countUp(rival)).toBe(rivals + 2);
	expect(memory.storeAwayUntil).toBe(0);
});

it('errors are counted however many others count theirs', async () => {
	const vault = await openVault();
	const rival = new VaultLimitStore(await openVault());
	let others = 0;
	const count = async (store: VaultLimitStore, endpoint: string) =>
		await store.errors('key', (all) => ({
			state: { ...all, [endpoint]: { recent: [], blockedUntil: 1 } },
			result: undefined,
		}));
	const overtaken = new VaultLimitStore(
		beforeWrite(vault, async () => await count(rival, `crm/${(others += 1)}`)),
	);
	await count(overtaken, 'crm/Mine');
	const kept = await rival.errors('key', (all) => ({ result: Object.keys(all) }));
	expect(kept).toContain('crm/Mine');
	expect(kept).toHaveLength(others + 1);
});

it('what a step throws goes to the caller, and nothing is kept, also after lost tries', async () => {
	const vault = await openVault();
	const rival = new VaultLimitStore(await openVault());
	let last = 0;
	const overtaken = new VaultLimitStore(
		beforeWrite(vault, async () => (last = await countUp(rival))),
	);
	let isLate = false;
	const refused = overtaken.calls('key', ({ minute }, now) => {
		// Not among the tries that others overtake: those begin with a look of their own.
		isLate = (minute?.remaining ?? 0) === last && last > 3;
		if (isLate) throw new RangeError('no more');
		return { state: { minute: { remaining: -1, resetAt: now } }, result: 0 };
	});
	await expect(refused).rejects.toThrow('no more');
	expect(isLate).toBe(true);
	expect(await countUp(rival)).toBe(last + 1);
});

it('writes only where there is something to keep', async () => {
	const vault = await openVault();
	let writes = 0;
	const store = new VaultLimitStore(
		beforeWrite(vault, async () => await Promise.resolve((writes += 1))),
	);
	await store.calls('key', () => ({ result: undefined }));
	await store.calls('key', (state) => ({ state, result: undefined }));
	expect(writes).toBe(0);
	await countUp(store);
	expect(writes).toBe(1);
});

it('no request writes by itself: 55 calls of a minute with sixty are twelve batches', async () => {
	const vault = await openVault();
	let writes = 0;
	const counting = beforeWrite(vault, async () => await Promise.resolve((writes += 1)));
	const memory = createLimitMemory();
	const store = new PatientLimitStore(new VaultLimitStore(counting), memory, clock);
	const limits = new StoredCallLimits(store, clock, { app: 'app', user: 'user' }, memory);
	const call = { method: 'GET', endpoint: 'x', division: 1, shape: 'GET x', parallel: 2 };
	const resetAt = String(Math.ceil(clock.now() / 60_000) * 60_000);
	for (let calls = 1; calls <= 56; calls += 1) {
		await limits.ready(call);
		await limits.learned(call, 200, {
			'x-ratelimit-minutely-limit': '60',
			'x-ratelimit-minutely-remaining': String(60 - calls),
			'x-ratelimit-minutely-reset': resetAt,
		});
	}
	// One call alone before the limit is known, then five each.
	expect(writes).toBe(12);
});

it('a cancel releases the caller while the vault is busy', async () => {
	const vault = await openVault();
	const controller = new AbortController();
	let go: () => void = () => undefined;
	const busy = new Promise<void>((resolve) => (go = resolve));
	const store = new VaultLimitStore(
		beforeWrite(vault, async () => {
			controller.abort(new Error('gone'));
			await busy;
		}),
	);
	const waiting = countUp(store, controller.signal);
	await expect(waiting).rejects.toThrow('gone');
	go();
});

it('asks nothing of the vault where the caller has gone already', async () => {
	const never = () => {
		throw new Error('must not be asked');
	};
	const store = new VaultLimitStore({
		leaseMs: 25_000,
		withLease: never,
		read: never,
		write: never,
		sealer: (await openVault()).sealer,
	});
	const gone = AbortSignal.abort(new Error('gone'));
	await expect(countUp(store, gone)).rejects.toThrow('gone');
});

it('keeps the words of the service sealed', async () => {
	const vault = await openVault();
	const counted = { at: 1, shape: 'GET /x', kind: 'Mrs Jones is unknown', settled: false };
	await new VaultLimitStore(vault).errors('endpoint', () => ({
		state: { 'crm/Accounts': { recent: [counted] } },
		result: undefined,
	}));
	const item = await vault.read(() => readItem('exactErrors2', 'endpoint'));
	expect(item?.value).toEqual(expect.stringMatching(/^v1\./));
	expect(item?.value).not.toContain('Jones');
});

it('takes what another version has written and this one does not know for nothing', async () => {
	const store = new VaultLimitStore(await openVault());
	const foreign = { minute: 'soon', day: { remaining: 3, resetAt: 9 } } as never;
	await store.calls('key', () => ({ state: foreign, result: undefined }));
	expect(await store.calls('key', (state) => ({ result: state }))).toEqual({
		day: { remaining: 3, resetAt: 9 },
	});
	const errors = { x: { recent: [{ at: 'today' }, 7], blockedUntil: 'later' } } as never;
	await store.errors('key', () => ({ state: errors, result: undefined }));
	expect(await store.errors('key', (state) => ({ result: state }))).toEqual({ x: { recent: [] } });
});

it('takes an item that cannot be read for nothing, and replaces it', async () => {
	const vault = await openVault();
	await vault.write(() => putItem('exactCalls2', 'key', 'v1.damaged'));
	const store = new VaultLimitStore(vault);
	expect(await store.calls('key', (state) => ({ result: state }))).toEqual({});
	expect(await countUp(store)).toBe(1);
	expect(await countUp(store)).toBe(2);
});

import { ConnectorError } from '../../../../../nodes/shared/errors';
import type { SqlTransaction } from '../../../../../nodes/shared/vault/database/transaction';
import { neverSent, settleNeverSent } from '../../../../../nodes/shared/vault/spending/neverSent';

/** What writing means for each attempt, by the text of its detail. */
type Fate = 'taken' | 'away' | 'moved' | 'wrongKey';

/** A store that meets one fate after the other. */
class FatefulStore {
	isClosed = false;

	writes = 0;

	/** The records under whose locks was written. */
	readonly records = new Set<string>();

	constructor(
		readonly vaultId: string,
		public fates: Fate[],
	) {}

	async write<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		this.writes += 1;
		const fate = this.fates.shift() ?? 'taken';
		if (fate === 'taken') {
			const running = transaction();
			let step = running.next();
			while (!step.done) step = running.next([]);
			return await Promise.resolve(step.value);
		}
		const codes = { away: 'VAULT_UNAVAILABLE', moved: 'VAULT_MOVED', wrongKey: 'VAULT_DAMAGED' };
		const options = { repair: 'Wait.', retryable: fate === 'away' };
		throw new ConnectorError(codes[fate], 'not taken', options);
	}

	async writeAt<T>(recordId: string, transaction: () => SqlTransaction<T>): Promise<T> {
		this.records.add(recordId);
		return await this.write(transaction);
	}
}

beforeEach(() => {
	jest.useFakeTimers();
});
afterEach(() => {
	jest.useRealTimers();
});

async function retried(): Promise<void> {
	await jest.advanceTimersByTimeAsync(60_000);
}

describe('attempts that never left', () => {
	it('cost nothing where there is none', async () => {
		const store = new FatefulStore('idle', []);
		await expect(settleNeverSent(store)).resolves.toBe(true);
		expect(store.writes).toBe(0);
	});

	it('are told although one of them fails for good', async () => {
		const store = new FatefulStore('one bad', ['away', 'away', 'away']);
		for (const id of ['a', 'b']) await neverSent(store, { id, recordId: 'r' }, null, undefined);
		store.fates = ['wrongKey', 'taken'];
		await expect(settleNeverSent(store)).resolves.toBe(false);
		store.fates = ['taken'];
		const before = store.writes;
		await expect(settleNeverSent(store)).resolves.toBe(true);
		expect(store.writes).toBe(before + 1);
	});

	it('are told once each, however many fail at the same moment', async () => {
		const store = new FatefulStore('many', []);
		const ids = Array.from({ length: 50 }, (_one, index) => `attempt-${index}`);
		await Promise.all(
			ids.map(async (id) => await neverSent(store, { id, recordId: 'r' }, null, undefined)),
		);
		expect(store.writes).toBe(ids.length);
		// Each beside the writes of other records.
		expect([...store.records]).toEqual(['r']);
	});

	it('wait together where the store is away', async () => {
		const store = new FatefulStore('away', ['away', 'away', 'away']);
		for (const id of ['a', 'b']) await neverSent(store, { id, recordId: 'r' }, null, undefined);
		const before = store.writes;
		store.fates = ['away'];
		await expect(settleNeverSent(store)).resolves.toBe(false);
		expect(store.writes).toBe(before + 1);
		store.fates = [];
		await retried();
		await expect(settleNeverSent(store)).resolves.toBe(true);
	});

	it('are not tried again in a vault that was moved, and are told to the one it went to', async () => {
		const old = new FatefulStore('moved', ['moved']);
		await neverSent(old, { id: 'a', recordId: 'r' }, null, undefined);
		await retried();
		expect(old.writes).toBe(1);
		const moved = new FatefulStore('moved', []);
		await expect(settleNeverSent(moved)).resolves.toBe(true);
		expect(moved.writes).toBe(1);
	});
});

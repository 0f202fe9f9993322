import { StoredCallLimits } from '../../../../nodes/ExactOnline/api/limits/callLimits';
import type { DivisionErrors } from '../../../../nodes/ExactOnline/api/limits/clientState';
import { systemClock } from '../../../../nodes/ExactOnline/api/limits/clock';
import { createLimitMemory } from '../../../../nodes/ExactOnline/api/limits/limitMemory';
import { VaultLimitStore } from '../../../../nodes/ExactOnline/api/limits/vaultLimitStore';
import type { ConnectorError } from '../../../../nodes/shared/errors';
import { ENGINES, TestStores } from '../../shared/vault/support/stores';

/** The error of one more request, kept beside those that others have counted. */
function oneMore({ x = { recent: [] } }: DivisionErrors, now: number) {
	const counted = { at: now, shape: '', kind: '', settled: false };
	return { state: { x: { recent: [...x.recent, counted] } }, result: undefined };
}

describe.each(ENGINES)('the limits in a vault on %s', (engine) => {
	const stores = new TestStores(engine);
	beforeAll(async () => await stores.start());
	afterEach(async () => await stores.closeVaults());
	afterAll(async () => await stores.stop());

	async function twoStores(): Promise<[VaultLimitStore, VaultLimitStore]> {
		const store = await stores.create();
		return [new VaultLimitStore(await store.open()), new VaultLimitStore(await store.open())];
	}

	it('lose no count where two processes are at work at once', async () => {
		const pair = await twoStores();
		const both = Array.from({ length: 10 }, (_none, n) => pair[n % 2 === 0 ? 0 : 1]);
		await Promise.all(both.map(async (store) => await store.errors('endpoint', oneMore)));
		const seen = await pair[1].errors('endpoint', ({ x }) => ({ result: x?.recent.length }));
		expect(seen).toBe(10);
	});

	it('a day that one process used up stops the other', async () => {
		const owner = { app: 'https://exact|app', user: 'https://exact|app|user' };
		const call = {
			method: 'GET',
			endpoint: 'crm/Accounts',
			division: 1,
			shape: 'GET',
			parallel: 2,
		};
		const [one, other] = (await twoStores()).map(
			(store) => new StoredCallLimits(store, systemClock, owner, createLimitMemory()),
		);
		const resetAt = Date.now() + 3_600_000;
		await one?.learned(call, 200, {
			'x-ratelimit-remaining': '0',
			'x-ratelimit-reset': String(resetAt),
		});
		const error: unknown = await other?.ready(call).catch((reason: unknown) => reason);
		expect(error).toMatchObject({ code: 'EXACT_RATE_LIMIT_DAY' });
		// The clocks of store and process differ by a little.
		expect(Math.abs((error as ConnectorError).retryAt! - resetAt)).toBeLessThan(1_000);
	});
});

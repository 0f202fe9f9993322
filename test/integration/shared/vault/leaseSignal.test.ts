import { readLease } from '../../../../nodes/shared/vault/rows/leases';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { deferred } from '../../../support/deferred';
import { ENGINES, TestStores } from './support/stores';

const REASON = new Error('cancelled');

describe.each(ENGINES)('the signal of a wait for a lease on %s', (engine) => {
	const stores = new TestStores(engine);
	let vault: Vault;
	const holders: Array<() => void> = [];

	beforeAll(async () => await stores.start());
	beforeEach(async () => {
		vault = await (await stores.create()).open();
	});
	afterEach(async () => {
		for (const letGo of holders.splice(0)) letGo();
		await stores.closeVaults();
	});
	afterAll(async () => await stores.stop());

	/** Holds the lease `l` until it is let go; the second promise tells that it was given back. */
	const hold = async (): Promise<{ letGo(): void; over: Promise<void> }> => {
		const held = deferred();
		const end = deferred();
		holders.push(end.resolve);
		const over = vault.withLease('l', { waitMs: 1_000 }, async () => {
			held.resolve();
			await end.promise;
		});
		await held.promise;
		return { letGo: end.resolve, over };
	};

	const leaseRow = async () => await vault.read(() => readLease('l'));

	it('ends the wait with its reason, runs no work, and leaves no lease', async () => {
		const holder = await hold();
		const before = await leaseRow();
		const controller = new AbortController();
		const work = jest.fn(async () => {});
		const looked = deferred();
		const doneMeanwhile = async () => {
			looked.resolve();
			return await Promise.resolve(undefined);
		};
		const { signal } = controller;
		const waiting = vault.withLease('l', { waitMs: 60_000, doneMeanwhile, signal }, work);
		await looked.promise;
		controller.abort(REASON);
		await expect(waiting).rejects.toBe(REASON);
		expect((await leaseRow())?.token).toBe(before?.token);
		holder.letGo();
		await holder.over;
		expect(await leaseRow()).toBeUndefined();
		expect(work).not.toHaveBeenCalled();
	});

	it('that has said stop already takes no lease', async () => {
		const work = jest.fn(async () => {});
		const signal = AbortSignal.abort(REASON);
		await expect(vault.withLease('l', { waitMs: 1_000, signal }, work)).rejects.toBe(REASON);
		expect(work).not.toHaveBeenCalled();
		expect(await leaseRow()).toBeUndefined();
	});

	it('does not end work that has begun', async () => {
		const controller = new AbortController();
		const done = await vault.withLease(
			'l',
			{ waitMs: 1_000, signal: controller.signal },
			async ({ token }) => {
				controller.abort(REASON);
				return (await leaseRow())?.token === token;
			},
		);
		expect(done).toBe(true);
		expect(await leaseRow()).toBeUndefined();
	});
});

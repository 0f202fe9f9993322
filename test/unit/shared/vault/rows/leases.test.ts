import type { HeldLease } from '../../../../../nodes/shared/vault/rows/leases';
import { mayTakeOver, observe } from '../../../../../nodes/shared/vault/rows/leases';

const LEASE_MS = 30_000;

const lease: HeldLease = {
	name: 'l',
	token: 't',
	holder: null,
	expiresAt: 100_000,
	renewals: 3,
	now: 80_000,
};
const alive = { provenDead: false, visible: true, monotonicNow: 0, leaseMs: LEASE_MS };
const seen = { token: 't', renewals: 3, unchangedSince: 0 };

describe('observe', () => {
	it('counts from the first look, and anew from each heartbeat and each new holder', () => {
		const first = observe(undefined, lease, 10);
		expect(first).toEqual({ token: 't', renewals: 3, unchangedSince: 10 });
		expect(observe(first, lease, 20)).toBe(first);
		expect(observe(first, { ...lease, renewals: 4 }, 20).unchangedSince).toBe(20);
		expect(observe(first, { ...lease, token: 'u' }, 20).unchangedSince).toBe(20);
	});
});

describe('mayTakeOver', () => {
	const expired = { ...lease, now: 100_000 };

	it('takes a lease at once from a process that is proven dead', () => {
		expect(mayTakeOver(lease, seen, { ...alive, provenDead: true })).toBe(true);
	});

	it('takes it from anybody who gave no heartbeat for a whole lease time', () => {
		const at = (monotonicNow: number) => mayTakeOver(lease, seen, { ...alive, monotonicNow });
		expect(at(LEASE_MS - 1)).toBe(false);
		expect(at(LEASE_MS)).toBe(true);
	});

	it('takes a lease that has run out from an invisible holder after a third of the lease time', () => {
		const at = (monotonicNow: number) =>
			mayTakeOver(expired, seen, { ...alive, visible: false, monotonicNow });
		expect(at(LEASE_MS / 3 - 1)).toBe(false);
		expect(at(LEASE_MS / 3)).toBe(true);
	});

	it('leaves it to a visible living process, whatever the clock of the store says', () => {
		const jumped = { ...lease, now: 10 ** 12 };
		expect(mayTakeOver(jumped, seen, { ...alive, monotonicNow: LEASE_MS - 1 })).toBe(false);
	});

	it('is not misled by a store clock that jumped while an invisible holder lives', () => {
		const jumped = { ...lease, now: 10 ** 12, renewals: 4 };
		const observation = observe(seen, jumped, LEASE_MS / 3);
		const facts = { ...alive, visible: false, monotonicNow: LEASE_MS / 3 + 5_000 };
		expect(mayTakeOver(jumped, observation, facts)).toBe(false);
	});

	it('frees the lease of a dead invisible holder although the store clock jumped back', () => {
		const jumpedBack = { ...lease, now: 0 };
		const facts = { ...alive, visible: false, monotonicNow: LEASE_MS };
		expect(mayTakeOver(jumpedBack, seen, facts)).toBe(true);
	});
});

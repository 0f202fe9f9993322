import type { SqlDatabase } from '../../../../nodes/shared/vault/database/sqlDatabase';
import { statementsOf } from '../../../../nodes/shared/vault/database/transaction';
import { startHeartbeat } from '../../../../nodes/shared/vault/leaseHeartbeats';
import type { LeaseHolding } from '../../../../nodes/shared/vault/leaseHolding';

const TIMING = { leaseMs: 25_000, heartbeatMs: 5_000, pollMs: 250 };

let beats: string[][];
let answer: () => void;
let database: SqlDatabase;

beforeEach(() => {
	jest.useFakeTimers();
	beats = [];
	database = {
		engine: 'postgres',
		location: 'here',
		write: async (transaction: () => Generator) => {
			const step = transaction().next().value as Parameters<typeof statementsOf>[0];
			const renewed = statementsOf(step).flatMap(({ params = [] }) => params.slice(1));
			beats.push(renewed.map(String));
			await new Promise<void>((resolve) => (answer = resolve));
		},
	} as unknown as SqlDatabase;
});

afterEach(() => {
	jest.useRealTimers();
});

function hold(token: string): { holding: LeaseHolding; stop: () => void } {
	const holding: LeaseHolding = { name: `lease ${token}`, token };
	return { holding, stop: startHeartbeat(database, holding, TIMING) };
}

it('all leases of a store are kept by one transaction', async () => {
	const held = Array.from({ length: 1_000 }, (_one, index) => hold(`t${index}`));
	await jest.advanceTimersByTimeAsync(5_000);
	expect(beats).toHaveLength(1);
	expect(beats[0]).toHaveLength(1_000);
	expect(beats).toHaveLength(1);
	answer();
	await jest.advanceTimersByTimeAsync(5_000);
	expect(beats).toHaveLength(2);
	for (const { stop } of held) stop();
	expect(jest.getTimerCount()).toBe(0);
});

it('the next waits for the end of the one before, but not for one that a silent connection holds', async () => {
	const { stop } = hold('one');
	await jest.advanceTimersByTimeAsync(5_000);
	await jest.advanceTimersByTimeAsync(5_000);
	expect(beats).toHaveLength(1);
	// A third of the lease after it had begun.
	await jest.advanceTimersByTimeAsync(5_000);
	expect(beats).toHaveLength(2);
	stop();
});

it('a lease that was given back, or is not held any more, is not kept', async () => {
	const given = hold('given');
	const ended = hold('ended');
	const kept = hold('kept');
	given.holding.isGivenBack = true;
	ended.stop();
	await jest.advanceTimersByTimeAsync(5_000);
	expect(beats).toEqual([['kept']]);
	answer();
	kept.holding.isGivenBack = true;
	await jest.advanceTimersByTimeAsync(5_000);
	expect(beats).toHaveLength(1);
	given.stop();
	kept.stop();
	expect(jest.getTimerCount()).toBe(0);
	const again = hold('again');
	await jest.advanceTimersByTimeAsync(5_000);
	expect(beats).toEqual([['kept'], ['again']]);
	again.stop();
});

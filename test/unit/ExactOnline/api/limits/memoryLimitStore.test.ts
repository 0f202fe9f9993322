import { createClientState } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { MemoryLimitStore } from '../../../../../nodes/ExactOnline/api/limits/memoryLimitStore';
import { JumpingClock } from '../support/fakes';
import { limitStoreContract } from '../support/limitStoreContract';

describe('the limits in memory', () => {
	limitStoreContract(() => {
		const clock = new JumpingClock();
		const state = createClientState();
		return {
			one: new MemoryLimitStore(state, clock),
			other: new MemoryLimitStore(state, clock),
			clock,
		};
	});
});

it('keeps them in the shape that earlier copies of this package share, in place', async () => {
	const clock = new JumpingClock();
	const state = createClientState();
	const store = new MemoryLimitStore(state, clock);
	const minute = { remaining: 1, resetAt: 2 };
	const counted = { at: 1, shape: 's', kind: 'k', settled: false };

	await store.calls('division', () => ({ state: { minute }, result: undefined }));
	const calls = state.divisions.get('division');
	expect(calls).toEqual({ tail: expect.any(Promise) as unknown, minute });
	await store.calls('division', () => ({ state: {}, result: undefined }));
	expect(state.divisions.get('division')).toBe(calls);
	expect(calls?.minute).toBeUndefined();

	await store.errors('endpoint', () => ({ state: { recent: [counted] }, result: undefined }));
	const errors = state.errors.get('endpoint');
	expect(errors).toEqual({ recent: [counted] });
	await store.errors('endpoint', () => ({ state: { recent: [] }, result: undefined }));
	expect(state.errors.get('endpoint')).toBe(errors);
	expect(errors).toEqual({ recent: [] });
});

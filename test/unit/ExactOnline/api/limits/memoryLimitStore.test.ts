import { createLimitMemory } from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import { MemoryLimitStore } from '../../../../../nodes/ExactOnline/api/limits/memoryLimitStore';
import { JumpingClock } from '../support/fakes';
import { limitStoreContract } from '../support/limitStoreContract';

describe('the limits in memory', () => {
	limitStoreContract(() => {
		const clock = new JumpingClock();
		const memory = createLimitMemory();
		return {
			one: new MemoryLimitStore(memory, clock),
			other: new MemoryLimitStore(memory, clock),
			clock,
		};
	});
});

it('tells what is kept under keys that begin alike', async () => {
	const store = new MemoryLimitStore(createLimitMemory(), new JumpingClock());
	for (const key of ['app|1', 'app|2', 'other|1']) {
		await store.calls(key, () => ({ state: { isUnlimited: true }, result: undefined }));
	}
	expect([...(await store.kept('app|')).calls.keys()]).toEqual(['app|1', 'app|2']);
});

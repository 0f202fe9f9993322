import { RunMemory } from '../../../../nodes/DocuWare/api/runMemory';

const ANNA = { baseUrl: 'https://acme/DocuWare/Platform', userKey: 'anna' };
const BERT = { ...ANNA, userKey: 'bert' };

describe('what a run asks once', () => {
	it('is asked once by all items, also at the same time, and by each user', async () => {
		const memory = new RunMemory();
		const ask = jest.fn(async () => await Promise.resolve('answer'));
		const all = [ANNA, ANNA, BERT].map(async (one) => await memory.once(one, 'stamps', ask));
		expect(await Promise.all(all)).toEqual(['answer', 'answer', 'answer']);
		expect(await memory.once(ANNA, 'stamps', ask)).toBe('answer');
		expect(ask).toHaveBeenCalledTimes(2);
		await memory.once(ANNA, 'fields', ask);
		expect(ask).toHaveBeenCalledTimes(3);
	});

	it('is asked again where it failed', async () => {
		const memory = new RunMemory();
		const ask = jest.fn(async () => await Promise.reject<string>(new Error('down')));
		await expect(memory.once(ANNA, 'stamps', ask)).rejects.toThrow('down');
		await expect(memory.once(ANNA, 'stamps', ask)).rejects.toThrow('down');
		expect(ask).toHaveBeenCalledTimes(2);
	});

	it('is known where it was noted, for that user alone', () => {
		const memory = new RunMemory();
		expect(memory.knows(ANNA, 'no order')).toBe(false);
		memory.note(ANNA, 'no order');
		expect([ANNA, BERT].map((one) => memory.knows(one, 'no order'))).toEqual([true, false]);
		expect(memory.knows(ANNA, 'stamps')).toBe(false);
	});
});

import { setImmediate } from 'node:timers/promises';
import type { IExecuteFunctions } from 'n8n-workflow';
import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { createRunMemory } from '../../../../../nodes/ExactOnline/resources/common/runMemory';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import { knowCodesOfRun } from '../../../../../nodes/ExactOnline/resources/records/codesOfRun';

const PLACE = { endpoint: readEndpoint('crm/Contacts'), division: 1 };

/** A run of contacts, each of an account of its own, that are made one after another. */
function runOf(count: number, signal?: AbortSignal) {
	const codeOf = (index: number) => `A${index}`;
	/** Items whose values were evaluated, and numbers of codes that were asked for. */
	const evaluated: number[] = [];
	const asked: number[] = [];
	const context: Partial<IExecuteFunctions> = {
		getInputData: () => Array.from({ length: count }, () => ({ json: {} })),
		getTimezone: () => 'UTC',
		getNode: () => ({ parameters: {} }) as never,
		getNodeParameter: ((name: string, index: number, fallback?: unknown) => {
			if (name === 'dataMode') return 'json';
			if (name !== 'json') return fallback;
			evaluated.push(index);
			return JSON.stringify({ Account: codeOf(index) });
		}) as never,
	};
	const request = async ({ query }: { query: { $filter: string } }) => {
		const codes = [...query.$filter.matchAll(/'\s*([^']*)'/g)].map(([, code]) => code);
		asked.push(codes.length);
		return await Promise.resolve({ rows: codes.map((Code) => ({ ID: `id ${Code}`, Code })) });
	};
	const memory = createRunMemory();
	const know = async (itemIndex: number) => {
		const call = { context, itemIndex, memory, signal, client: { userKey: 'user', request } };
		const values = { Account: codeOf(itemIndex) };
		await knowCodesOfRun(call as unknown as OperationCall, PLACE, values, 'POST');
	};
	return { know, evaluated, asked };
}

const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

it('two hundred items are looked ahead at once, and others when the run comes to them', async () => {
	const { know, evaluated, asked } = runOf(450);
	await know(0);
	expect(evaluated).toEqual([]);
	await know(1);
	expect(evaluated).toHaveLength(200);
	expect(sum(asked)).toBe(200);
	for (let index = 2; index < 450; index += 1) await know(index);
	expect(sum(asked)).toBe(449);
	// None is evaluated twice.
	expect(evaluated).toEqual(Array.from({ length: 449 }, (_none, n) => n + 1));
});

it('n8n goes on with its other work meanwhile', async () => {
	const { know, evaluated } = runOf(450);
	await know(0);
	const looking = know(1);
	const seen: number[] = [];
	for (let turn = 0; turn < 10; turn += 1) {
		seen.push(evaluated.length);
		await setImmediate();
	}
	await looking;
	expect(new Set(seen).size).toBeGreaterThan(5);
});

it('stops where the execution is cancelled', async () => {
	const controller = new AbortController();
	const { know, evaluated, asked } = runOf(450, controller.signal);
	await know(0);
	const looking = know(1);
	controller.abort();
	await expect(looking).rejects.toMatchObject({ code: 'EXACT_CANCELLED' });
	expect(evaluated.length).toBeLessThan(50);
	expect(asked).toEqual([]);
});

it('items that are read side by side wait for what is looked up for all of them', async () => {
	const { know, asked } = runOf(100);
	await Promise.all([know(0), know(1), know(2), know(3)]);
	expect(sum(asked)).toBe(99);
});

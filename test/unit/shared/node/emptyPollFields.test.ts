import type { IDataObject, INodeProperties, WorkflowActivateMode } from 'n8n-workflow';
import { runPoll, type PollWork } from '../../../../nodes/shared/node/pollFrame';
import { startFields } from '../../../../nodes/shared/node/polls/startFields';
import { pollContext } from '../../../support/n8nContext';
import { useEmptyVault, work } from './support/numberPolls';

useEmptyVault();

const properties: INodeProperties[] = [
	{ displayName: 'Where', name: 'where', type: 'string', default: 'everywhere' },
	...startFields({ date: '', now: '', from: '' }),
];

let polls = 0;

const reading: PollWork = {
	...work(async ({ context }) => {
		polls += 1;
		context.getNodeParameter('where');
		await Promise.resolve();
	}),
	form: { fields: properties, emptyValue: 'EMPTY' },
};

const contextOf = (
	parameters: IDataObject,
	settings: { mode?: string; activation?: WorkflowActivateMode; log?: unknown[][] } = {},
	budgetMs = 30_000,
) =>
	pollContext(
		{
			...{ description: { displayName: 'T', name: 't', properties }, mode: 'trigger', log: [] },
			...settings,
			parameters,
		},
		budgetMs,
	);

const EMPTY = { where: '={{ null }}' };
const REFUSED = 'The expression of Where gives null. [EMPTY]';

beforeEach(() => {
	polls = 0;
});

// Red before: the default was polled for, and nobody heard of it.
it('what an expression leaves empty is an error of a poll, once an hour, and nothing is asked for', async () => {
	await expect(runPoll(contextOf(EMPTY), reading)).rejects.toThrow(REFUSED);
	await expect(runPoll(contextOf(EMPTY), reading)).resolves.toBeNull();
	expect(polls).toBe(0);
});

it.each([
	['a publishing', { activation: 'activate' }, 300_000],
	['a run by hand', { mode: 'manual' }, 30_000],
] as const)('it refuses %s each time', async (_what, settings, budgetMs) => {
	for (let time = 0; time < 2; time += 1) {
		const polled = runPoll(contextOf(EMPTY, settings, budgetMs), reading);
		await expect(polled).rejects.toThrow(REFUSED);
	}
	expect(polls).toBe(0);
});

it('it is only logged when n8n starts', async () => {
	const log: unknown[][] = [];
	const context = contextOf(EMPTY, { activation: 'init', log }, 300_000);
	await expect(runPoll(context, reading)).resolves.toBeNull();
	expect(log).toEqual([[REFUSED, expect.anything()]]);
});

it('a date of which an expression gives nothing counts only where something begins', async () => {
	const parameters = { start: 'date', startDate: '={{ null }}' };
	await expect(runPoll(contextOf(parameters), reading)).resolves.toBeNull();
	expect(polls).toBe(1);
});

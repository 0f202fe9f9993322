import type { IDataObject } from 'n8n-workflow';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { failureOf, SECOND_DIVISION, useWebhooks } from './support/webhookBench';

/** Fields of the receiving node that an expression leaves empty: never a default. */

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));

const bench = useWebhooks();

const EMPTY = '={{ null }}';

const FETCHING: Array<[label: string, parameters: IDataObject]> = [
	['Fetch Record', { fetchRecord: EMPTY }],
	['Output', { output: EMPTY }],
	['Fields to Return', { output: 'selected', fieldsToReturn: '={{ [] }}' }],
];

// Red before: published, without what was meant.
it.each<[label: string, parameters: IDataObject]>([
	...FETCHING,
	['Topic', { topic: locator(EMPTY, 'id') }],
	['Division Names or IDs', { divisions: `={{ [${FIRST_DIVISION}, null] }}` }],
	['If Subscribed Already', { ifSubscribed: EMPTY }],
])(
	'a workflow of which an expression leaves %s empty is not published, nor tested',
	async (label, set) => {
		const workflow = bench.workflow('one', set);
		const told = `The expression of ${label} gives `;
		expect(await failureOf(bench.n8n.publish(workflow))).toContain(told);
		expect(await failureOf(bench.n8n.test(workflow))).toContain(told);
		expect(bench.subscriptions()).toEqual([]);
	},
);

it.each(FETCHING)(
	'a delivery that comes while an expression leaves %s empty starts the workflow, and its item says so',
	async (label, set) => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		Object.assign(workflow.settings.parameters ?? {}, set);
		bench.changeAccount({ Name: 'Changed' });
		await bench.settled();
		const message = expect.stringContaining(`The expression of ${label} gives `) as string;
		expect(bench.items()).toEqual([
			{
				...{ recordId: expect.any(String) as string, change: 'changed', topic: 'Accounts' },
				...{ division: FIRST_DIVISION, eventCreatedOn: expect.any(String) as string },
				error: expect.objectContaining({ message, code: 'EXACT_EMPTY_VALUE' }) as object,
			},
		]);
		// Of a deleted record nothing is fetched, so nothing is missing.
		const asked = { division: FIRST_DIVISION, topic: 'Accounts', action: 'Delete' as const };
		await bench.simulator.webhooks.deliver(asked);
		await bench.settled();
		expect(bench.items()[1]).not.toHaveProperty('error');
	},
);

it('a delivery that comes while nobody knows what the node is set to is sent again', async () => {
	const workflow = bench.workflow('one');
	await bench.n8n.publish(workflow);
	const { parameters = {} } = workflow.settings;
	const { topic } = parameters;
	parameters.topic = locator(EMPTY, 'id');
	const asked = { division: FIRST_DIVISION, topic: 'Accounts', action: 'Delete' as const };
	expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 500 }]);
	expect(bench.items()).toEqual([]);
	parameters.topic = topic;
	expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 200 }]);
});

it('a start of n8n goes on receiving, and its log says what is empty', async () => {
	const workflow = bench.workflow('one');
	await bench.n8n.publish(workflow);
	Object.assign(workflow.settings.parameters ?? {}, { output: EMPTY });
	expect(await bench.n8n.publish(workflow, 'init')).toBe(false);
	expect(bench.n8n.listens(workflow)).toBe(true);
	expect(JSON.stringify(bench.n8n.log)).toContain('The expression of Output gives null.');
});

it.each<[label: string, parameters: IDataObject]>([
	...FETCHING,
	['Topic', { topic: locator(EMPTY, 'id') }],
	['Division Names or IDs', { divisions: EMPTY }],
])(
	'unpublishing ends the subscription although an expression leaves %s empty by then',
	async (_label, set) => {
		const both = { divisions: [String(FIRST_DIVISION), String(SECOND_DIVISION)] };
		const workflow = bench.workflow('one', both);
		await bench.n8n.publish(workflow);
		Object.assign(workflow.settings.parameters ?? {}, set);
		await bench.n8n.unpublish(workflow);
		expect([...bench.subscriptions(), ...bench.subscriptions(SECOND_DIVISION)]).toEqual([]);
		// Nothing is noted any more: neither is that an error.
		await bench.n8n.unpublish(workflow);
	},
);

it('a choice may be given in its words', async () => {
	await bench.n8n.publish(bench.workflow('other'));
	const workflow = bench.workflow('one', { ifSubscribed: '={{ "Replace" }}' });
	await bench.n8n.publish(workflow);
	expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow)]]);
});

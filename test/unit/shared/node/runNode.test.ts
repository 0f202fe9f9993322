import type { IDataObject } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { describeResources } from '../../../../nodes/shared/node/describeResources';
import type { NodeRun } from '../../../../nodes/shared/node/nodeRun';
import type { ItemCall, Operation, Resource } from '../../../../nodes/shared/node/operation';
import { runNode, type NodeService } from '../../../../nodes/shared/node/runNode';
import { executeContext, type NodeSettings } from '../../../support/n8nContext';

interface Call extends ItemCall {
	opened: number;
}

const execute: Operation<Call>['execute'] = async ({ itemIndex, opened }) => [
	{ json: { itemIndex, opened } },
];

const base = { action: 'Do it', description: 'Do it', fields: [], execute };

const resources: Array<Resource<Call>> = [
	{
		name: 'Thing',
		value: 'thing',
		defaultOperation: 'get',
		operations: [
			{ ...base, name: 'Get', value: 'get' },
			{ ...base, name: 'Destroy', value: 'destroy', refusedAsTool: 'operation' },
			{
				...base,
				name: 'Close',
				value: 'close',
				fields: [{ displayName: 'By Force', name: 'force', type: 'boolean', default: false }],
				refusedAsTool: { switches: ['force'] },
			},
			{
				...base,
				name: 'Fail',
				value: 'fail',
				execute: async () => {
					throw new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' });
				},
			},
		],
	},
];

const description = {
	displayName: 'Node',
	name: 'node',
	properties: describeResources(resources, 'thing'),
};

function contextOf(items: IDataObject[], settings: NodeSettings = {}) {
	const parameters = items.map((one) => ({ parameters: one }));
	return executeContext({ description, items: parameters, ...settings }).context;
}

/** A service that counts what it opens, and has each of it given back. */
function countingService() {
	const counts = { runs: 0, opened: 0, released: 0 };
	const service: NodeService<Call> = {
		errors: {
			unknownOperation: 'UNKNOWN_OPERATION',
			notForAi: 'NOT_FOR_AI',
			emptyValue: 'EMPTY_VALUE',
			cancelled: () => new ConnectorError('CANCELLED', 'Cancelled.', { repair: 'Run again.' }),
		},
		begin({ releaseLater }: NodeRun) {
			counts.runs += 1;
			return async (item) => {
				counts.opened += 1;
				const taken = { release: async () => void (counts.released += 1) };
				releaseLater(taken);
				releaseLater(taken);
				return { ...item, opened: counts.opened };
			};
		},
	};
	return { counts, service };
}

const item = (operation: string, more: IDataObject = {}) => ({
	resource: 'thing',
	operation,
	...more,
});

it('opens for each item, runs its operation, and gives all back once at the end', async () => {
	const { counts, service } = countingService();
	const context = contextOf([item('get'), item('close', { force: true })]);
	await expect(runNode(context, resources, service)).resolves.toEqual([
		[
			{ json: { itemIndex: 0, opened: 1 }, pairedItem: { item: 0 } },
			{ json: { itemIndex: 1, opened: 2 }, pairedItem: { item: 1 } },
		],
	]);
	expect(counts).toEqual({ runs: 1, opened: 2, released: 2 });
});

it('gives all back when an item fails', async () => {
	const { counts, service } = countingService();
	const context = contextOf([item('get'), item('fail'), item('get')]);
	await expect(runNode(context, resources, service)).rejects.toMatchObject({
		message: 'Broken. [BROKEN]',
		context: { itemIndex: 1 },
	});
	expect(counts).toEqual({ runs: 1, opened: 2, released: 2 });
});

it('lets each item choose, and opens nothing for an operation that it does not have', async () => {
	const { counts, service } = countingService();
	const context = contextOf([item('teleport'), item('get')], { continueOnFail: true });
	const [output] = await runNode(context, resources, service);
	expect(output?.[0]?.json.error).toMatchObject({
		code: 'UNKNOWN_OPERATION',
		message: expect.stringContaining('"teleport" of "thing"'),
	});
	expect(output?.[1]?.json).toEqual({ itemIndex: 1, opened: 1 });
	expect(counts).toEqual({ runs: 1, opened: 1, released: 1 });
});

describe('as a tool of an AI agent', () => {
	const asTool = async (parameters: IDataObject) => {
		const { counts, service } = countingService();
		const context = contextOf([parameters], { nodeType: 'nodeTool' });
		const [output] = await runNode(context, resources, service).catch((error: unknown) => {
			expect(counts.opened).toBe(0);
			throw error;
		});
		return output;
	};

	it('the node does what is not refused', async () => {
		await expect(asTool(item('get'))).resolves.toHaveLength(1);
		await expect(asTool(item('close'))).resolves.toHaveLength(1);
		await expect(asTool(item('close', { force: false }))).resolves.toHaveLength(1);
	});

	it('an operation or a switch of it is refused by name, before anything is opened', async () => {
		await expect(asTool(item('destroy'))).rejects.toThrow(
			'Destroy is not available to an AI agent. [NOT_FOR_AI]',
		);
		await expect(asTool(item('close', { force: true }))).rejects.toThrow(
			'By Force is not available to an AI agent. [NOT_FOR_AI]',
		);
	});
});

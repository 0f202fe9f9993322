import type { IDataObject } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { describeResources } from '../../../../nodes/shared/node/describeResources';
import type { GivenItem, ItemCall, Resource } from '../../../../nodes/shared/node/operation';
import { runNode, type NodeService } from '../../../../nodes/shared/node/runNode';
import { executeContext, type NodeSettings } from '../../../support/n8nContext';

const broken = () => new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' });

function read({ context, itemIndex }: ItemCall, name: string): unknown {
	return context.getNodeParameter(name, itemIndex, '');
}

/** Groups by the field Group; a group named "bad" fails. */
async function groupsOf(items: readonly GivenItem[]) {
	const groups = new Map<string, GivenItem[]>();
	for (const item of items) {
		const name = item.problem === undefined ? String(read(item, 'group')) : 'useless';
		groups.set(name, [...(groups.get(name) ?? []), item]);
	}
	return [...groups].map(([group, members]) => ({
		itemIndexes: members.map(({ itemIndex }) => itemIndex),
		about: { group },
		execute: async (call: ItemCall) => {
			if (group === 'bad') throw broken();
			return [{ json: { group, first: call.itemIndex } }];
		},
	}));
}

const resources: Array<Resource<ItemCall>> = [
	{
		name: 'Thing',
		value: 'thing',
		defaultOperation: 'create',
		operations: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create',
				description: 'Create',
				fields: [
					{ displayName: 'Group', name: 'group', type: 'string', default: '' },
					{ displayName: 'Together', name: 'together', type: 'boolean', default: true },
					{ displayName: 'Note', name: 'note', type: 'string', default: '' },
				],
				dealsWithGapsIn: ['note'],
				refusedAsTool: { switches: ['together'] },
				execute: async ({ itemIndex }) => [{ json: { alone: itemIndex } }],
				together: {
					applies: (first) => read(first, 'together') === true,
					groups: groupsOf,
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

function run(groups: readonly string[], settings: NodeSettings = {}, more: IDataObject = {}) {
	const opened: number[] = [];
	const service: NodeService<ItemCall> = {
		errors: {
			unknownOperation: 'UNKNOWN_OPERATION',
			notForAi: 'NOT_FOR_AI',
			emptyValue: 'EMPTY_VALUE',
			cancelled: () => new ConnectorError('CANCELLED', 'Cancelled.', { repair: 'Run again.' }),
		},
		begin: () => async (item) => {
			opened.push(item.itemIndex);
			return item;
		},
	};
	const parameters = { group: '={{ $json.group }}', ...more };
	const items = groups.map((group) => ({ json: { group } }));
	const { context } = executeContext({ description, parameters, items, ...settings });
	return { opened, output: runNode(context, resources, service) };
}

it('items of a group become one thing, paired with all of them, in the order of the groups', async () => {
	const { output, opened } = run(['a', 'b', 'a', 'c']);
	await expect(output).resolves.toEqual([
		[
			{ json: { group: 'a', first: 0 }, pairedItem: [{ item: 0 }, { item: 2 }] },
			{ json: { group: 'b', first: 1 }, pairedItem: { item: 1 } },
			{ json: { group: 'c', first: 3 }, pairedItem: { item: 3 } },
		],
	]);
	expect(opened).toEqual([0, 1, 3]);
});

it('one after another where the settings do not ask for groups', async () => {
	const [output] = await run(['a', 'a'], {}, { together: false }).output;
	expect(output?.map(({ json }) => json)).toEqual([{ alone: 0 }, { alone: 1 }]);
});

it('no items are no work', async () => {
	await expect(run([]).output).resolves.toEqual([[]]);
});

it('a group that fails ends the run at its first item', async () => {
	const { output, opened } = run(['a', 'bad', 'b', 'bad']);
	await expect(output).rejects.toMatchObject({
		message: 'Broken. [BROKEN]',
		context: { itemIndex: 1 },
	});
	expect(opened).toEqual([0, 1]);
});

it('with Continue On Fail the error item of a group carries what it is about, and the others go on', async () => {
	const [output] = await run(['a', 'bad', 'b', 'bad'], { continueOnFail: true }).output;
	expect(output).toEqual([
		expect.objectContaining({ json: { group: 'a', first: 0 } }),
		{
			json: {
				error: {
					message: 'Broken. [BROKEN]',
					description: 'Mend it.',
					code: 'BROKEN',
					group: 'bad',
				},
			},
			pairedItem: [{ item: 1 }, { item: 3 }],
		},
		expect.objectContaining({ json: { group: 'b', first: 2 } }),
	]);
});

it('an item whose expression gives nothing fails its group, which is not opened', async () => {
	const { output, opened } = run(['a', '', 'a'], { continueOnFail: true });
	const [items] = await output;
	expect(items?.map(({ json }) => (json.error as IDataObject | undefined)?.code)).toEqual([
		undefined,
		'EMPTY_VALUE',
	]);
	expect(opened).toEqual([0]);
	await expect(run(['a', '', 'a']).output).rejects.toMatchObject({ context: { itemIndex: 1 } });
});

it.each([true, false])(
	'a field whose gaps the operation deals with may be empty (%s)',
	async (together) => {
		const { output, opened } = run(['a'], {}, { together, note: '={{ $json.nothing }}' });
		await expect(output).resolves.toHaveLength(1);
		expect(opened).toEqual([0]);
	},
);

it('what a model must not decide is refused before anything is opened', async () => {
	const { output, opened } = run(['a'], { nodeType: 'nodeTool' });
	await expect(output).rejects.toThrow('[NOT_FOR_AI]');
	expect(opened).toEqual([]);
});

it('a cancelled execution ends, with Continue On Fail too', async () => {
	const { output, opened } = run(['a', 'b'], { continueOnFail: true, signal: AbortSignal.abort() });
	await expect(output).rejects.toThrow('[CANCELLED]');
	const controller = new AbortController();
	const later = run(['a', 'b'], { continueOnFail: true, signal: controller.signal });
	controller.abort();
	await expect(later.output).rejects.toThrow('[CANCELLED]');
	expect([...opened, ...later.opened]).toEqual([]);
});

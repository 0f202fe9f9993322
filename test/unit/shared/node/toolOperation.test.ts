import type { IDataObject } from 'n8n-workflow';
import type { ItemCall, Operation, OutputRow } from '../../../../nodes/shared/node/operation';
import { changesAsTool } from '../../../../nodes/shared/node/toolChanges';
import { alsoForTools } from '../../../../nodes/shared/node/toolOperation';
import { executeContext } from '../../../support/n8nContext';

/** Rows of a change to many documents, of which some late ones failed. */
const changed = Array.from({ length: 400 }, (_none, documentId) => ({
	json: { documentId, updated: documentId < 398 ? true : documentId === 398 ? false : null },
}));

async function run(
	rows: OutputRow[],
	nodeType: string,
	own: Pick<Operation<ItemCall>, 'refusedAsTool'>,
): Promise<OutputRow[]> {
	const { context } = executeContext({ nodeType });
	const operation: Operation<ItemCall> = {
		name: 'Change',
		value: 'change',
		action: 'Change',
		description: 'Change',
		fields: [],
		execute: async () => await Promise.resolve(rows),
		...own,
	};
	return await alsoForTools(operation).execute({ context, itemIndex: 0, signal: undefined });
}

const changes = { refusedAsTool: changesAsTool };

const jsonOf = (rows: readonly OutputRow[]): IDataObject[] => rows.map(({ json }) => json);

describe('an operation as a tool', () => {
	// Red before: what changes gave a model all of its rows.
	it('gives of a change no more than a model can use, what failed first', async () => {
		const kept = jsonOf(await run(changed, 'nodeTool', changes));
		expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(10_000);
		expect(kept.slice(0, 3)).toEqual([
			{ documentId: 398, updated: false },
			{ documentId: 399, updated: null },
			{ documentId: 0, updated: true },
		]);
		expect(kept.at(-1)?.note).toContain(`${400 - kept.length} of 400 results are left out.`);
		expect(kept.at(-1)?.note).toMatch(/carried out: do not run it again for what is missing\.$/);
	});

	it('says of a change whose result does not fit at all that it was made', async () => {
		const fields = Array.from({ length: 2000 }, (_none, at) => [`field${at}`, at]);
		const rows = [{ json: Object.fromEntries(fields) as IDataObject }];
		const kept = jsonOf(await run(rows, 'nodeTool', changes));
		expect(kept).toEqual([{ note: expect.stringMatching(/too large.*was carried out/) }]);
	});

	it('says nothing of that where it only reads', async () => {
		const kept = jsonOf(await run(changed, 'nodeTool', {}));
		expect(kept[0]).toEqual({ documentId: 0, updated: true });
		expect(kept.at(-1)?.note).not.toContain('carried out');
	});

	it('leaves short results, and those of no tool, as they are', async () => {
		const few = changed.slice(-3);
		expect(await run(few, 'nodeTool', changes)).toBe(few);
		expect(await run(changed, 'node', changes)).toBe(changed);
	});
});

describe('items that are worked on together, as a tool', () => {
	const together: Operation<ItemCall>['together'] = {
		applies: ({ context }) => context.getNodeParameter('on', 0) === true,
		groups: async (items) =>
			await Promise.resolve([
				{
					itemIndexes: items.map(({ itemIndex }) => itemIndex),
					about: {},
					execute: async ({ context }) =>
						await Promise.resolve([
							{ json: { on: context.getNodeParameter('on', 0) } },
							...changed,
						]),
				},
			]),
	};

	it('take arguments as text and give no more than a model can use', async () => {
		const { context } = executeContext({ nodeType: 'nodeTool' });
		context.getNodeParameter = (() => 'true') as never;
		const item = { context, itemIndex: 0, signal: undefined };
		const operation = alsoForTools<ItemCall>({
			...{ name: 'Change', value: 'change', action: 'Change', description: 'Change' },
			fields: [{ displayName: 'On', name: 'on', type: 'boolean', default: false }],
			execute: async () => await Promise.resolve([]),
			together,
			...changes,
		});
		expect(operation.together?.applies(item)).toBe(true);
		const [group] = (await operation.together?.groups([item])) ?? [];
		const rows = jsonOf((await group?.execute(item)) ?? []);
		expect(Buffer.byteLength(JSON.stringify(rows))).toBeLessThanOrEqual(10_000);
		expect(rows).toContainEqual({ on: true });
	});
});

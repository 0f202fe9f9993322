import type { IDataObject } from 'n8n-workflow';
import { locator } from '../../../support/n8nContext';
import { X, run } from './support/givenNode';

describe('as a tool', () => {
	const AI = "={{ $fromAI('x', '', 'string') }}";
	const tool = { nodeType: 'nodeTool' };

	it('an optional filter, option or entry that the model leaves empty counts as left out', async () => {
		const parameters = {
			kind: AI,
			filters: { code: AI, status: 'a' },
			pairs: {
				entries: [
					{ name: 'a', value: AI },
					{ name: 'b', value: 'c' },
				],
			},
			options: { fields: AI },
		};
		const { rows } = await run(parameters, { x: '' }, tool);
		expect(rows[0]?.json).toMatchObject({
			kind: '',
			filters: { status: 'a' },
			pairs: { entries: [{ name: 'b', value: 'c' }] },
			options: {},
		});
		expect(rows[0]?.json.filters).not.toHaveProperty('code');
	});

	it.each(['yes', 'No', '1', '0', 'true'])('a model may say %s of a switch', async (x) => {
		for (const parameters of [{ returnAll: AI }, { options: { force: AI } }]) {
			await expect(run(parameters, { x }, tool)).resolves.toMatchObject({ opened: 1 });
		}
	});

	it('a switch of which a model says neither yes nor no is an error', async () => {
		for (const parameters of [{ returnAll: AI }, { options: { force: AI } }]) {
			await expect(run(parameters, { x: 'maybe' }, tool)).rejects.toThrow(
				'gives "maybe", which is neither true nor false',
			);
		}
	});

	// Red before: one entry was left out for each of its empty values, and so the ones behind it.
	it('an entry of which several values are empty is left out once', async () => {
		const entries = [
			{ name: 'a', value: 'b' },
			{ name: AI, value: AI },
			{ name: 'c', value: 'd' },
			{ name: AI, value: AI },
			{ name: 'e', value: 'f' },
		];
		const { rows } = await run({ pairs: { entries } }, { x: '' }, tool);
		expect(rows[0]?.json.pairs).toEqual({ entries: [entries[0], entries[2], entries[4]] });
		const row = [
			{ operator: 'eq', value: AI, sort: AI },
			{ operator: 'eq', value: 'b', sort: 'up' },
		];
		const { rows: out } = await run({ rows: { row } }, { x: '' }, tool);
		expect(out[0]?.json.rows).toEqual({ row: [expect.objectContaining(row[1] ?? {})] });
	});

	// Red before: a change was made to all that the other conditions left.
	it.each<[string, IDataObject]>([
		['filter', { filters: { code: AI, status: 'a' } }],
		['pair', { pairs: { entries: [{ name: 'a', value: AI }] } }],
		['row', { rows: { row: [{ operator: 'eq', value: AI }, { operator: 'eq' }] } }],
		['choice', { kind: AI }],
	])('a %s of a change is never left out', async (_what, parameters) => {
		const changing = { operation: 'change', allowChangesAsTool: true, ...parameters };
		await expect(run(changing, { x: '' }, tool)).rejects.toMatchObject({ code: 'EMPTY' });
		await expect(run(parameters, { x: '' }, tool)).resolves.toMatchObject({ opened: 1 });
	});

	it('an option of a change is', async () => {
		const options = { fields: AI };
		const changing = { operation: 'change', allowChangesAsTool: true, options };
		const { rows } = await run(changing, { x: '' }, tool);
		expect(rows[0]?.json.options).toEqual({});
	});

	it.each<[string, IDataObject]>([
		['place', { place: locator(AI, 'id') }],
		['path', { path: AI }],
		['limit', { limit: AI }],
		['limit in the options', { options: { limit: AI } }],
		['division in the options', { options: { divisions: AI } }],
		['reference that is given', { references: { code: AI } }],
		['body', { kind: 'write', body: AI }],
		['a filter that no model fills', { filters: { code: X } }],
	])('%s does not', async (_what, parameters) => {
		await expect(run(parameters, {}, tool)).rejects.toMatchObject({ code: 'EMPTY' });
	});

	it('in a workflow nothing counts as left out', async () => {
		await expect(run({ filters: { code: AI } })).rejects.toMatchObject({ code: 'EMPTY' });
	});
});

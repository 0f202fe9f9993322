import { NodeHelpers, type IDataObject } from 'n8n-workflow';
import { runItem } from '../../../../nodes/shared/node/runNode';
import { executeContext, locator } from '../../../support/n8nContext';
import { X, description, errors, filters, mapped, resources, run } from './support/givenNode';

/** Switches at each depth, and what they are called. */
const SWITCHES: Array<[parameters: IDataObject, labels: string]> = [
	[{ returnAll: X }, 'Return All'],
	[{ options: { force: X } }, 'Options > Force'],
	[{ rows: { row: [{ operator: 'eq', bold: X }] } }, 'Rows > Row 1 > Bold'],
];

describe('an expression that gives nothing', () => {
	it.each<[where: string, parameters: IDataObject, labels: string]>([
		['a text', { path: X }, 'Path'],
		['a number', { limit: X }, 'Limit'],
		['a switch', { returnAll: X }, 'Return All'],
		['a switch among the options', { options: { force: X } }, 'Options > Force'],
		['a switch of a row', { rows: { row: [{ operator: 'eq', bold: X }] } }, 'Rows > Row 1 > Bold'],
		['a choice', { kind: X }, 'Kind'],
		['a resource locator', { place: locator(X, 'id') }, 'Place'],
		['a resource locator as a whole', { place: X }, 'Place'],
		['a filter', { filters: { code: X } }, 'Filters > Code'],
		['a choice among the filters', { filters: { status: X } }, 'Filters > Status'],
		['a list of choices', { options: { fields: X } }, 'Options > Fields'],
		['a choice in a list', { options: { fields: '={{ [$json.x] }}' } }, 'Options > Fields'],
		[
			'a pair',
			{
				pairs: {
					entries: [
						{ name: 'a', value: 'b' },
						{ name: 'c', value: X },
					],
				},
			},
			'Parameters > Entry 2 > Value',
		],
		[
			'the name of a pair',
			{ pairs: { entries: [{ name: X, value: 'b' }] } },
			'Parameters > Entry 1 > Name',
		],
		['a body', { kind: 'write', body: X }, 'Body'],
		['a piece of a path', { path: '=Things/{{ $json.x }}/Parts' }, 'Path'],
		['a piece of a filter', { filters: { code: "=A eq '{{ $json.x }}'" } }, 'Filters > Code'],
		['a longer text as a whole', { text: X }, 'Text'],
		['a piece of a locator', { place: locator('=1{{ $json.x }}', 'id') }, 'Place'],
		[
			'a locator given as a whole',
			{ place: '={{ { __rl: true, mode: "id", value: $json.x } }}' },
			'Place',
		],
		['a row', { rows: { row: [{ operator: 'eq', value: X }] } }, 'Rows > Row 1 > Value'],
		[
			'a piece of a locator in a row',
			{ rows: { row: [{ operator: 'eq', item: locator('=1{{ $json.x }}', 'id') }] } },
			'Rows > Row 1 > Item',
		],
		['a needed column', { columns: mapped({ Name: X }) }, 'Columns > Name'],
		['a piece of a JSON', { kind: 'write', body: '={"a": {{ 1 }}, "b": "{{ $json.x }}"}' }, 'Body'],
	])(
		'in %s is an error that names it, and nothing is opened',
		async (_where, parameters, labels) => {
			for (const [json, gives] of [
				[{}, 'undefined'],
				[{ x: null }, 'null'],
				[{ x: ' ' }, 'an empty text'],
			] as const) {
				const failure = await run(parameters, json).catch((error: unknown) => error);
				expect(failure).toMatchObject({
					code: 'EMPTY',
					message: expect.stringContaining(`The expression of ${labels} gives `),
				});
				expect((failure as Error).message).toContain('for item 1 ');
				if (!/piece|choice in a list|as a whole/.test(_where)) {
					expect((failure as Error).message).toContain(`gives ${gives} `);
				}
			}
		},
	);

	// Red before: `undefined` became a part of the path, the filter, the key.
	it.each<[code: string, gap: string]>([
		["'Things/' + $json.x", '$json.x'],
		['`Things/${ $json.x }/Parts`', '$json.x'],
		["$json.a + '-' + $json['x']", "$json['x']"],
		["$json.a + '/' + $json.none?.x", '$json.none?.x'],
	])('a text that {{ %s }} puts together from nothing is an error', async (code, gap) => {
		const typed = `={{ ${code} }}`;
		for (const parameters of [
			{ path: typed },
			{ filters: { code: typed } },
			{ place: locator(typed, 'id') },
			{ place: locator(`=1-{{ ${code} }}`, 'id') },
			{ kind: 'write', body: `={"b": "{{ ${code} }}"}` },
		]) {
			const failure = await run(parameters, { a: 'A', x: null }).catch((error: unknown) => error);
			expect(failure).toMatchObject({ code: 'EMPTY' });
			expect((failure as Error).message).toContain(gap);
		}
	});

	it.each([
		"'null' + $json.a",
		"$json.a + ($json.x ?? '')",
		"$json.a.replace('A', 'undefined')",
		"$json.x === undefined ? 'undefined' : 'B'",
		'`undefined ${ $json.a }`',
	])('a text that {{ %s }} puts together comes through', async (code) => {
		const out = await run({ path: `={{ ${code} }}` }, { a: 'A' });
		expect(out.opened).toBe(1);
	});

	it.each([
		['an empty list', { options: { fields: '={{ [] }}' } }],
		['no number', { limit: '={{ "many" }}' }],
		['NaN', { limit: '={{ Number("x") }}' }],
		['0, which is less than 1', { limit: '={{ 0 }}' }],
	])('gives %s', async (gives, parameters) => {
		await expect(run(parameters)).rejects.toThrow(`gives ${gives} for item 1`);
	});

	// Red before: what was none of the choices took the way of the last one, or of the default.
	it.each<[where: string, parameters: IDataObject, told: string]>([
		['a choice', { kind: X }, 'Kind gives "Reed", which is none of read, write'],
		[
			'a choice among the filters',
			{ filters: { status: X } },
			'Filters > Status gives "Reed", which is none of a',
		],
		[
			'a list of choices',
			{ options: { fields: '={{ ["a", $json.x] }}' } },
			'Options > Fields gives "Reed", which is none of a',
		],
		[
			'a choice of which several are shown one at a time',
			{ rows: { row: [{ operator: 'eq', sort: X }] } },
			'Rows > Row 1 > Sort gives "Reed", which is none of up, down, first',
		],
	])('gives none of the choices in %s', async (_where, parameters, told) => {
		await expect(run(parameters, { x: 'Reed' })).rejects.toThrow(`The expression of ${told} for`);
		const asked = JSON.parse(
			JSON.stringify(parameters).replace('$json.x', "$fromAI('x') ?? $json.x"),
		) as IDataObject;
		await expect(
			run(asked, { x: 'Reed' }, { nodeType: 'n8n-nodes-base.nodeTool' }),
		).rejects.toThrow('which is none of');
	});

	// Red before: 90 as text was none of 0 and 90.
	it.each(['0', '90', 0, 90, ' x'])(
		'may give a choice that is a number as text too: %j',
		async (x) => {
			const out = run({ options: { turn: X, turns: '={{ [$json.x] }}' } }, { x });
			if (x === ' x') await expect(out).rejects.toThrow('which is none of 0, 90');
			else {
				const turn = Number(x);
				expect((await out).rows[0]?.json.options).toEqual({ turn, turns: [turn] });
			}
		},
	);

	// Red before: whoever read it took anything but true for off.
	it.each<[x: unknown, told: string]>([
		[1, '"1"'],
		[0, '"0"'],
		['1', '"1"'],
		['yes', '"yes"'],
		['Ja', '"Ja"'],
		[{ on: true }, '"{"on":true}"'],
		[[true], '"[true]"'],
	])('gives neither true nor false for a switch: %j', async (x, told) => {
		for (const [parameters, labels] of SWITCHES) {
			await expect(run(parameters, { x } as IDataObject)).rejects.toThrow(
				`The expression of ${labels} gives ${told}, which is neither true nor false for item 1`,
			);
		}
	});

	it.each([true, false, 'true', 'False', ' TRUE '])('may give %j for a switch', async (x) => {
		for (const [parameters] of SWITCHES) {
			await expect(run(parameters, { x })).resolves.toMatchObject({ opened: 1 });
		}
	});

	it('may give the words of a choice, whatever their case, on which other fields depend', async () => {
		const { rows } = await run({ kind: X, options: { turn: '={{ "90°" }}' } }, { x: ' READ ' });
		expect(rows[0]?.json).toMatchObject({ kind: 'read', options: { turn: 90 } });
	});

	it('may give what any of several choices of one name has', async () => {
		const out = await run({ rows: { row: [{ operator: 'in', sort: X }] } }, { x: 'first' });
		expect(out.opened).toBe(1);
	});

	it('is none of a field that is not shown', async () => {
		const hidden = { kind: '={{ "read" }}', body: X, limit: X, returnAll: '={{ true }}' };
		await expect(run(hidden)).resolves.toMatchObject({ opened: 1 });
	});

	it('is none of a column that may be left out: the operation deals with that', async () => {
		const columns = mapped({ Name: 'A', City: X });
		await expect(run({ columns })).resolves.toMatchObject({ opened: 1 });
	});

	it('in place of a whole collection reaches no node: n8n itself puts the default there', async () => {
		const typed = { filters: '={{ { code: $json.x } }}', pairs: '={{ $json.x }}' };
		const { rows } = await run(typed);
		expect(rows[0]?.json).toMatchObject({ filters: {}, pairs: {} });
		const given = NodeHelpers.getNodeParameters([filters], typed, true, false, null, null);
		expect(given?.filters).toEqual({});
	});

	it('may be a hole in a JSON of several rows, where the operation knows what that means', async () => {
		const { rows: out } = await run({ lines: '=[{"a": "{{ $json.x }}"}]' });
		expect(out).toHaveLength(1);
		await expect(run({ lines: X })).rejects.toMatchObject({ code: 'EMPTY' });
	});

	it('may be a hole in a longer text', async () => {
		const { rows } = await run({ text: '=Dear {{ $json.x }},' });
		expect(rows[0]?.json.text).toBe('Dear ,');
	});
});

describe('what is typed', () => {
	it('means the default where it is empty', async () => {
		const { rows } = await run({
			place: locator('', 'id'),
			filters: { code: '' },
			pairs: { entries: [{ name: 'a', value: '' }] },
			path: '=',
			limit: '',
			options: { fields: [] },
		});
		expect(rows[0]?.json).toMatchObject({
			limit: 50,
			filters: { code: '' },
			options: { fields: [] },
		});
	});

	it('comes through as it is, beside expressions that give something', async () => {
		const parameters = {
			path: '=a/{{ $json.x }}',
			filters: { code: X, status: 'a' },
			limit: '={{ 7 }}',
		};
		const { rows } = await run(parameters, { x: 0 });
		expect(rows[0]?.json).toMatchObject({
			path: 'a/0',
			filters: { code: 0, status: 'a' },
			limit: 7,
		});
	});
});

it('n8n evaluates each expression once for an item, however often it is read', async () => {
	const parameters = { path: X, filters: { code: X } };
	const { context } = executeContext({ description, parameters, items: [{ json: { x: 'a' } }] });
	const asked = jest.spyOn(context, 'getNodeParameter');
	await runItem(
		resources,
		errors as never,
		{ context, itemIndex: 0, signal: undefined },
		async (item) => await Promise.resolve(item),
	);
	const names = asked.mock.calls.map(([name]) => name);
	expect(names.filter((name) => name === 'path')).toHaveLength(1);
	expect(names.filter((name) => name === 'filters')).toHaveLength(1);
});

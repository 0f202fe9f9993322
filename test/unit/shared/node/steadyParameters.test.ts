import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { SteadyParameters } from '../../../../nodes/shared/node/steadyParameters';

/** A context that counts what n8n has to do; `rawExpressions` gives what the node holds, as n8n does. */
function contextOf(parameters: Record<string, unknown>, own = parameters) {
	const counts = { asked: 0, read: 0, copies: 0 };
	const getNodeParameter = (
		name: string,
		itemIndex: number,
		fallback?: unknown,
		options: { rawExpressions?: boolean; extractValue?: boolean } = {},
	): unknown => {
		counts.asked += 1;
		const raw = name in parameters ? parameters[name] : fallback;
		if (raw === undefined) throw new Error(`Could not get parameter "${name}"`);
		if (options.rawExpressions) return raw;
		counts.read += 1;
		if (typeof raw === 'string' && raw.startsWith('=')) return `of item ${itemIndex}`;
		return options.extractValue ? (raw as { value: unknown }).value : structuredClone(raw);
	};
	const getNode = () => {
		counts.copies += 1;
		return { parameters: own } as unknown as INode;
	};
	const context = { getNodeParameter, getNode } as unknown as IExecuteFunctions;
	return { counts, steady: new SteadyParameters(context) };
}

it('what holds no expression is read once for all items', () => {
	const { counts, steady } = contextOf({ mode: 'all' });
	expect([0, 1, 2].map((item) => steady.read('mode', item))).toEqual(['all', 'all', 'all']);
	expect(counts.read).toBe(1);
});

it('an expression is evaluated for each item, also inside a collection', () => {
	const { counts, steady } = contextOf({ name: '={{ $json.name }}', options: { of: '={{ 1 }}' } });
	expect([0, 1].map((item) => steady.read('name', item))).toEqual(['of item 0', 'of item 1']);
	for (const item of [0, 1]) steady.read('options', item);
	expect(counts.read).toBe(4);
});

it.each(['=\\\\{{ $json.server }}\\share', '=C:\\\\{{ $json.dir }}'])(
	'backslashes before an expression make it no steady value: %s',
	(path) => {
		const { steady } = contextOf({ path, values: { value: { Notes: path } } });
		expect([0, 1].map((item) => steady.read('path', item))).toEqual(['of item 0', 'of item 1']);
		expect(steady.hasExpression('values')).toBe(true);
	},
);

it('a value and what is extracted from it are two things', () => {
	const division = { __rl: true, mode: 'id', value: '3100007' };
	const { steady } = contextOf({ division });
	for (const item of [0, 1]) {
		expect(steady.read('division', item)).toEqual(division);
		expect(steady.read('division', item, '', { extractValue: true })).toBe('3100007');
	}
});

it('nobody changes what another item gets', () => {
	const { steady } = contextOf({ options: { list: [1] } });
	for (const item of [0, 1, 2]) {
		const given = steady.read('options', item) as { list: number[] };
		expect(given).toEqual({ list: [1] });
		given.list.push(2);
	}
});

it('a parameter that is missing has the fallback of each reading, or is an error', () => {
	const { steady } = contextOf({});
	expect(steady.read('limit', 0, 50)).toBe(50);
	expect(steady.read('limit', 1, 20)).toBe(20);
	expect(() => steady.read('limit', 2)).toThrow('Could not get parameter "limit"');
});

it('what the node holds under its name is asked for once, what it holds elsewhere is compared each time', () => {
	const parameters: Record<string, unknown> = { mode: 'all' };
	const { counts, steady } = contextOf(parameters, { mode: 'all' });
	expect(steady.read('mode', 0)).toBe('all');
	expect(steady.read('mode', 1)).toBe('all');
	expect(counts.asked).toBe(2);

	const elsewhere = contextOf(parameters, {});
	expect(elsewhere.steady.read('mode', 0)).toBe('all');
	parameters.mode = 'one';
	expect(elsewhere.steady.read('mode', 1)).toBe('one');
});

it('n8n copies the node once', () => {
	const { counts, steady } = contextOf({ name: '={{ 1 }}', mode: 'all' });
	expect(steady.hasExpression('name')).toBe(true);
	expect(steady.hasExpression('mode')).toBe(false);
	expect(steady.hasExpression('none')).toBe(false);
	expect(steady.getNode()).toBe(steady.getNode());
	expect(counts.copies).toBe(1);
});

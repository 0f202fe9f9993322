import * as fc from 'fast-check';
import { groupByValue } from '../../../../nodes/ExactOnline/lines/groupByValue';
import { holds } from '../../../support/properties';

function groupsOf(values: readonly unknown[]) {
	return groupByValue(values.map((value, itemIndex) => ({ itemIndex, value })));
}

it.each([
	['neighbours or not', ['a', 'b', 'a'], [[0, 2], [1]]],
	['a number and its text', [1, '1', ' 1 '], [[0, 1, 2]]],
	['zeros before a number count', ['01', 1, '1.0'], [[0], [1], [2]]],
	['capitals count', ['A', 'a'], [[0], [1]]],
	['an accent written in two ways', ['caf\u00e9', 'cafe\u0301'], [[0, 1]]],
	['true and its word', [true, 'true'], [[0, 1]]],
	['a date', [new Date(0), new Date(0), '1970-01-01T00:00:00.000Z'], [[0, 1, 2]]],
	['a moment of Luxon', [{ valueOf: () => 0 }, new Date(0)], [[0, 1]]],
])('%s', (_what, values, groups) => {
	expect(groupsOf(values).map(({ itemIndexes }) => itemIndexes)).toEqual(groups);
	expect(groupsOf(values).every(({ problem }) => problem === undefined)).toBe(true);
});

it.each([
	[null, 'null'],
	[undefined, 'undefined'],
	['  ', 'an empty text'],
	[Number.NaN, 'NaN'],
	[{}, 'a list or an object'],
	[[1], 'a list or an object'],
	[new Date(Number.NaN), 'a list or an object'],
])('an item without a value (%p) is a problem of its own', (value, gives) => {
	const groups = groupsOf(['a', value, 'a', value]);
	expect(groups.map(({ itemIndexes }) => itemIndexes)).toEqual([[0, 2], [1], [3]]);
	expect(groups[1]?.problem).toMatchObject({
		code: 'EXACT_EMPTY_VALUE',
		message: expect.stringContaining(`gives ${gives} for item 1`),
	});
});

it('the value of a group is that of its first item', () => {
	expect(groupsOf(['7', 7, new Date(0)]).map(({ value }) => value)).toEqual([
		'7',
		'1970-01-01T00:00:00.000Z',
	]);
});

it('every item is in one group, in order, and groups are in order of first appearance', () => {
	const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('a', '1', '')));
	holds(
		fc.property(values, (given) => {
			const groups = groupsOf(given);
			const all = groups.flatMap(({ itemIndexes }) => itemIndexes);
			expect([...all].sort((one, other) => one - other)).toEqual([...given.keys()]);
			const firsts = groups.map(({ itemIndexes }) => itemIndexes[0]);
			expect(firsts).toEqual([...firsts].sort((one, other) => Number(one) - Number(other)));
			for (const { itemIndexes, problem } of groups) {
				const texts = itemIndexes.map((index) => String(given[index]));
				expect(new Set(texts).size).toBe(1);
				expect(problem !== undefined).toBe(texts[0] === '');
				expect(itemIndexes).toEqual([...itemIndexes].sort((one, other) => one - other));
			}
			const good = groups.filter(({ problem }) => problem === undefined);
			expect(new Set(good.map(({ value }) => String(value))).size).toBe(good.length);
		}),
	);
});

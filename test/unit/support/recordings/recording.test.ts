import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Json } from '../../../support/recordings/differences';
import { differencesBetween, namesPath } from '../../../support/recordings/differences';
import type { AllowedDifference, RecordingRules } from '../../../support/recordings/recording';
import { expectAsRecorded, PRINT_VARIABLE } from '../../../support/recordings/recording';

describe('differencesBetween', () => {
	const field = (name: string, value: Json = 1) => ({ name, value });

	it.each<[string, Json, Json, unknown[]]>([
		['nothing', { a: [1, null, 'x'] }, { a: [1, null, 'x'] }, []],
		['the order of members', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
		['a value', { a: { b: 1 } }, { a: { b: 2 } }, [['a > b', 'changed']]],
		['another type', { a: '1' }, { a: 1 }, [['a', 'changed']]],
		['a list in place of an object', { a: {} }, { a: [] }, [['a', 'changed']]],
		['null in place of an object', { a: {} }, { a: null }, [['a', 'changed']]],
		['a member', { a: 1 }, { a: 1, b: { c: 1 } }, [['b', 'added']]],
		['a member that is gone', { a: { b: 1, c: 1 } }, { a: { b: 1 } }, [['a > c', 'removed']]],
		['an element', ['a', 'c'], ['a', 'b', 'c'], [['b', 'added']]],
		['the order of elements', ['a', 'b'], ['b', 'a'], [['', 'reordered']]],
		['an element more of the same', ['a'], ['a', 'a'], [['a (2)', 'added']]],
		['a named element', [field('x')], [field('y'), field('x', 2)], [['y'], ['x > value']]],
	])('finds %s', (_what, was, is, expected) => {
		const found = differencesBetween(was, is).map(({ path, change }) => [path, change]);
		expect(found).toHaveLength(expected.length);
		for (const one of expected) {
			expect(found).toContainEqual(expect.arrayContaining(one as unknown[]));
		}
	});
});

describe('namesPath', () => {
	it.each([
		['a > b', 'a > b', true],
		['a > b', 'a > b > c', false],
		['a > *', 'a > b', true],
		['a > *', 'a', false],
		['** > c', 'a > b > c', true],
		['** > c', 'c', true],
		['a > **', 'a', true],
		['a > ** > d', 'a > b > c > d', true],
		['a > ** > d', 'a > b > c', false],
	])('%s names %s: %s', (pattern, path, expected) => {
		expect(namesPath(pattern, path)).toBe(expected);
	});
});

describe('expectAsRecorded', () => {
	let folder = '';
	let file = '';
	const rule = (path: string, more: Partial<AllowedDifference> = {}): AllowedDifference => ({
		path,
		change: 'changed',
		issue: 7,
		reason: 'a test',
		...more,
	});
	const compared = (present: unknown, rules?: RecordingRules) => () =>
		expectAsRecorded(file, present, rules);

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'recording-'));
		file = join(folder, 'thing.json');
		writeFileSync(file, JSON.stringify({ code: 'A', list: ['x'] }));
	});
	afterEach(() => {
		delete process.env[PRINT_VARIABLE];
		rmSync(folder, { recursive: true });
	});

	it('takes what is as it was', () => {
		expect(compared({ code: 'A', list: ['x'] })).not.toThrow();
	});

	it('fails without a recording', () => {
		rmSync(file);
		expect(compared({ code: 'A', list: ['x'] })).toThrow('is missing');
	});

	it('fails for a change that is not allowed, and names it', () => {
		expect(compared({ code: 'B', list: ['x'] })).toThrow('"path": "code"');
		expect(compared({ code: 'A', list: [] })).toThrow('"path": "list > x"');
	});

	it('takes a change that is allowed, and only that one', () => {
		const changed = { code: 'B', list: ['x'] };
		expect(compared(changed, { allowedDifferences: [rule('code')] })).not.toThrow();
		expect(compared(changed, { allowedDifferences: [rule('code', { is: 'B' })] })).not.toThrow();
		expect(compared(changed, { allowedDifferences: [rule('code', { is: 'C' })] })).toThrow();
		expect(
			compared(changed, { allowedDifferences: [rule('code', { change: 'removed' })] }),
		).toThrow();
	});

	it('fails for an allowed difference that does not occur', () => {
		const same = { code: 'A', list: ['x'] };
		expect(compared(same, { allowedDifferences: [rule('code')] })).toThrow('allowedButGone');
	});

	it('lets grow what may grow, and nothing else', () => {
		const grown = { code: 'A', list: ['x', 'y'] };
		expect(compared(grown, { mayGrow: ['list > *'] })).not.toThrow();
		expect(compared({ ...grown, more: 1 }, { mayGrow: ['list > *'] })).toThrow('"path": "more"');
		expect(compared({ code: 'A', list: ['y'] }, { mayGrow: ['list > *'] })).toThrow('removed');
	});

	it('prints what PRINT_RECORDING names, and writes no file', () => {
		const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
		try {
			process.env[PRINT_VARIABLE] = 'other';
			expect(compared({ code: 'A', list: ['x'] })).not.toThrow();
			expect(write).not.toHaveBeenCalled();
			process.env[PRINT_VARIABLE] = 'thing';
			rmSync(file);
			expect(compared({ code: 'C' })).toThrow('is missing');
			expect(write).toHaveBeenCalledWith('{\n\t"code": "C"\n}\n');
		} finally {
			write.mockRestore();
		}
	});
});

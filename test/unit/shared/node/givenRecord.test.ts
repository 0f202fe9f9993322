import type { ItemCall } from '../../../../nodes/shared/node/operation';
import { readRecordValues } from '../../../../nodes/shared/node/givenRecord';

const READING = {
	...{ mapper: 'mapped', rows: 'rows', invalidCode: 'INVALID', example: '{"A": 1}' },
	whole: { isWhole: () => false, code: 'EMPTY' },
};

/** An item whose rows are these, where the node's own parameters hold those. */
function itemOf(given: unknown, typed: unknown = given): ItemCall {
	const parameters: Record<string, unknown> = { dataMode: 'rows', rows: given, options: {} };
	const context = {
		getNodeParameter: (name: string) => parameters[name],
		getNode: () => ({ parameters: { rows: typed } }),
	};
	return { context, itemIndex: 0 } as unknown as ItemCall;
}

const located = (value: unknown) => ({ __rl: true, mode: 'text', value });

describe('rows of fields and values', () => {
	it('are read with the values of their locators', () => {
		const row = [
			{ field: 'A', value: located('1') },
			{ field: 'constructor', value: located('2') },
		];
		expect(readRecordValues(itemOf({ row }), READING).values).toEqual({ A: '1', constructor: '2' });
	});

	// Red before: nothing was sent of the record, without a word.
	it('are read where one is given as such', () => {
		const item = itemOf({ row: { field: 'A', value: located('1') } });
		expect(readRecordValues(item, READING).values).toEqual({ A: '1' });
	});

	it('say nothing of a field that was typed empty', () => {
		const item = itemOf({ row: [{ field: 'A', value: located('') }] });
		expect(readRecordValues(item, READING).values).toEqual({});
	});

	// Red before: an empty value of rows that an expression makes was left out.
	it.each([
		['value', { row: [{ field: 'A', value: located('={{ $json.a }}') }] }],
		['list of rows', { row: '={{ $json.rows }}' }],
		['collection', '={{ $json.all }}'],
	])('are an error where the expression of a %s gives nothing', (_what, typed) => {
		const item = itemOf({ row: [{ field: 'A', value: located('') }] }, typed);
		expect(() => readRecordValues(item, READING)).toThrow('The field A gets an empty text');
	});

	it('name each field once', () => {
		const row = [
			{ field: 'A', value: located('1') },
			{ field: 'A', value: located('2') },
		];
		expect(() => readRecordValues(itemOf({ row }), READING)).toThrow('names the field A a second');
	});
});

import type { INodeProperties } from 'n8n-workflow';
import { choiceNamed, withChoiceValues } from '../../../../nodes/shared/node/choiceWords';

const options = (choices: Array<[name: string, value: string | number]>): INodeProperties => ({
	...{ displayName: 'Mode', name: 'mode', type: 'options', default: '' },
	options: choices.map(([name, value]) => ({ name, value })),
});

const mode = options([
	['Leave Out', 'leaveOut'],
	['Error', 'refuse'],
	['Quarter Turn', 90],
	['Dot', '.'],
	['Refuse', 'other'],
]);

it.each([
	['leaveOut', 'leaveOut'],
	['LEAVE OUT', 'leaveOut'],
	['leave-out ', 'leaveOut'],
	['error', 'refuse'],
	['quarter turn', 90],
	['90', 90],
	['.', '.'],
	['dot', '.'],
	// A value counts before a name.
	['REFUSE', 'refuse'],
	['leave', undefined],
	['', undefined],
	[' - ', undefined],
])('of %j the choice %j is meant', (text, value) => {
	expect(choiceNamed([mode], text)).toBe(value);
});

it('words that several choices have name none', () => {
	const twice = options([
		['Due', 'a'],
		['due!', 'b'],
	]);
	expect(choiceNamed([twice], 'DUE')).toBeUndefined();
	expect(choiceNamed([twice], 'b')).toBe('b');
});

it('lists that the service fills are left alone', () => {
	const listed = { ...mode, typeOptions: { loadOptionsMethod: 'getModes' } };
	expect(choiceNamed([listed], 'leave out')).toBeUndefined();
});

it('choices are found at any depth, by further words too, and nothing else is touched', () => {
	const rows: INodeProperties = {
		...{ displayName: 'Rows', name: 'rows', type: 'fixedCollection', default: {} },
		options: [
			{
				...{ displayName: 'Row', name: 'row' },
				values: [mode, { ...mode, name: 'title', type: 'string' }],
			},
		],
	};
	const value = { row: [{ mode: 'Nothing', title: 'Error' }, { mode: 'ERROR' }, { mode: 'odd' }] };
	const words = { mode: (text: string) => (text === 'Nothing' ? 'leaveOut' : undefined) };
	expect(withChoiceValues([rows], value, words)).toEqual({
		row: [{ mode: 'leaveOut', title: 'Error' }, { mode: 'refuse' }, { mode: 'odd' }],
	});
	const several: INodeProperties = { ...mode, type: 'multiOptions' };
	expect(withChoiceValues([several], ['Error', 'dot', 7, 'x'])).toEqual(['refuse', '.', 7, 'x']);
});

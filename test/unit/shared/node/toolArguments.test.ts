import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { withTextArguments } from '../../../../nodes/shared/node/toolArguments';

const fields = [
	{ name: 'all', type: 'boolean' },
	{ name: 'limit', type: 'number' },
	{ name: 'text', type: 'string' },
	{ name: 'options', type: 'collection', options: [{ name: 'force', type: 'boolean' }] },
	{
		name: 'rows',
		type: 'fixedCollection',
		options: [{ name: 'row', values: [{ name: 'asc', type: 'boolean' }] }],
	},
	{ name: 'status', type: 'options', options: [{ name: 'Active', value: 1 }] },
	{ name: 'status', type: 'options', options: [{ name: 'Gone', value: 2 }] },
	{ name: 'names', type: 'multiOptions' },
] as INodeProperties[];

const values: Record<string, unknown> = {
	...{ all: 'True', limit: ' 7 ', text: 'true' },
	options: { force: 'no', other: 'true' },
};

const wholes: Record<string, unknown> = {
	rows: { row: [{ asc: 'false', field: 'false' }], other: ['true'] },
	...{ status: '2', names: '["Code", "Name"]' },
};

const contextOf = (type: string) =>
	({
		getNode: () => ({ type }),
		getMode: () => 'manual',
		getNodeParameter: (name: string, _item: number, fallback: unknown) => values[name] ?? fallback,
	}) as unknown as IExecuteFunctions;

const read = (context: IExecuteFunctions) =>
	['all', 'limit', 'text', 'options', 'missing'].map((name) =>
		context.getNodeParameter(name, 0, 'none'),
	);

it('a model may write true, false and numbers as text', () => {
	const context = withTextArguments(contextOf('a.docuWareTool'), fields);
	expect(read(context)).toEqual([true, 7, 'true', { force: false, other: 'true' }, 'none']);
	expect(context.getNode().type).toBe('a.docuWareTool');
});

const readWholes = (context: IExecuteFunctions) => {
	context.getNodeParameter = ((name: string) => wholes[name]) as never;
	const typed = withTextArguments(context, fields);
	return ['rows', 'status', 'names'].map((name) => typed.getNodeParameter(name, 0));
};

// Red before: rows, choices that are numbers and lists stayed texts.
it.each(['a.docuWareTool', 'a.docuWare'])('of %s rows, choices and lists are read, too', (type) => {
	expect(readWholes(contextOf(type))).toEqual([
		{ row: [{ asc: false, field: 'false' }], other: ['true'] },
		2,
		['Code', 'Name'],
	]);
});

it('a single row, a list with commas, what is no list and what has no group stay as they are', () => {
	Object.assign(wholes, { rows: { row: { asc: 'true' } }, status: '3', names: 'Code, Name' });
	expect(readWholes(contextOf('a.docuWareTool'))).toEqual([
		{ row: { asc: true } },
		'3',
		'Code, Name',
	]);
	Object.assign(wholes, { rows: 'x', status: 1, names: '[Code' });
	expect(readWholes(contextOf('a.docuWareTool'))).toEqual(['x', 1, '[Code']);
});

// Red before: the text true of an expression was taken for off.
it('an expression of a workflow gives true, false and numbers as text; other words stay', () => {
	const context = withTextArguments(contextOf('a.docuWare'), fields);
	expect(read(context)).toEqual([true, 7, 'true', { force: 'no', other: 'true' }, 'none']);
});

it.each([
	['maybe', 'maybe'],
	[1, 1],
	[false, false],
	['0', false],
])('%p as a switch is %p', (given, is) => {
	const context = contextOf('a.docuWareTool');
	context.getNodeParameter = (() => given) as never;
	expect(withTextArguments(context, fields).getNodeParameter('all', 0)).toBe(is);
});

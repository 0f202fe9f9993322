import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { withTextArguments } from '../../../../nodes/shared/node/toolArguments';

const fields = [
	{ name: 'all', type: 'boolean' },
	{ name: 'limit', type: 'number' },
	{ name: 'text', type: 'string' },
	{ name: 'options', type: 'collection', options: [{ name: 'force', type: 'boolean' }] },
] as INodeProperties[];

const values: Record<string, unknown> = {
	...{ all: 'True', limit: ' 7 ', text: 'true' },
	options: { force: 'no', other: 'true' },
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

it('a workflow gets what it has given', () => {
	const context = contextOf('a.docuWare');
	expect(withTextArguments(context, fields)).toBe(context);
	expect(read(context)[0]).toBe('True');
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

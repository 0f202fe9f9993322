import type { NodeSettings } from '../../../support/n8nContext';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const byName = { fileCabinetId: { __rl: true, mode: 'name', value: 'invoices' } };
const tool: NodeSettings = { nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool' };

/** Stores a document with long remarks; returns its number as text. */
async function store({ run }: NodeFixture, remarks: string): Promise<string> {
	const Fields = [
		{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' },
		{ FieldName: 'REMARKS', Item: remarks, ItemElementName: 'Memo' },
	];
	const { items } = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${INVOICES}/Documents`,
			bodyType: 'json',
			jsonBody: JSON.stringify({ Fields }),
		}),
	);
	return String(items[0]?.json.Id);
}

describe('as a tool of an AI agent, with every argument as text', () => {
	it.each<[string, string, NonNullable<NodeSettings['parameters']>, object]>([
		['fileCabinet', 'get', { ...byName, output: 'simplified' }, { Name: 'Invoices' }],
		['fileCabinet', 'getAll', { kind: 'both', returnAll: 'false', limit: '1' }, { Id: INVOICES }],
		['fileCabinet', 'getDialogs', { ...byName, dialogType: 'Store' }, { Type: 'Store' }],
		[
			'fileCabinet',
			'getFields',
			{ ...byName, options: { includeSystemFields: 'false' } },
			{ name: 'COMPANY', type: 'Text' },
		],
		[
			'fileCabinet',
			'getSelectListValues',
			{
				...{ ...byName, dialogId: 'Store invoice', fieldName: 'document type', limit: '2' },
				options: { prefix: 'In', typed: 'false' },
			},
			{ value: 'Invoice' },
		],
	])('%s: %s reads', async (resource, name, parameters, expected) => {
		const { run } = await start();
		const { items } = await run(operation(resource, name, parameters), tool);
		expect(items[0]?.json).toMatchObject(expected);
		expect(JSON.stringify(items.map(({ json }) => json)).length).toBeLessThanOrEqual(10_000);
	});

	it('document: get reads, and gives at most 10,000 characters', async () => {
		const fixture = await start();
		const documentId = await store(fixture, 'long '.repeat(5_000));
		const parameters = operation('document', 'get', {
			...byName,
			documentId,
			output: 'selected',
			fieldsToReturn: 'COMPANY, REMARKS',
		});
		const { items } = await fixture.run(parameters, tool);
		expect(items[0]?.json).toMatchObject({ documentId: Number(documentId), COMPANY: 'Peters' });
		expect(items[0]?.json.note).toContain('Shortened for an AI agent');
		expect(JSON.stringify(items[0]?.json).length).toBeLessThanOrEqual(10_000);
		const whole = await fixture.run(parameters);
		expect(String(whole.items[0]?.json.REMARKS)).toHaveLength(25_000);
	});

	it.each([
		['updateIndexFields', { documentId: '1', dataMode: 'json', json: '{"STATUS": "x"}' }],
		['batchUpdate', { documentIds: '1', dataMode: 'json', json: '{"STATUS": "x"}' }],
		['appendKeywords', { documentIds: '1', keywordField: 'KEYWORDS', keywords: 'x' }],
	])('document: %s changes nothing without a word of a person', async (name, parameters) => {
		const fixture = await start();
		await store(fixture, 'short');
		const refused = operation('document', name, { ...byName, ...parameters });
		await expect(fixture.run(refused, tool)).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_NOT_FOR_AI]'),
		});
		const { items } = await fixture.run({ ...refused, allowChangesAsTool: true }, tool);
		expect(items[0]?.json).toMatchObject({ documentId: 1, updated: true });
	});
});

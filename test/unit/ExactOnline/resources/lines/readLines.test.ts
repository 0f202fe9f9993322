import type { IDataObject } from 'n8n-workflow';
import { locator } from '../../../../support/n8nContext';
import { OTHER, mapped, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { run, server } = useRecordNode();

// Red before: the value of the first was dropped in silence, and the second was told to stand there twice.
it.each([
	['__proto__', 'has no field __proto__: salesinvoice/SalesInvoiceLines. [EXACT_UNKNOWN_FIELD]'],
	[
		'constructor',
		'has no field constructor: salesinvoice/SalesInvoiceLines. [EXACT_UNKNOWN_FIELD]',
	],
	['Item', 'Item is given twice in line 1 of item 0. [EXACT_INVALID_VALUE]'],
])('a further field %s of a line is refused unsent', async (name, words) => {
	server.answer([]);
	const line = { Item: locator(OTHER, 'id'), further: { field: [{ name, value: '5' }] } };
	const refused = run({
		...{ resource: 'salesInvoice', operation: 'create', values: mapped({}) },
		...{ orderedBy: locator(OTHER, 'id'), journal: locator('70', 'code') },
		lineRows: { line: [line] },
	});
	await expect(refused).rejects.toThrow(words);
	expect(server.requests).toEqual([]);
});

describe('a reference in a row of input items that an expression leaves empty', () => {
	const GL_ACCOUNT = '8d1f9b0e-1111-4222-8333-444455556666';
	const fromItems = (options: IDataObject) =>
		run({
			...{ resource: 'salesInvoice', operation: 'create', values: mapped({}), options },
			...{ orderedBy: locator(OTHER, 'id'), journal: locator('70', 'code') },
			...{ linesFrom: 'items', documentPer: 'one' },
			lineRows: {
				line: [
					{
						Item: locator('={{ $json.sku }}', 'code'),
						GLAccount: locator(GL_ACCOUNT, 'id'),
						Quantity: '={{ $json.quantity }}',
						NetPrice: '5',
					},
				],
			},
		});

	// Red before: the line was booked without its item.
	it('is an error, with nothing sent', async () => {
		server.answer([]);
		await expect(fromItems({})).rejects.toThrow('Item is empty in line 1 of item 0.');
		expect(server.requests).toEqual([]);
	});

	it('is left out where Empty Values says so, and a number that is empty always', async () => {
		server.answer([{ status: 201, body: { d: { InvoiceID: OTHER } } }]);
		await fromItems({ emptyValues: 'leaveOut' });
		const body = JSON.parse(server.requests.at(-1)?.body ?? '') as unknown;
		expect(body).toMatchObject({
			SalesInvoiceLines: [{ GLAccount: GL_ACCOUNT, NetPrice: 5 }],
		});
		expect(JSON.stringify(body)).not.toMatch(/Item|Quantity/);
	});
});

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

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as catalogue from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { decodeFields } from '../../../../nodes/ExactOnline/catalogue/format';
import { nearNames } from '../../../../nodes/shared/values/nearNames';

const { endpointSummaries, fieldOf, readEndpoint, selectableFields } = catalogue;

/** The files that a copy of the catalogue of its own reads, by name. */
function filesReadBy(work: (own: typeof catalogue) => void, folder?: string): string[] {
	const read: string[] = [];
	jest.isolateModules(() => {
		const fs = jest.requireActual<typeof import('node:fs')>('node:fs');
		jest.doMock('node:fs', () => ({
			...fs,
			readFileSync: (file: string, encoding: 'utf8') => {
				const name = file.slice(file.lastIndexOf('/data/') + 6);
				read.push(name);
				return fs.readFileSync(folder === undefined ? file : join(folder, name), encoding);
			},
		}));
		work(jest.requireActual<typeof catalogue>('../../../../nodes/ExactOnline/catalogue/catalogue'));
		jest.dontMock('node:fs');
	});
	return read;
}

describe('an endpoint', () => {
	it('has methods, key, fields with type and marks, and lines with their endpoint', () => {
		const endpoint = readEndpoint('salesinvoice/SalesInvoices');
		expect(endpoint).toMatchObject({
			path: 'salesinvoice/SalesInvoices',
			name: 'Sales Invoice',
			service: 'SalesInvoice',
			methods: ['GET', 'POST', 'PUT', 'DELETE'],
			key: [{ name: 'InvoiceID', type: 'Guid' }],
		});
		expect(fieldOf(endpoint, 'SalesInvoiceLines')).toEqual({
			name: 'SalesInvoiceLines',
			type: 'Collection',
			lines: 'salesinvoice/SalesInvoiceLines',
			mandatory: true,
			create: true,
			update: false,
		});
		expect(fieldOf(endpoint, 'OrderedBy')).toEqual({
			name: 'OrderedBy',
			type: 'Guid',
			mandatory: true,
			create: true,
			update: true,
		});
		expect(fieldOf(endpoint, 'Status')).toMatchObject({ create: false, update: false });
	});

	it('may have a key of several fields, or none', () => {
		expect(readEndpoint('openingbalance/CurrentYear/Processed').key).toEqual([
			{ name: 'Division', type: 'Int32' },
			{ name: 'GLAccount', type: 'Guid' },
			{ name: 'ReportingYear', type: 'Int32' },
		]);
		const keyless = [...endpointSummaries().values()].filter(
			({ keyNames }) => keyNames.length === 0,
		);
		expect(keyless).toHaveLength(8);
		for (const { path } of keyless) expect(readEndpoint(path).key).toEqual([]);
	});

	it('can be read, each of the 427', () => {
		const all = [...endpointSummaries().keys()].map(readEndpoint);
		expect(all).toHaveLength(427);
		expect(all.reduce((sum, { fields }) => sum + fields.size, 0)).toBe(11_160);
	});

	it('gives the fields that can be selected, without collections', () => {
		const fields = selectableFields(readEndpoint('crm/Accounts'));
		expect(fields).toContain('Name');
		expect(fields).not.toContain('BankAccounts');
	});
});

describe('what is not there', () => {
	it.each([
		['crm/accounts', 'crm/Accounts'],
		['/crm/Accounts', 'crm/Accounts'],
		['Accounts', 'crm/Accounts'],
		['crm/Acounts', 'crm/Accounts'],
		['salesinvoice/SalesInvoice', 'salesinvoice/SalesInvoices'],
		['sales/SalesInvoices', 'salesinvoice/SalesInvoices'],
	])('is answered with near names: %s', (path, near) => {
		expect(() => readEndpoint(path)).toThrow(
			expect.objectContaining({
				code: 'EXACT_UNKNOWN_ENDPOINT',
				message: expect.stringContaining(near) as string,
			}),
		);
	});

	it.each(['', 'constructor', '__proto__', 'zzzzzzzz/qqqq'])('is no endpoint: %p', (path) => {
		expect(() => readEndpoint(path)).toThrow(
			expect.objectContaining({ code: 'EXACT_UNKNOWN_ENDPOINT' }),
		);
	});

	it('is answered with near fields', () => {
		const endpoint = readEndpoint('crm/Accounts');
		expect(() => fieldOf(endpoint, 'VatNumber')).toThrow(
			expect.objectContaining({
				code: 'EXACT_UNKNOWN_FIELD',
				message: expect.stringContaining('Did you mean VATNumber') as string,
			}),
		);
		expect(() => fieldOf(endpoint, 'constructor')).toThrow(
			expect.objectContaining({ code: 'EXACT_UNKNOWN_FIELD' }),
		);
	});

	it('has at most three near names, the nearest first', () => {
		const names = ['Code', 'Cod', 'Codes', 'Coder', 'Other'];
		expect(nearNames('code', names)).toEqual(['Code', 'Cod', 'Coder']);
		expect(nearNames('', names)).toEqual([]);
		expect(nearNames('Phone', ['Code'])).toEqual([]);
	});
});

describe('the files', () => {
	it('are not read before they are needed, each once, and of the fields only those of a service', () => {
		expect(filesReadBy(() => undefined)).toEqual([]);
		expect(filesReadBy((own) => void own.endpointSummaries())).toEqual(['endpoints.json']);
		const two = filesReadBy((own) => {
			own.readEndpoint('vat/VATCodes');
			own.readEndpoint('vat/VATCodes');
		});
		expect(two).toEqual(['endpoints.json', 'fields/VAT.json']);
	});

	it('are not read while n8n loads the node', () => {
		const read = filesReadBy(() => {
			const file = '../../../../nodes/ExactOnline/ExactOnline.node';
			const { ExactOnline } = jest.requireActual<{ ExactOnline: new () => object }>(file);
			expect(new ExactOnline()).toHaveProperty('description');
		});
		expect(read.filter((file) => file.endsWith('.json'))).toEqual([]);
	});

	it.each([
		['missing', undefined, undefined],
		['cut off', '{"vat/VATCodes":["VAT Code","VAT"', undefined],
		['of another form', '{"vat/VATCodes":{"name":"VAT Code"}}', undefined],
		['without fields', '{"vat/VATCodes":["VAT Code","VAT","G","ID"]}', '{}'],
		[
			'of another form of fields',
			'{"vat/VATCodes":["VAT Code","VAT","G","ID"]}',
			'{"vat/VATCodes":"ID"}',
		],
		[
			'without its key',
			'{"vat/VATCodes":["VAT Code","VAT","G","ID"]}',
			'{"vat/VATCodes":"Code:S"}',
		],
	])('that are %s are an error that says what to do', (_how, list, fields) => {
		const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
		try {
			mkdirSync(join(folder, 'fields'));
			if (list !== undefined) writeFileSync(join(folder, 'endpoints.json'), list);
			if (fields !== undefined) writeFileSync(join(folder, 'fields/VAT.json'), fields);
			filesReadBy((own) => {
				expect(() => own.readEndpoint('vat/VATCodes')).toThrow(
					expect.objectContaining({
						code: 'EXACT_CATALOGUE_UNREADABLE',
						repair: expect.stringContaining('Restart n8n') as string,
					}),
				);
			}, folder);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	it.each([[1], ['ID:Q'], ['ID'], ['ID:G?'], ['ID:G  Code:S']])('hold no fields in %p', (text) => {
		expect(decodeFields(text)).toBeUndefined();
	});
});

import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { filterField } from '../../../../../nodes/ExactOnline/catalogue/fieldTypes';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import {
	codeOfWord,
	wordOfCode,
} from '../../../../../nodes/ExactOnline/catalogue/firstClass/codes';
import { referenceOf } from '../../../../../nodes/ExactOnline/catalogue/firstClass/references';
import { operatorsOf } from '../../../../../nodes/ExactOnline/odata/filterRows';

/** In the order of issue and settlement. */
const WANTED = [
	...['Account', 'Contact', 'Item', 'GL Account', 'Sales Invoice', 'Sales Order', 'Quotation'],
	...['Purchase Order', 'Sales Entry', 'Purchase Entry', 'General Journal Entry', 'Bank Entry'],
	...[
		'Cash Entry',
		'Goods Delivery',
		'Address',
		'Bank Account',
		'Sales Item Price',
		'Supplier Item',
	],
	...[
		'Stock Position',
		'Journal',
		'VAT Code',
		'Payment Condition',
		'Transaction Line',
		'Receivable',
	],
	...['Payable', 'Reporting Balance', 'Document', 'Document Attachment', 'Project'],
	...[
		'Time Transaction',
		'Subscription',
		'Employee',
		'Opportunity',
		'Division',
		'Purchase Invoice',
	],
	...['Warehouse', 'Item Group', 'Cost Center', 'Cost Unit', 'Unit', 'Mailbox Message'],
	...['Open Receivable', 'Open Payable'],
];

const byName = new Map(FIRST_CLASS.map((resource) => [resource.name, resource]));

/** Names that an endpoint has not. */
function missing(path: string, names: readonly string[]): string[] {
	const { fields } = readEndpoint(path);
	return names.filter((name) => !fields.has(name));
}

it('are those that were settled, with names and values of their own', () => {
	expect([...byName.keys()].sort()).toEqual([...WANTED].sort());
	expect(FIRST_CLASS).toHaveLength(WANTED.length);
	for (const { value, name } of FIRST_CLASS) {
		expect(value.toLowerCase()).toBe(name.replaceAll(' ', '').toLowerCase());
	}
});

it('are called as the catalogue calls their endpoints, but where people say otherwise', () => {
	const others = FIRST_CLASS.filter(({ endpoint, name }) => readEndpoint(endpoint).name !== name);
	expect(others.map(({ name }) => name)).toEqual(['Open Payable', 'Open Receivable', 'Payable']);
});

/** Asked for although the documentation calls it needed nowhere: without it the record says nothing, or is nobody's. */
const ASKED_FOR: Readonly<Record<string, readonly string[]>> = {
	address: ['Account'],
	journal: ['Code', 'Description', 'Type'],
	opportunity: ['Name'],
	salesItemPrice: ['Item', 'Price'],
	warehouse: ['Code', 'Description'],
};

/** The same of lines. */
const ASKED_FOR_LINES: Readonly<Record<string, readonly string[]>> = {
	generalJournalEntry: ['AmountFC'],
};

describe.each(FIRST_CLASS)('$name', (resource) => {
	const { endpoint: path, main, required = [], keys = [], sameDocument = [] } = resource;
	const endpoint = readEndpoint(path);
	const isWritten = endpoint.methods.some((method) => method !== 'GET' && method !== 'DELETE');

	it('names fields of its endpoint, each once', () => {
		expect(missing(path, [...main, ...required, ...keys, ...sameDocument])).toEqual([]);
		expect(new Set(main).size).toBe(main.length);
		expect(main.length).toBeLessThanOrEqual(15);
		expect(required.filter((name) => !main.includes(name))).toEqual([]);
		const writable = main.some((name) => {
			const field = endpoint.fields.get(name);
			return field?.create === true || field?.update === true;
		});
		expect(writable).toBe(isWritten);
	});

	it('asks for what can be written, and for all that the documentation calls needed', () => {
		const fields = [...endpoint.fields.values()];
		expect(required.filter((name) => !endpoint.fields.get(name)?.create)).toEqual([]);
		const needed = fields.filter(({ type, mandatory }) => mandatory && type !== 'Collection');
		expect(needed.map(({ name }) => name).filter((name) => !required.includes(name))).toEqual([]);
	});

	it('asks for more than the documentation where that was settled by hand, and nowhere else', () => {
		const { value, lines } = resource;
		const more = required.filter((name) => endpoint.fields.get(name)?.mandatory !== true);
		expect(more).toEqual(ASKED_FOR[value] ?? []);
		const own = lines && readEndpoint(endpoint.fields.get(lines.field)?.lines ?? '');
		const moreOfLines = (lines?.required ?? []).filter(
			(name) => own?.fields.get(name)?.mandatory !== true,
		);
		expect(moreOfLines).toEqual(ASKED_FOR_LINES[value] ?? []);
	});

	it('is found by fields that can be compared', () => {
		const names = [...keys, ...sameDocument];
		const dumb = names.filter((name) => {
			const { type } = filterField(endpoint, name);
			return !operatorsOf(type).includes('eq') || type === 'Boolean' || type === 'Double';
		});
		expect(dumb).toEqual([]);
		if (sameDocument.length > 0) {
			const [reference, account, ...others] = sameDocument;
			expect(reference).toBe('YourRef');
			expect(referenceOf(endpoint.fields.get(account ?? '')!)?.endpoint).toBe('crm/Accounts');
			expect(['', 'Type']).toContain(others.join());
			// What a POST does not hold cannot be compared.
			expect(sameDocument.filter((name) => !endpoint.fields.get(name)?.create)).toEqual([]);
		}
	});

	it('has lines with a header, a form of at most twelve fields, and what it asks for', () => {
		const { lines } = resource;
		if (!lines) {
			const lineLike = [...endpoint.fields.keys()].filter(
				(name) => /(?:Lines|EntryLines)$/.test(name) && name !== 'HasWBSLines',
			);
			expect(lineLike).toEqual([]);
			return;
		}
		const field = endpoint.fields.get(lines.field);
		expect(field).toMatchObject({
			type: 'Collection',
			mandatory: true,
			create: true,
			update: false,
		});
		const own = readEndpoint(field?.lines ?? '');
		const { main: shown, required: asked, oneOf = [] } = lines;
		expect(missing(own.path, [lines.header, ...shown, ...asked, ...oneOf])).toEqual([]);
		expect(own.fields.get(lines.header)?.type).toBe('Guid');
		expect(shown.length).toBeLessThanOrEqual(12);
		expect(shown.filter((name) => !own.fields.get(name)?.create)).toEqual([]);
		expect([...asked, ...oneOf].filter((name) => !shown.includes(name))).toEqual([]);
		const needed = [...own.fields.values()].filter(
			({ name, mandatory }) => mandatory && name !== lines.header && !oneOf.includes(name),
		);
		expect(needed.map(({ name }) => name).filter((name) => !asked.includes(name))).toEqual([]);
		if (lines.bulk !== undefined) expect(readEndpoint(lines.bulk).service).toBe('Bulk');
	});

	it('has actions that are only posted and name it', () => {
		for (const action of resource.actions ?? []) {
			const target = readEndpoint(action.endpoint);
			expect(target.methods).toEqual(['POST']);
			const strange = Object.keys(action.codes ?? {}).filter((name) => !target.fields.has(name));
			expect(strange.filter((name) => !/^ProjectPrepai?n?dTypes$/.test(name))).toEqual([]);
			if (action.record === undefined) continue;
			expect(target.fields.get(action.record)).toMatchObject({ type: 'Guid', mandatory: true });
			expect(target.keyNames).toEqual([action.record]);
		}
	});

	it('has twins with its key and its main fields', () => {
		const { bulk, sync } = resource;
		if (bulk !== undefined) {
			const twin = readEndpoint(bulk);
			expect(twin.service).toBe('Bulk');
			expect(twin.keyNames).toEqual(endpoint.keyNames);
			const less = missing(bulk, main);
			expect(less.length).toBeLessThanOrEqual(main.length / 4);
		}
		if (sync === undefined) return;
		for (const one of [sync.path, ...(sync.lines ? [sync.lines.path] : [])]) {
			expect(readEndpoint(one)).toMatchObject({ service: 'Sync', keyNames: ['Timestamp'] });
		}
		const shared = main.filter((name) => readEndpoint(sync.path).fields.has(name));
		expect(shared.length).toBeGreaterThanOrEqual(main.length / 2);
	});

	it('has codes of numbers or letters, each with a word of its own', () => {
		for (const [name, codes] of Object.entries(resource.codes ?? {})) {
			const { type } = filterField(endpoint, name);
			for (const [code, word] of Object.entries(codes)) {
				expect(code).toMatch(type === 'String' ? /^(?:[A-Z]|[a-z]{2})$/ : /^\d+$/);
				expect(codeOfWord(codes, word)).toBe(code);
				expect(wordOfCode(codes, code)).toBe(word);
			}
		}
	});
});

describe('fields of a simplified row', () => {
	const withOwn = FIRST_CLASS.filter(({ simple }) => simple !== undefined);

	it.each(withOwn)(
		'of $name are known where they are read',
		({ simple = [], endpoint, bulk, sync }) => {
			// With the key and recordId ten.
			expect(simple.length).toBeLessThanOrEqual(8);
			expect(new Set(simple).size).toBe(simple.length);
			for (const path of [endpoint, ...(bulk ? [bulk] : [])]) {
				const { fields } = readEndpoint(path);
				expect({ path, unknown: simple.filter((name) => !fields.has(name)) }).toEqual({
					...{ path, unknown: [] },
				});
			}
			const { fields = new Map() } = sync ? readEndpoint(sync.path) : {};
			if (sync)
				expect(simple.filter((name) => fields.has(name)).length).toBeGreaterThan(simple.length - 3);
		},
	);

	it.each(FIRST_CLASS)('of $name hold no reference without a name beside it', (data) => {
		const { fields } = readEndpoint(data.endpoint);
		const shown = data.simple ?? data.main.slice(0, 8);
		const nameless = shown.filter((name) => {
			const field = fields.get(name);
			if (field?.type !== 'Guid' || !referenceOf(field, data.endpoint)) return false;
			const names = ['Name', 'FullName', 'Description', 'Code'].map((end) => name + end);
			const known = names.filter((one) => fields.has(one));
			return known.length > 0 && !known.some((one) => shown.includes(one));
		});
		expect(nameless).toEqual([]);
	});
});

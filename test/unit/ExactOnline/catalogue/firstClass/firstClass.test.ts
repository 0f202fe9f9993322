import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	endpointSummaries,
	readEndpoint,
} from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { DENIED } from '../../../../../nodes/ExactOnline/catalogue/denied';
import { filterField } from '../../../../../nodes/ExactOnline/catalogue/fieldTypes';
import { decodeEndpoint } from '../../../../../nodes/ExactOnline/catalogue/format';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import { ABILITIES } from '../../../../../nodes/ExactOnline/catalogue/firstClass/abilities';
import {
	codeOfWord,
	wordOfCode,
} from '../../../../../nodes/ExactOnline/catalogue/firstClass/codes';
import {
	changesOf,
	operationsOf,
} from '../../../../../nodes/ExactOnline/catalogue/firstClass/operations';
import {
	referenceOf,
	REFERENCES,
} from '../../../../../nodes/ExactOnline/catalogue/firstClass/references';
import { resources } from '../../../../../nodes/ExactOnline/resources';
import { operatorsOf } from '../../../../../nodes/ExactOnline/odata/filterRows';
import { operationsDocument } from '../../../../../scripts/catalogue/operationsTable';

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

function operations(name: string): string[] {
	return operationsOf(byName.get(name)!, readEndpoint);
}

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

describe('operations', () => {
	const ALL = ['Create', 'Get', 'Get Many', 'Update', 'Upsert', 'Delete'];
	const LINES = ['Add Line', 'Change Line', 'Delete Line'];

	it.each<[string, string[]]>([
		['Account', ALL],
		['Sales Invoice', [...ALL, ...LINES]],
		['General Journal Entry', ['Create', 'Get', 'Get Many', 'Delete', 'Add Line']],
		['Bank Entry', ['Create', 'Get', 'Get Many', 'Delete', 'Add Line']],
		['Cash Entry', ['Create', 'Get', 'Get Many', 'Delete', 'Add Line']],
		['Payment Condition', ['Create', 'Get', 'Get Many']],
		['Document Attachment', ['Create', 'Get', 'Get Many', 'Delete']],
		[
			'Goods Delivery',
			['Create', 'Get', 'Get Many', 'Update', 'Upsert', 'Add Line', 'Change Line'],
		],
		['Receivable', ['Get', 'Get Many', 'Update']],
		['Payable', ['Get', 'Get Many', 'Update']],
		['Transaction Line', ['Get', 'Get Many']],
		['Stock Position', ['Get Many']],
		['Reporting Balance', ['Get', 'Get Many']],
		['Employee', ['Get', 'Get Many']],
		['Division', ['Get', 'Get Many']],
		['Open Payable', ['Get Many']],
	])('of %s', (name, names) => {
		expect(operations(name)).toEqual(names);
	});

	it('that are denied are offered nowhere, and would else be there, each with a reason', () => {
		const file = join(__dirname, '../../../../../nodes/ExactOnline/catalogue/data/endpoints.json');
		const rows = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
		for (const [path, methods] of Object.entries(DENIED)) {
			for (const [method, reason] of Object.entries(methods)) {
				expect(decodeEndpoint(path, rows[path])?.methods).toContain(method);
				expect(readEndpoint(path).methods).not.toContain(method);
				expect(endpointSummaries().get(path)?.methods).not.toContain(method);
				expect(reason.length).toBeGreaterThan(20);
			}
		}
	});

	it('are those of the document (else: npm run catalogue)', () => {
		const file = join(__dirname, '../../../../../docs/exact-online-operations.md');
		expect(readFileSync(file, 'utf8')).toBe(operationsDocument());
	});

	it('of the document are those of the node, by the names that it gives them', () => {
		const [head = [], , ...rows] = operationsDocument()
			.split('\n')
			.filter((line) => line.startsWith('| '))
			.map((line) => line.split('|').slice(1, -1));
		const named = (cells: string[]) => cells.map((cell) => cell.trim());
		const columns = named(head);
		expect(rows).toHaveLength(FIRST_CLASS.length);
		for (const [name, , ...cells] of rows.map(named)) {
			const told = cells.flatMap((cell, at) => {
				const column = columns[at + 2] ?? '';
				if (['Bulk', 'Changes'].includes(column) || cell === '') return [];
				return cell === 'yes' ? [column] : cell.split(', ');
			});
			const resource = resources.find((one) => one.name === name);
			const offered = resource?.operations.map((operation) => operation.name);
			expect([name, told.sort()]).toEqual([name, offered?.sort()]);
		}
	});
});

describe('changes', () => {
	it('come by Modified where there is no twin', () => {
		const modified = FIRST_CLASS.filter((one) => changesOf(one, readEndpoint) === 'modified');
		expect(modified.map(({ name }) => name)).toEqual([
			...['Bank Account', 'Bank Entry', 'Cash Entry', 'Cost Center', 'Cost Unit', 'Division'],
			...['General Journal Entry', 'Item Group', 'Journal', 'Mailbox Message', 'Opportunity'],
			...['Payment Condition', 'Purchase Entry', 'Purchase Invoice', 'Sales Entry', 'VAT Code'],
			'Warehouse',
		]);
		const none = FIRST_CLASS.filter((one) => changesOf(one, readEndpoint) === 'none');
		expect(none.map(({ name }) => name)).toEqual([
			...['Open Payable', 'Open Receivable', 'Reporting Balance', 'Stock Position', 'Unit'],
		]);
		for (const { noChanges } of none) expect(noChanges).toMatch(/\.$/);
	});

	it('of each kind of deletion belong to one endpoint', () => {
		const types = FIRST_CLASS.flatMap(({ sync }) =>
			sync === undefined ? [] : [sync, ...(sync.lines ? [sync.lines] : [])],
		).filter(({ deletedType }) => deletedType !== undefined);
		const pairs = new Set(types.map(({ path, deletedType }) => `${deletedType} ${path}`));
		expect(new Set(types.map(({ deletedType }) => deletedType)).size).toBe(pairs.size);
	});

	it('and bulk twins are used as far as they are of these resources', () => {
		const used = new Set(FIRST_CLASS.flatMap(({ bulk, lines }) => [bulk, lines?.bulk]));
		const unused = [...endpointSummaries().keys()].filter(
			(path) => path.startsWith('bulk/') && !used.has(path),
		);
		expect(unused).toEqual(['bulk/Financial/GLClassifications', 'bulk/Project/ProjectWBS']);
	});
});

describe('references', () => {
	it.each(REFERENCES)(
		'to $endpoint can be listed and found',
		({ endpoint: path, by, code, label, inUse }) => {
			const endpoint = readEndpoint(path);
			if (inUse !== undefined) expect(endpoint.fields.get(inUse)?.type).toBe('Guid');
			expect(endpoint.methods).toContain('GET');
			expect(missing(path, label)).toEqual([]);
			if (by === 'key') expect(endpoint.key.map(({ type }) => type)).toEqual(['Guid']);
			if (by === 'code') expect(code).toBeDefined();
			if (code !== undefined) expect(endpoint.fields.get(code)?.type).toBe('String');
		},
	);

	// Red before: eight of them were to be typed as identifiers.
	it('are all main fields of records and lines that hold an identifier', () => {
		const untold = FIRST_CLASS.flatMap(({ value, endpoint: path, main, lines }) => {
			const endpoint = readEndpoint(path);
			const own = lines && readEndpoint(endpoint.fields.get(lines.field)?.lines ?? '');
			const all = [
				...main.map((name) => [endpoint, name] as const),
				...(own === undefined ? [] : (lines?.main ?? []).map((name) => [own, name] as const)),
			];
			return all.flatMap(([{ path: where, fields }, name]) => {
				const field = fields.get(name);
				const isHeld = field?.type === 'Guid' && (field.create || field.update);
				return isHeld && !referenceOf(field, where) ? [`${value}.${name}`] : [];
			});
		});
		expect(untold).toEqual([]);
	});

	it('beyond the main fields have a list where people ask for one, and can be written', () => {
		for (const { value, main, listed = [] } of FIRST_CLASS) {
			const { create = '', update = '' } = ABILITIES[value] ?? {};
			const written = [...create.split(' '), ...update.split(' ')];
			expect(listed.filter((name) => !written.includes(name) || main.includes(name))).toEqual([]);
		}
		expect(ABILITIES.salesOrder?.create).toContain('OrderedByContactPerson');
	});

	it('are fields that can be written somewhere, each to one target', () => {
		const all = [...endpointSummaries().keys()].flatMap((path) => [
			...readEndpoint(path).fields.values(),
		]);
		const written = all.filter(({ create, update }) => create || update);
		for (const target of REFERENCES) {
			expect({ ...target, ofNone: target.fields.length === 0 }).toMatchObject({
				ofNone: target.endpoint === 'documents/DocumentCategories',
			});
			const idle = target.fields.filter(
				(name) => !written.some((field) => field.name === name && referenceOf(field) === target),
			);
			expect(idle).toEqual([]);
		}
		const names = REFERENCES.flatMap(({ fields }) => fields);
		expect(new Set(names).size).toBe(names.length);
	});

	it('are told by name and type', () => {
		expect(referenceOf({ name: 'OrderedBy', type: 'Guid' })?.endpoint).toBe('crm/Accounts');
		expect(referenceOf({ name: 'VATCode', type: 'String' })?.by).toBe('code');
		expect(referenceOf({ name: 'Unit', type: 'Guid' })).toBeUndefined();
		expect(referenceOf({ name: 'Description', type: 'String' })).toBeUndefined();
	});
});

it('a word or a code is taken, with any capitals; an unknown word is refused, an unknown code passed on', () => {
	const codes = { 10: 'Draft', 20: 'Open' };
	expect(codeOfWord(codes, 'draft')).toBe('10');
	expect(codeOfWord(codes, 20)).toBe('20');
	expect(codeOfWord(codes, '99')).toBe('99');
	expect(wordOfCode(codes, 99)).toBe('99');
	expect(wordOfCode({ A: 'None' }, 'constructor')).toBe('constructor');
	expect(codeOfWord({ A: 'None', C: 'Customer' }, 'c')).toBe('C');
	for (const wrong of ['done', '', null, 'constructor']) {
		expect(() => codeOfWord(codes, wrong)).toThrow(/Draft|known values/);
	}
});

it('fields with codes are told in words wherever a public source tells them', () => {
	const coded = FIRST_CLASS.flatMap(({ value, codes = {} }) =>
		Object.keys(codes).map((field) => `${value}.${field}`),
	);
	expect(coded.length).toBeGreaterThan(70);
	// What people filter by, of the resources that have it.
	for (const { value, endpoint, main, codes = {}, lists = {} } of FIRST_CLASS) {
		const { fields } = readEndpoint(endpoint);
		const untold = main.filter(
			(name) =>
				/(?:^Type|Status|^BalanceSide|BalanceType|^PaymentMethod|^Operation)$/.test(name) &&
				!(name in codes) &&
				!(name in lists),
		);
		expect({ value, untold }).toEqual({ value, untold: [] });
		for (const path of Object.values(lists)) {
			expect(readEndpoint(path).fields.get('Description')?.type).toBe('String');
		}
		expect(Object.keys(lists).filter((name) => !fields.has(name))).toEqual([]);
	}
});

it('a letter that is not in the list is passed on as well', () => {
	expect(codeOfWord({ B: 'On Credit' }, 'V')).toBe('V');
	expect(() => codeOfWord({ 10: 'Draft' }, 'V')).toThrow('none of the known values');
	expect(() => codeOfWord({ B: 'On Credit' }, 'v')).toThrow('none of the known values');
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

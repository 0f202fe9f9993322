import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEndpoint, decodeFields } from '../../../../nodes/ExactOnline/catalogue/format';
import { generate } from '../../../../scripts/catalogue/generate';
import {
	DATA_FOLDER,
	differences,
	readFiles,
	writeFiles,
} from '../../../../scripts/catalogue/generatedFiles';
import { linesOf, readSource } from '../../../../scripts/catalogue/source';
import { mayWrite } from '../../../../scripts/catalogue/writeMarks';

const source = readSource();
const files = generate(source);

function parsed(file: string): Record<string, unknown> {
	return JSON.parse(files.get(file) ?? '') as Record<string, unknown>;
}

it('the files that are there are those that the source gives (else: npm run catalogue)', () => {
	expect(differences(files, readFiles(DATA_FOLDER))).toEqual([]);
});

it('the check sees what is missing, too much and different', () => {
	const present = new Map(files);
	present.delete('fields/VAT.json');
	present.set('fields/Old.json', '{}');
	present.set('endpoints.json', (files.get('endpoints.json') ?? '').replace('"Account"', '"X"'));
	const found = differences(files, present);
	expect(found).toHaveLength(3);
	expect(found[0]).toMatch(/^endpoints\.json, line \d+, differs$/);
	expect(found.slice(1)).toEqual([
		'fields/Old.json is not generated',
		'fields/VAT.json is missing',
	]);
});

it('writes the files and nothing else', () => {
	const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
	try {
		writeFiles(folder, new Map([['old.json', '{}']]));
		writeFiles(folder, files);
		expect(differences(files, readFiles(folder))).toEqual([]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it('holds every endpoint and field of the source, as it was', () => {
	const list = parsed('endpoints.json');
	expect(Object.keys(list)).toEqual([...source.keys()].sort());
	let fieldCount = 0;
	for (const [path, wanted] of source) {
		const summary = decodeEndpoint(path, list[path]);
		expect(summary).toMatchObject({ path, service: wanted.service, methods: wanted.methods });
		expect(summary?.keyNames).toEqual(wanted.keys);
		const fields = decodeFields(parsed(`fields/${wanted.service}.json`)[path]) ?? [];
		const found = Object.fromEntries(
			fields.map(({ name, type, lines }) => [name, lines ? `Collection(${lines})` : type]),
		);
		expect(found).toEqual(wanted.fields);
		for (const { name, mandatory, create, update } of fields) {
			expect([name, create, update]).toEqual([
				name,
				mayWrite(path, wanted, name, 'POST'),
				mayWrite(path, wanted, name, 'PUT'),
			]);
			expect(mandatory).toBe(create && wanted.mandatory.includes(name));
		}
		fieldCount += fields.length;
	}
	expect(fieldCount).toBe(11_160);
});

describe('the source', () => {
	const entry = {
		service: 'CRM',
		methods: ['GET'],
		key: 'ID',
		mandatory: [],
		fields: { ID: 'Guid', Lines: 'Collection(crm/Things)' },
	};

	it.each([
		['not JSON', '{'],
		['a key that is no field', { ...entry, key: 'Code' }],
		['a mandatory field that is none', { ...entry, mandatory: ['Name'] }],
		['a type that is none', { ...entry, fields: { ID: 'Text' } }],
		['lines of no endpoint', { ...entry, fields: { ID: 'Guid', L: 'Collection(crm/No)' } }],
		['no method', { ...entry, methods: [] }],
		['no fields', { ...entry, fields: undefined }],
		['no service', { ...entry, service: 1 }],
	])('is refused with %s', (_what, wrong) => {
		const text = typeof wrong === 'string' ? wrong : JSON.stringify({ 'crm/Things': wrong });
		expect(() => readSource(text)).toThrow();
	});

	it('is taken without a fault', () => {
		expect(readSource(JSON.stringify({ 'crm/Things': entry })).get('crm/Things')?.keys).toEqual([
			'ID',
		]);
		expect(linesOf('Collection(crm/Things)')).toBe('crm/Things');
		expect(linesOf('Guid')).toBeUndefined();
	});
});

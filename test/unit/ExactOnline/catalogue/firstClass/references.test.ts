import {
	endpointSummaries,
	readEndpoint,
} from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import { ABILITIES } from '../../../../../nodes/ExactOnline/catalogue/firstClass/abilities';
import {
	referenceOf,
	REFERENCES,
} from '../../../../../nodes/ExactOnline/catalogue/firstClass/references';

describe('references', () => {
	it.each(REFERENCES)(
		'to $endpoint can be listed and found',
		({ endpoint: path, by, code, label, inUse }) => {
			const endpoint = readEndpoint(path);
			if (inUse !== undefined) expect(endpoint.fields.get(inUse)?.type).toBe('Guid');
			expect(endpoint.methods).toContain('GET');
			expect(label.filter((name) => !endpoint.fields.has(name))).toEqual([]);
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

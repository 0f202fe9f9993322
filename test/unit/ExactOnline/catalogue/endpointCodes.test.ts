import { endpointSummaries, readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { codesOf, endpointsWithCodes } from '../../../../nodes/ExactOnline/catalogue/endpointCodes';
import { codeOfWord, wordOfCode } from '../../../../nodes/ExactOnline/catalogue/firstClass/codes';

const NUMBERS = ['Byte', 'Int16', 'Int32'];

describe.each(endpointsWithCodes())('codes of %s', (path) => {
	it('are those of its fields, each with a word of its own', () => {
		expect(endpointSummaries().has(path)).toBe(true);
		const { fields } = readEndpoint(path);
		const coded = Object.entries(codesOf({ path }) ?? {});
		// A twin has some of the fields of its resource.
		const own = coded.filter(([name]) => fields.has(name));
		expect(own.length).toBeGreaterThan(0);
		for (const [name, codes] of own) {
			const type = fields.get(name)?.type;
			expect(Object.keys(codes).length).toBeGreaterThan(1);
			for (const [code, word] of Object.entries(codes)) {
				expect(code).toMatch(NUMBERS.includes(String(type)) ? /^\d+$/ : /^(?:\d|[A-Z]|[a-z]{2})$/);
				expect(codeOfWord(codes, word)).toBe(code);
				expect(wordOfCode(codes, code)).toBe(word);
			}
		}
	});
});

it('all names of endpoints without a twin are of fields that there are', () => {
	const strange = endpointsWithCodes().flatMap((path) => {
		const { fields } = readEndpoint(path);
		if (/^(?:bulk|sync)\//.test(path)) return [];
		const names = Object.keys(codesOf({ path }) ?? {});
		return names.filter((name) => !fields.has(name)).map((name) => `${path} ${name}`);
	});
	expect(strange).toEqual([]);
});

it('the codes of a resource hold where they are given, also where rows of its lines are read', () => {
	const codes = { Type: { 1: 'One' } };
	expect(codesOf({ path: 'crm/Accounts' }, { codes })).toBe(codes);
	expect(codesOf({ path: 'salesorder/SalesOrderLines' })?.DeliveryStatus?.['20']).toBe('Partial');
	expect(codesOf({ path: 'constructor' })).toBeUndefined();
});

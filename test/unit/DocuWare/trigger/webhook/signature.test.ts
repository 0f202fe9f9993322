import fc from 'fast-check';
import { signedBytes } from '../../../../../nodes/DocuWare/trigger/webhook/signature';
import { signature } from '../../../../support/docuWareCalls';

const BODY = Buffer.from('{\n  "AMOUNT": 5.30,\n  "COMPANY": "M\\u00fcller  & Co"\n}');
const MINIFIED = '{"AMOUNT":5.30,"COMPANY":"M\\u00fcller  & Co"}';
const PLAIN = '{"AMOUNT":5.30,"COMPANY":"Müller  & Co"}';

const signed = (given: string | undefined, passphrases = ['present', 'previous'], body = BODY) =>
	signedBytes(
		{ headers: given === undefined ? {} : { 'x-docuware-signature': given }, body },
		passphrases,
	);

const check = (...given: Parameters<typeof signed>) => signed(...given) !== undefined;

it.each([
	['with the present passphrase', signature(MINIFIED, 'present')],
	['with the previous one', signature(MINIFIED, 'previous')],
	['in capitals', signature(MINIFIED, 'present').toUpperCase()],
	['over texts without escapes', signature(PLAIN, 'present')],
])('takes a signature %s', (_name, given) => {
	expect(signed(given)?.toString()).toBe(PLAIN);
});

it.each([
	['none', undefined],
	['an empty one', ''],
	['none in hexadecimal', 'x'.repeat(128)],
	['two, as one header', `${signature(MINIFIED, 'present')}, ${signature(MINIFIED, 'present')}`],
	['of another passphrase', signature(MINIFIED, 'other')],
	['of the empty passphrase', signature(MINIFIED, '')],
	['over a number that was read', signature(MINIFIED.replace('5.30', '5.3'), 'present')],
	['over the body as it was sent', signature(BODY, 'present')],
	['that is cut off', signature(MINIFIED, 'present').slice(0, -1)],
	['with more behind it', `${signature(MINIFIED, 'present')}0`],
])('refuses %s', (_name, given) => {
	expect(check(given)).toBe(false);
});

it('takes nothing where the credential has no passphrase', () => {
	expect(check(signature(MINIFIED, ''), [])).toBe(false);
	expect(check(signature(MINIFIED, ''), [''])).toBe(false);
});

it('refuses every body and header that DocuWare has not signed, and fails at none', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, header) => {
			expect(check(header, ['present'], Buffer.from(bytes))).toBe(false);
			const own = signature(MINIFIED, 'present');
			fc.pre(!Buffer.from(bytes).equals(BODY));
			expect(check(own, ['present'], Buffer.from(bytes))).toBe(false);
		}),
	);
});

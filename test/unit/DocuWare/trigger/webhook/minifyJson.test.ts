import fc from 'fast-check';
import {
	minifyJson,
	withPlainTexts,
} from '../../../../../nodes/DocuWare/trigger/webhook/minifyJson';

const minified = (text: string) => minifyJson(Buffer.from(text)).toString();

/** JSON with white space between all of its parts. */
const SPACED = fc.tuple(
	fc.json({ maxDepth: 4 }),
	fc.constantFrom(' ', '\t', '\n', '\r\n', '  \n\t'),
	fc.constantFrom('', ' ', '\n'),
);

it('is what a program writes without blanks, for every JSON and however it was spaced', () => {
	fc.assert(
		fc.property(SPACED, ([json, indent, around]) => {
			const value: unknown = JSON.parse(json);
			const spaced = around + JSON.stringify(value, null, indent) + around;
			expect(minified(spaced)).toBe(JSON.stringify(value));
		}),
	);
});

it('changes nothing the second time', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			const once = minifyJson(Buffer.from(bytes));
			expect(minifyJson(once)).toEqual(once);
		}),
	);
});

it.each([
	['{ "A" : 5.30 , "B" : -0.0e+10 }', '{"A":5.30,"B":-0.0e+10}'],
	[
		'{"A": "two  blanks\\t\\" and , : quotes \\\\" }',
		'{"A":"two  blanks\\t\\" and , : quotes \\\\"}',
	],
	['\ufeff[ 1, 2 ]', '[1,2]'],
	['{"A": "\\u00e4 \\/"}', '{"A":"\\u00e4 \\/"}'],
	['', ''],
])('%j is %j', (text, expected) => {
	expect(minified(text)).toBe(expected);
});

it('writes texts without needless escapes where that is asked for, and leaves numbers alone', () => {
	const json = Buffer.from('{"A":"\\u00e4\\/\\u0022","B":5.30,"C":"\\n\\ud83d\\ude00"}');
	expect(withPlainTexts(json).toString()).toBe('{"A":"ä/\\"","B":5.30,"C":"\\n😀"}');
	expect(withPlainTexts(Buffer.from('{"A":"\\u00zz"}')).toString()).toBe('{"A":"\\u00zz"}');
});

// Red before: the first took minutes, in which n8n answered nobody; the second broke off.
it.each([
	['a text that never ends', '"' + '\\"'.repeat(400_000)],
	['a text of 16 MB', `"${'x'.repeat(16_000_000)}\\u00e4"`],
])(
	'%s takes no longer than its length',
	(_name, body) => {
		const bytes = withPlainTexts(Buffer.from(body));
		expect(bytes.length).toBe(body.startsWith('"x') ? 16_000_004 : body.length);
	},
	20_000,
);

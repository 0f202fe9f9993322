import { concatenatedValues } from '../../../../nodes/shared/node/concatenation';

it.each<[code: string, values: string[]]>([
	["'a' + $json.b", ['$json.b']],
	[' $json.a + "-" + $json["b c"][0] ', ['$json.a', '$json["b c"][0]']],
	['`a ${ $json.b }-${$json.c?.d}`', ['$json.b', '$json.c?.d']],
	["$('My Node').item.json.a + 1", ["$('My Node').item.json.a"]],
	["'it\\'s + ' + $json.a", ['$json.a']],
	['`\\${ $json.a }` + $json.b', ['$json.b']],
])('%s puts %j together', (code, values) => {
	expect(concatenatedValues(code)).toEqual(values);
});

it.each([
	'$json.a',
	"'a + b'.length",
	"$json.a + ($json.b ?? '')",
	'`${ $json.a }${23',
	"$json.a ? 'x' + $json.b : 'y'",
	"'a' + $json.b.trim()",
	'$json.a + -$json.b',
	'a++ + $json.b',
	'`${ $json.a.trim() }`',
	"[1].map((x) => x + 'a')",
	'',
])('%s may be anything else', (code) => {
	expect(concatenatedValues(code)).toEqual([]);
});

it('a value by itself is none, whatever its name is', () => {
	expect(concatenatedValues("$json['a + b']")).toEqual([]);
	expect(concatenatedValues("'a + b'")).toEqual([]);
});

describe.each([
	['a plain text', 'a'.repeat(10_000_000)],
	['escapes', '\\n'.repeat(5_000_000)],
	['signs of dollar', '$ '.repeat(5_000_000)],
])('ten megabytes of %s', (_what, text) => {
	// Red before: RangeError, since the pattern kept a way back for each character.
	it.each(['"', "'", '`'])('between %s', (quote) => {
		expect(concatenatedValues(`${quote}${text}${quote} + $json.a`)).toEqual(['$json.a']);
		expect(concatenatedValues(`${quote}${text} + $json.a`)).toEqual([]);
	});
});

it('a million values are put together', () => {
	expect(concatenatedValues(`a${' + a'.repeat(1_000_000)}`)).toHaveLength(1_000_001);
});

it('long code is read as well', () => {
	expect(concatenatedValues(`${"'a' + ".repeat(20_000)}!`)).toEqual([]);
	expect(concatenatedValues(`\`${'$'.repeat(50_000)}`)).toEqual([]);
});

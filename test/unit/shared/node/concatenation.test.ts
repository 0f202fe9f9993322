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

it('long code is read as well', () => {
	expect(concatenatedValues(`${"'a' + ".repeat(20_000)}!`)).toEqual([]);
	expect(concatenatedValues(`\`${'$'.repeat(50_000)}`)).toEqual([]);
});

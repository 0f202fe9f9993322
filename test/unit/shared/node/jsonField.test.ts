import { readJsonField } from '../../../../nodes/shared/node/jsonField';

it.each([
	['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}'],
	// A text that looks like a name, and names that are alike.
	['{"a":"a","A":"\\"b\\":{","list":["a","a"]}'],
	['  [1, 2] '],
	['"a"'],
])('takes %s as it stands', (text) => {
	expect(readJsonField(text)).toEqual({ text });
});

it('takes texts of any length, and any depth', () => {
	const long = JSON.stringify({ a: 'x\n"\\\\'.repeat(1_000_000), b: 'x'.repeat(10_000_000) });
	expect(readJsonField(long)).toEqual({ text: long });
	const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
	expect(readJsonField(deep)).toEqual({ text: deep });
});

// Red before: the first of two values was dropped in silence.
it.each([
	['{"a":1,"b":2,"a":3}', 'a'],
	['[{"x":[{"Name" :1,\t"N\\u0061me"\n:2}]}]', 'Name'],
	['{"__proto__":1,"__proto__":2}', '__proto__'],
])('refuses %s, in which a name stands twice', (text, name) => {
	expect(readJsonField(text)).toEqual({ problem: `"${name}" stands twice in one object` });
});

it('says what is wrong with what is no JSON', () => {
	expect(readJsonField('{"a":}')).toEqual({ problem: expect.stringContaining('JSON') as string });
});

it('makes a text of what an expression gives', () => {
	expect(readJsonField({ a: [1] })).toEqual({ text: '{"a":[1]}' });
	expect(readJsonField(undefined)).toEqual({ text: '{}' });
});

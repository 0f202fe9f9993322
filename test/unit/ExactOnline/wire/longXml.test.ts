import { brokenPart } from '../../../../nodes/ExactOnline/wire/longXml';

const whole = `<?xml version="1.0"?><!-- <a> --><eExact a="1 > 0" b='x'><Items>${'<Item code="&lt;"><Note><![CDATA[</Item>]]></Note><Empty/>\n</Item >'.repeat(20_000)}</Items></eExact>\n`;

it('a whole document is none that is broken', async () => {
	expect(whole.length).toBeGreaterThan(1_000_000);
	await expect(brokenPart(whole)).resolves.toBeUndefined();
	await expect(brokenPart('<a/>')).resolves.toBeUndefined();
});

it.each([
	[
		'an end in the middle',
		whole.replace('</Note><Empty/>', '<Empty/>'),
		/Item ends where Note is open \(line 2\)/,
	],
	['a part that is missing', whole.slice(0, 600_000) + whole.slice(600_021), /./],
	['a second root', `${whole}<eExact/>`, /eExact stands behind its end/],
	['no end', whole.slice(0, -12), /the end of eExact is missing|a tag is not whole/],
	[
		'a tag that is torn',
		whole.replace('<Empty/>', '<Empty a="1/>'),
		/a tag is not whole \(line 1\)/,
	],
	['an end too many', '<a></a></b>', /b ends where nothing is open/],
	['no element', '<!-- a -->', /no element/],
	['no element at all', 'text', /no element/],
])('a document with %s is', async (_name, text, words) => {
	await expect(brokenPart(text)).resolves.toMatch(words);
});

it('other work has its turns meanwhile', async () => {
	let turns = 0;
	const other = setInterval(() => (turns += 1), 0);
	await brokenPart(whole);
	clearInterval(other);
	expect(turns).toBeGreaterThan(0);
});

it('two documents at once do not disturb each other', async () => {
	const broken = whole.replace(/<\/Items>/, '');
	const outcomes = await Promise.all([brokenPart(whole), brokenPart(broken), brokenPart(whole)]);
	expect(outcomes).toEqual([undefined, expect.stringContaining('eExact ends'), undefined]);
});

import { markdownTable, withEntry } from '../../../bench/results/entry';

const entry = { heading: 'Soak', title: 'abc1234', paragraphs: ['One.', '| a |'] };

it('is the first below its heading, and leaves the others', () => {
	const before = '# What was measured\n\n## Soak\n\n### Earlier\n\nTwo.\n\n## Other\n\nThree.\n';
	expect(withEntry(before, entry)).toBe(
		'# What was measured\n\n## Soak\n\n### abc1234\n\nOne.\n\n| a |\n\n### Earlier\n\nTwo.\n\n## Other\n\nThree.\n',
	);
});

it('brings its heading along where there is none', () => {
	expect(withEntry('# What was measured\n', entry)).toBe(
		'# What was measured\n\n## Soak\n\n### abc1234\n\nOne.\n\n| a |\n',
	);
});

it('is not put below a heading that only begins alike', () => {
	expect(withEntry('## Soak of two\n\nTwo.\n', entry)).toMatch(
		/^## Soak of two\n\nTwo\.\n\n## Soak\n/,
	);
});

it('has a table whose cells end where they should', () => {
	expect(markdownTable([{ what: 'a|b\nc', count: 1 }, { what: 'd' }])).toBe(
		'| what | count |\n| --- | --- |\n| a\\|b c | 1 |\n| d |  |',
	);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from './support/credentials';
import { anchorsOf } from './support/markdown';
import { projectRoot } from './support/projectFiles';

const GUIDES = {
	nl: { errors: 'foutmeldingen.md' },
	de: { errors: 'fehlermeldungen.md' },
} as const;

const catalogue = readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8');

describe.each(Object.entries(GUIDES))('docs/%s', (language, { errors }) => {
	const folder = join(projectRoot, 'docs', language);
	const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
	it('tells how to set up each credential', () => {
		const missing = credentials().filter(
			({ displayName }) => !texts.join('\n').includes(`_${displayName}_`),
		);
		expect(missing.map(({ displayName }) => displayName)).toEqual([]);
	});

	it('explains twenty errors that exist', () => {
		const codes = codesIn(readFileSync(join(folder, errors), 'utf8'));
		expect(codes).toHaveLength(20);
		const known = anchorsOf(catalogue);
		expect(codes.filter((code) => !known.has(code.toLowerCase()))).toEqual([]);
	});
});

it('explains the same errors in each language', () => {
	const [first, ...others] = Object.entries(GUIDES).map(([language, { errors }]) =>
		codesIn(readFileSync(join(projectRoot, 'docs', language, errors), 'utf8')),
	);
	for (const codes of others) expect(codes).toEqual(first);
});

/** Codes of the rows of a table. */
function codesIn(text: string): string[] {
	return [...text.matchAll(/^\| \[([A-Z]+_[A-Z_]+)\]/gm)].map(([, code = '']) => code);
}

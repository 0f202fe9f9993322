import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesInSource } from './support/errorCodes';
import { projectRoot } from './support/projectFiles';
import { sectionsOf } from './support/markdown';

const source = codesInSource();
const entries = sectionsOf(readFileSync(join(projectRoot, 'docs', 'errors.md'), 'utf8')).filter(
	({ level }) => level === 3,
);
const documented = entries.map(({ title }) => title);

describe('docs/errors.md', () => {
	it('finds the codes of every part in the source', () => {
		for (const prefix of ['EXACT_', 'DOCUWARE_', 'VAULT_', 'HTTP_']) {
			expect([...source.keys()].filter((code) => code.startsWith(prefix))).not.toEqual([]);
		}
	});

	it('has an entry for every code in the source', () => {
		const missing = [...source].filter(([code]) => !documented.includes(code));
		expect(missing).toEqual([]);
	});

	it('has no entry for a code that is not in the source', () => {
		expect(documented.filter((code) => !source.has(code))).toEqual([]);
	});

	it('has each code once, in the section of its prefix, in alphabetical order', () => {
		expect(new Set(documented).size).toBe(documented.length);
		const parts = entries.map(({ parent, title }) => `${parent}: ${title.split('_')[0]}`);
		expect([...new Set(parts)]).toEqual([
			'Exact Online: EXACT',
			'DocuWare: DOCUWARE',
			'Vault: VAULT',
			'HTTP: HTTP',
		]);
		for (const prefix of ['EXACT_', 'DOCUWARE_', 'VAULT_', 'HTTP_']) {
			const ofPart = documented.filter((code) => code.startsWith(prefix));
			expect(ofPart).toEqual([...ofPart].sort());
		}
	});

	it.each(entries.map(({ title, text }) => [title, text]))(
		'%s says meaning, cause and repair',
		(_code, text) => {
			for (const part of ['Meaning', 'Cause', 'Repair']) {
				expect(text).toMatch(new RegExp(`^- \\*\\*${part}:\\*\\* \\S`, 'm'));
			}
		},
	);

	it('names the codes by which Invantive reports the same cases', () => {
		const textOf = (code: string) => entries.find(({ title }) => title === code)?.text ?? '';
		expect(textOf('EXACT_OLD_REFRESH_TOKEN')).toContain('itgenoda494');
		expect(textOf('EXACT_DUPLICATE_IDENTIFIER')).toContain('itgenscr590');
	});
});

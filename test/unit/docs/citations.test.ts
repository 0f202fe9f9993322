import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brokenCitations, citationsIn } from './support/citations';
import { sectionsOf } from './support/markdown';
import { documents, filesBelow, projectRoot } from './support/projectFiles';

/** Below this folder of test/ stands a whole n8n. */
const HOST = 'n8nHost';

const FOLDERS = [
	...['nodes', 'credentials', 'bench', 'scripts', 'gulp'],
	...readdirSync(join(projectRoot, 'test'), { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && entry.name !== HOST)
		.map(({ name }) => join('test', name)),
];

const SINGLE_FILES = ['gulpfile.js', 'jest.config.js', join('test', HOST, 'install.js')];

function read(file: string): string {
	return readFileSync(join(projectRoot, file), 'utf8');
}

function titlesOf(document: string): string[] {
	return sectionsOf(document).map(({ title }) => title);
}

const SERVICE = '## 1. Tokens\n\n### 1.1 Lives: `600 s`\n\n### 1.2 Errors\n\n## The hook\n';

describe('the check', () => {
	const shelf = new Map([
		['README.md', titlesOf('# Package\n')],
		['docs/facts/service.md', titlesOf(SERVICE)],
		['docs/architecture.md', titlesOf('### Rule 7: in doubt\n\n```text\n## 2. Code\n```\n')],
	]);

	it.each([
		'/** Lives of tokens (docs/facts/service.md 1.1). */',
		'// docs/facts/service.md 1, 1.1 and 1.2: all of it.',
		'/** From docs/facts/service.md 1.1 to 1.2, and RFC 6749 5.2. */',
		'/** See docs/facts/service.md, "The hook". */',
		'/**\n * Wrapped, see docs/facts/service.md, "The\n * hook" and docs/facts/service.md\n * 1.2.\n */',
		'\t// Kept as in docs/architecture.md, rule 7, and\n\t// docs/facts/service.md 1.2 too.',
		'/** The whole of docs/facts/service.md and README.md. */',
		'/** Numbers in brackets are sections of docs/facts/service.md. Window (1.1, uncertain: 1.2). */',
		'const facts = 2; // the facts of 3 calls under contract',
	])('takes %j', (source) => {
		expect(brokenCitations(source, shelf)).toEqual([]);
	});

	it.each([
		['// docs/facts/service.md 1.3', 'docs/facts/service.md has no section 1.3'],
		['// docs/facts/service.md 1.1 to 1.9', 'docs/facts/service.md has no section 1.9'],
		['/* docs/facts/service.md\n * 9 */', 'docs/facts/service.md has no section 9'],
		['// docs/facts/service.md, "A hook"', 'docs/facts/service.md has no section "A hook"'],
		['// docs/architecture.md, rule 8', 'docs/architecture.md has no section Rule 8'],
		['// docs/architecture.md 2', 'docs/architecture.md has no section 2'],
		['// docs/facts/none.md 1.1', 'docs/facts/none.md does not exist'],
		["describe('errors (docs/facts/service.md 4)')", 'docs/facts/service.md has no section 4'],
		[
			'// Numbers in brackets are sections of docs/facts/service.md. Life (1.1, uncertain: 7.7)',
			'docs/facts/service.md has no section 7.7',
		],
		['// facts/service.md 1.1', '"facts/service.md" names no document of the project'],
		['// see facts 1.1', '"facts 1.1" names no document of the project'],
		['// under contract 7', '"contract 7" names no document of the project'],
		['// the design file says so', '"design file" names no document of the project'],
		['// SECURITY.md says so', 'SECURITY.md does not exist'],
	])('refuses %j', (source, words) => {
		expect(brokenCitations(source, shelf)).toEqual([words]);
	});
});

describe('the source', () => {
	const own = relative(projectRoot, __filename);
	const files = [
		...FOLDERS.flatMap((folder) => [...filesBelow(folder, '.ts'), ...filesBelow(folder, '.js')]),
		...SINGLE_FILES,
	]
		.filter((file) => file !== own)
		.map((file): [string, string] => [file, read(file)]);
	const shelf = new Map(documents().map((file) => [file, titlesOf(read(file))]));

	it('cites the facts and the architecture', () => {
		const cited = files.flatMap(([, source]) => citationsIn(source)).map(({ path }) => path);
		for (const document of ['exact-online', 'docuware', 'n8n']) {
			expect(cited).toContain(`docs/facts/${document}.md`);
		}
		expect(cited).toContain('docs/architecture.md');
	});

	it('cites documents and sections that exist', () => {
		const broken = files.flatMap(([file, source]) =>
			brokenCitations(source, shelf).map((words) => `${file}: ${words}`),
		);
		expect(broken).toEqual([]);
	});
});

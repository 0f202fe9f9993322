import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, codeOf, localLinksOf } from './support/markdown';
import { isKnownPath, namedPaths, pathsOfTree, projectPaths } from './support/namedPaths';
import { documents, projectRoot } from './support/projectFiles';

interface Manifest {
	scripts: Record<string, string>;
}

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;

/** Commands of npm itself that the documents use. */
const NPM_OWN = ['ci', 'install', 'pack', 'uninstall'];

const MADE_BY_THE_BUILD = 'dist/';

const texts = documents().map((file): [string, string] => [
	file,
	readFileSync(join(projectRoot, file), 'utf8'),
]);

it('finds README, the change log, CONTRIBUTING and the guides', () => {
	expect(texts.map(([file]) => file)).toEqual(
		expect.arrayContaining([
			'CHANGELOG.md',
			'CONTRIBUTING.md',
			'README.md',
			'docs/architecture.md',
			'docs/errors.md',
			'docs/exact-online-credential.md',
			'docs/vault.md',
		]),
	);
});

it('README shows how to start, to see a demo and to test', () => {
	const readme = texts.find(([file]) => file === 'README.md')?.[1] ?? '';
	for (const line of ['npm ci && npm start', 'npm ci && npm run demo', 'npm ci && npm test']) {
		expect(codeOf(readme).join('\n')).toContain(line);
	}
});

describe.each(texts)('%s', (file, text) => {
	it('names only npm commands that exist', () => {
		const code = codeOf(text).join('\n');
		const run = [...code.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name);
		const short = [...code.matchAll(/\bnpm ([a-z][\w-]*)/g)]
			.map(([, name]) => name)
			.filter((name) => name !== 'run' && !NPM_OWN.includes(name ?? ''));
		const unknown = [...run, ...short].filter((name) => !(name !== undefined && name in scripts));
		expect(unknown).toEqual([]);
	});

	it('links to files and headings that exist', () => {
		const broken = localLinksOf(text).filter(({ path, anchor }) => {
			const target = path === '' ? file : normalize(join(dirname(file), path));
			if (!existsSync(join(projectRoot, target))) return true;
			if (anchor === '') return false;
			return !anchorsOf(readFileSync(join(projectRoot, target), 'utf8')).has(anchor);
		});
		expect(broken).toEqual([]);
	});

	it('names no file of the project that does not exist', () => {
		const named = codeOf(text).flatMap(
			(code) =>
				/^(?:nodes|credentials|test|scripts|gulp|docs|examples)\/[\w./-]+\.(?:ts|js|json|md)$/.exec(
					code,
				) ?? [],
		);
		expect(named.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
	});
});

describe('docs/architecture.md', () => {
	const text = texts.find(([file]) => file === 'docs/architecture.md')?.[1] ?? '';
	const paths = projectPaths();

	it('names no path that does not exist, wherever it begins', () => {
		const named = namedPaths(text).filter((path) => path !== MADE_BY_THE_BUILD);
		expect(named.length).toBeGreaterThan(50);
		expect(named.filter((path) => !isKnownPath(path, paths))).toEqual([]);
	});

	it('draws the tree as it is', () => {
		const tree = pathsOfTree(codeOf(text).find((block) => block.startsWith('```')) ?? '');
		expect(tree).toContain('nodes/shared/vault/rows');
		expect(tree.filter((path) => !paths.includes(path))).toEqual([]);
	});

	it('draws every room', () => {
		const tree = pathsOfTree(codeOf(text).find((block) => block.startsWith('```')) ?? '');
		const rooms = paths.filter((path) =>
			/^nodes\/(?:\w+|\w+\/\w+|DocuWare\/auth\/\w+|shared\/vault\/\w+)$/.test(path),
		);
		expect(rooms.filter((path) => !tree.includes(path))).toEqual([]);
	});
});

describe('a path in a document', () => {
	const paths = ['nodes/shared/vault/rows/items.ts', 'nodes/shared/vault/rows', 'gulpfile.js'];

	it.each(['rows/items.ts', 'items.ts', 'vault/rows/', '<room>/items.ts', 'gulpfile.js'])(
		'%s is known',
		(named) => expect(isKnownPath(named, paths)).toBe(true),
	);

	it.each(['ows/items.ts', 'rows/items', 'items_ts', 'vault/items.ts', '<a>/gulpfile.js'])(
		'%s is not',
		(named) => expect(isKnownPath(named, paths)).toBe(false),
	);

	it('is told from other code', () => {
		const text =
			'`auth/wire/`, `plan.ts`, `read`, `d.results`, `current/Me`, `test/unit`, `a b.ts`';
		expect(namedPaths(text)).toEqual(['auth/wire/', 'plan.ts', 'test/unit']);
	});

	it('is read from a tree, folder by folder', () => {
		const tree =
			'```text\nnodes/\n  api/   client\n    limits/\n  a/, b/   both\ngulpfile.js   x\n```';
		expect(pathsOfTree(tree)).toEqual([
			'nodes',
			'nodes/api',
			'nodes/api/limits',
			'nodes/a',
			'nodes/b',
			'gulpfile.js',
		]);
	});
});

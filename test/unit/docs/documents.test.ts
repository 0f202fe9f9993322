import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, codeOf, localLinksOf } from './support/markdown';
import { documents, projectRoot } from './support/projectFiles';

interface Manifest {
	scripts: Record<string, string>;
}

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;

/** Commands of npm itself that the documents use. */
const NPM_OWN = ['ci', 'install', 'pack'];

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

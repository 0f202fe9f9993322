import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localLinksOf } from './support/markdown';
import { projectRoot } from './support/projectFiles';

const folder = join(projectRoot, 'docs', 'guides');
const guides = readdirSync(folder);
const index = readFileSync(join(projectRoot, 'docs', 'README.md'), 'utf8');

describe.each(guides)('docs/guides/%s', (file) => {
	it('stands in the index', () => {
		expect(localLinksOf(index).map(({ path }) => path)).toContain(`guides/${file}`);
	});
});

it('the index leads to every page for people who use the package', () => {
	const linked = localLinksOf(index).map(({ path }) => path);
	const pages = readdirSync(join(projectRoot, 'docs')).filter(
		(file) => file.endsWith('.md') && file !== 'README.md',
	);
	expect(pages.filter((page) => !linked.includes(page))).toEqual([]);
});

it('README leads to the index', () => {
	const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
	expect(localLinksOf(readme).map(({ path }) => path)).toContain('docs/README.md');
});

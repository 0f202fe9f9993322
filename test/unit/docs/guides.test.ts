import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { n8n } from '../../../package.json';
import { packageNodes } from '../shared/node/support/packageNodes';
import { errorTexts } from './support/errorTexts';
import { localLinksOf } from './support/markdown';
import { projectRoot } from './support/projectFiles';

const folder = join(projectRoot, 'docs', 'guides');
const guides = readdirSync(folder);
const index = readFileSync(join(projectRoot, 'docs', 'README.md'), 'utf8');

/** What n8n itself shows: its credential form, its nodes. */
const OF_N8N = ['Connect', 'OAuth Redirect URL', 'Client ID', 'Client Secret'];

function credentials(): ICredentialType[] {
	return n8n.credentials.map((file) => {
		const name = basename(file, '.credentials.js');
		const source = join(projectRoot, 'credentials', `${name}.credentials.ts`);
		const module = jest.requireActual<Record<string, new () => ICredentialType>>(source);
		const Type = module[name];
		if (Type === undefined) throw new Error(`${source} exports no class ${name}.`);
		return new Type();
	});
}

/** Names of fields, choices and collections, however deep. */
function namesIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(namesIn);
	if (value === null || typeof value !== 'object') return [];
	const { displayName, name, options, values, modes } = value as Record<string, unknown>;
	const own = [displayName, name].filter((text) => typeof text === 'string');
	return [...own, ...[options, values, modes].flatMap(namesIn)];
}

const shown = new Set([
	...OF_N8N,
	...credentials().flatMap(({ displayName, properties }) => [displayName, ...namesIn(properties)]),
	...packageNodes().flatMap(([, { description }]) => [
		description.displayName,
		...namesIn(description.properties),
	]),
]);

const headlines = errorTexts().map(({ headline }) => headline);

/** `Document: Upload` is looked up by its parts. */
function isShown(name: string): boolean {
	return (
		shown.has(name) ||
		name.split(/: | > /).every((part) => shown.has(part)) ||
		headlines.some((one) => one.startsWith(name))
	);
}

describe.each(guides)('docs/guides/%s', (file) => {
	const text = readFileSync(join(folder, file), 'utf8');

	it('names fields, choices, operations and messages as n8n shows them', () => {
		const names = [...text.replace(/`[^`]*`/g, '').matchAll(/(?<![\w/])_([^_\n]+)_(?!\w)/g)].map(
			([, name = '']) => name,
		);
		expect(names.length).toBeGreaterThan(3);
		expect(names.filter((name) => !isShown(name))).toEqual([]);
	});

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

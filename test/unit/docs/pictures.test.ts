import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { files } from '../../../package.json';
import { SCENES } from '../../../scripts/screenshots/scenes';
import { documents, projectRoot } from './support/projectFiles';

const FOLDER = 'docs/pictures';
const MOST_BYTES = 2_500_000;

/** A picture that a document shows, as paths from the project. */
interface Shown {
	document: string;
	light: string;
	dark: string;
	alt: string;
}

const shown = documents().flatMap((document): Shown[] => {
	const text = readFileSync(join(projectRoot, document), 'utf8');
	const fromProject = (path = '') => join(dirname(document), path);
	return [...text.matchAll(/<picture>([\s\S]*?)<\/picture>/g)].map(([, inside = '']) => ({
		document,
		light: fromProject(/ src="([^"]*)"/.exec(inside)?.[1]),
		dark: fromProject(/dark\)" srcset="([^"]*)"/.exec(inside)?.[1]),
		alt: / alt="([^"]*)"/.exec(inside)?.[1] ?? '',
	}));
});

const made = readdirSync(join(projectRoot, FOLDER)).map((file) => join(FOLDER, file));

const filesOf = (name: string) =>
	['dark', 'light'].map((look) => join(FOLDER, `${name}.${look}.png`));

it('the guides show every picture, light and dark, with words in its place', () => {
	expect(shown.length).toBeGreaterThan(10);
	expect(shown.flatMap(({ light, dark }) => [dark, light]).sort()).toEqual(made.sort());
	expect(shown.filter(({ light, dark }) => light.replace('.light.', '.dark.') !== dark)).toEqual(
		[],
	);
	expect(shown.filter(({ alt }) => alt.length < 20)).toEqual([]);
});

it('every picture is one that the script makes, and the other way round', () => {
	expect(SCENES.flatMap(({ name }) => filesOf(name)).sort()).toEqual([...made].sort());
});

it('no document shows a picture in another way', () => {
	const others = documents().filter((document) => {
		const text = readFileSync(join(projectRoot, document), 'utf8');
		const outside = text.replace(/<picture>[\s\S]*?<\/picture>/g, '');
		return /!\[[^\]]*\]\([^)]*|<img /.test(outside);
	});
	expect(others).toEqual([]);
});

it('the pictures are small, and not published', () => {
	const sizes = made.map((file) => statSync(join(projectRoot, file)).size);
	expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
	expect(files).toEqual(['dist']);
});

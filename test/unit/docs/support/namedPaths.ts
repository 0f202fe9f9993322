import { readdirSync } from 'node:fs';
import { join } from 'node:path/posix';
import { codeOf, withoutCode } from './markdown';
import { projectRoot } from './projectFiles';

/** Folders whose files a document may name. */
const FOLDERS = ['bench', 'credentials', 'docs', 'examples', 'gulp', 'nodes', 'scripts', 'test'];

const FILE_NAME = /\.(?:ts|js|mjs|json|md)$/;

/** Files and folders of the project, without what was installed. */
export function projectPaths(): string[] {
	const below = FOLDERS.flatMap((folder) => [folder, ...pathsBelow(folder)]);
	return [...below, ...readdirSync(projectRoot).filter((name) => FILE_NAME.test(name))];
}

function pathsBelow(folder: string): string[] {
	return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
		if (entry.name === 'node_modules') return [];
		const path = join(folder, entry.name);
		return entry.isDirectory() ? [path, ...pathsBelow(path)] : [path];
	});
}

/**
 * What a document names in its text as a file or folder: code that ends like a file or with a slash,
 * or that begins with a folder of the project.
 */
export function namedPaths(document: string): string[] {
	return codeOf(withoutCode(document)).filter(
		(code) =>
			/^[\w.<>-]+(?:\/[\w.<>-]+)*\/?$/.test(code) &&
			(FILE_NAME.test(code) || code.endsWith('/') || FOLDERS.includes(code.split('/', 1)[0] ?? '')),
	);
}

/**
 * Whether a path of a document is one of the project: whole, or the end of one, as documents leave
 * out the folders that are clear from the text. `<word>` stands for any name.
 */
export function isKnownPath(named: string, paths: readonly string[]): boolean {
	const plain = named.replace(/\/$/, '').replace(/[.-]/g, '\\$&');
	const end = new RegExp(`(?:^|/)${plain.replace(/<\w+>/g, '[\\w-]+')}$`);
	return paths.some((path) => end.test(path));
}

/**
 * The paths of a tree that is drawn with two blanks for each level: names with commas between them,
 * then, after two blanks or more, what they are.
 */
export function pathsOfTree(block: string): string[] {
	const above: string[] = [];
	return block
		.split('\n')
		.filter((line) => line.trim() !== '' && !line.startsWith('```'))
		.flatMap((line) => {
			const level = line.search(/\S/) / 2;
			const names = (line.trim().split(/ {2,}/, 1)[0] ?? '').split(', ');
			above.length = level;
			const paths = names.map((name) => join(...above, name).replace(/\/$/, ''));
			above.push(names[0] ?? '');
			return paths;
		});
}

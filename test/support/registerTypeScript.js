'use strict';

/**
 * Require hook that lets a child process run TypeScript:
 * `node --require ./test/support/registerTypeScript.js file.ts`.
 *
 * Each file is transformed on its own by esbuild (no type check) into CommonJS with an inline
 * source map, so that stack traces name the lines of the TypeScript source.
 */

const { readFileSync } = require('node:fs');
const { extname } = require('node:path');
const { transformSync } = require('esbuild');

process.setSourceMapsEnabled(true);

/**
 * @param {NodeJS.Module & { _compile(code: string, fileName: string): void }} module
 * @param {string} fileName
 */
function loadTypeScript(module, fileName) {
	const { code } = transformSync(readFileSync(fileName, 'utf8'), {
		loader: extname(fileName) === '.tsx' ? 'tsx' : 'ts',
		format: 'cjs',
		platform: 'node',
		target: 'node22',
		sourcefile: fileName,
		sourcemap: 'inline',
		sourcesContent: false,
		tsconfigRaw: { compilerOptions: { target: 'ES2022' } },
	});
	module._compile(code, fileName);
}

require.extensions['.ts'] = loadTypeScript;

// Of a node's source and its codex file (`X.node.ts`, `X.node.json`) an import means the source.
const loadJson = require.extensions['.json'];
delete require.extensions['.json'];
require.extensions['.json'] = loadJson;

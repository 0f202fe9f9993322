'use strict';

const { mkdir, readFile, writeFile } = require('node:fs/promises');
const { dirname, join, relative } = require('node:path');
const ts = require('typescript');

/**
 * Compiles the project of a tsconfig file, each source file on its own to a file of its own
 * (`isolatedModules`). Types are not checked, see `typeCheck`.
 *
 * @param {string} configFile absolute path of the tsconfig file
 * @param {string} outDir folder of the JavaScript
 * @throws {Error} with the compiler's messages where a file cannot be read as TypeScript
 */
async function compile(configFile, outDir) {
	const { config, error } = ts.readConfigFile(configFile, ts.sys.readFile);
	if (error) fail([error]);
	const root = dirname(configFile);
	const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, root);
	if (errors.length > 0) fail(errors);

	const sources = fileNames.filter((file) => !file.endsWith('.d.ts'));
	const compiled = await Promise.all(
		sources.map(async (file) => {
			const { outputText, diagnostics } = ts.transpileModule(await readFile(file, 'utf8'), {
				fileName: file,
				compilerOptions: options,
				reportDiagnostics: true,
			});
			return { file, outputText, diagnostics };
		}),
	);
	const messages = compiled.flatMap(({ diagnostics }) => diagnostics);
	if (messages.length > 0) fail(messages);
	for (const { file, outputText } of compiled) {
		const target = join(outDir, relative(root, file).replace(/\.ts$/, '.js'));
		await mkdir(dirname(target), { recursive: true });
		await writeFile(target, outputText);
	}
}

/** @param {readonly import('typescript').Diagnostic[]} diagnostics */
function fail(diagnostics) {
	const text = ts.formatDiagnosticsWithColorAndContext(diagnostics, {
		getCanonicalFileName: (fileName) => fileName,
		getCurrentDirectory: ts.sys.getCurrentDirectory,
		getNewLine: () => ts.sys.newLine,
	});
	throw new Error(`TypeScript found ${diagnostics.length} error(s):\n${text}`);
}

module.exports = { compile };

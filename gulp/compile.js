'use strict';

const { dirname } = require('node:path');
const ts = require('typescript');

/**
 * Type checks and compiles the project of a tsconfig file, each source file to a file of its own.
 *
 * @param {string} configFile absolute path of the tsconfig file
 * @throws {Error} with the compiler's messages if there are any; then nothing is written
 */
function compile(configFile) {
	const { config, error } = ts.readConfigFile(configFile, ts.sys.readFile);
	if (error) fail([error]);
	const { fileNames, options, errors } = ts.parseJsonConfigFileContent(
		config,
		ts.sys,
		dirname(configFile),
	);
	if (errors.length > 0) fail(errors);

	const program = ts.createProgram(fileNames, { ...options, noEmitOnError: true });
	const { diagnostics } = program.emit();
	const messages = ts.sortAndDeduplicateDiagnostics([
		...ts.getPreEmitDiagnostics(program),
		...diagnostics,
	]);
	if (messages.length > 0) fail(messages);
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

'use strict';

const { spawnSync } = require('node:child_process');
const { dirname, join } = require('node:path');

/**
 * Checks the types of the project of a tsconfig file, printing what is wrong. What the last check has
 * found out about unchanged files is kept in the `tsBuildInfoFile` of that project.
 *
 * @param {string} configFile absolute path of the tsconfig file
 * @throws {Error} if anything is wrong
 */
function typeCheck(configFile) {
	const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
	const { status, error } = spawnSync(
		process.execPath,
		[tsc, '--project', configFile, '--noEmit', '--pretty'],
		{ stdio: 'inherit' },
	);
	if (error) throw error;
	if (status !== 0) throw new Error(`TypeScript found errors (${configFile}), see above.`);
}

module.exports = { typeCheck };

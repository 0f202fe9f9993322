'use strict';

const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');

/**
 * Jest reporter that writes how many tests passed, failed and were skipped, as JSON `{ passed, failed, skipped }`, to the
 * file named in RESULT_FILE. A test file that could not run at all counts as one failure.
 */
class ResultReporter {
	onRunComplete(_contexts, results) {
		const file = process.env.RESULT_FILE;
		if (!file) return;
		mkdirSync(dirname(file), { recursive: true });
		const passed = results.numPassedTests;
		const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
		writeFileSync(file, JSON.stringify({ passed, failed, skipped: results.numPendingTests }));
	}
}

module.exports = ResultReporter;

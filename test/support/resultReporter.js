'use strict';

const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');

/**
 * Jest reporter that writes how many tests passed and failed, and which were skipped, as JSON `{ passed, failed, skipped }`
 * (`scripts/notRun.js`), to the file named in RESULT_FILE. A test file that could not run at all counts as one failure.
 */
class ResultReporter {
	onRunComplete(_contexts, results) {
		const file = process.env.RESULT_FILE;
		if (!file) return;
		mkdirSync(dirname(file), { recursive: true });
		const passed = results.numPassedTests;
		const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
		writeFileSync(file, JSON.stringify({ passed, failed, skipped: skippedOf(results) }));
	}
}

function skippedOf({ testResults }) {
	return testResults.flatMap(({ testFilePath: file, testResults: tests }) =>
		tests
			.filter(({ status }) => status !== 'passed' && status !== 'failed')
			.map(({ ancestorTitles, title }) => ({ file, names: [...ancestorTitles, title] })),
	);
}

module.exports = ResultReporter;

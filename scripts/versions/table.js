'use strict';

/**
 * @typedef {{ what: string, files: string[] }} Promised what is to hold, and the test files (below `test/`, without
 * ending) that show it
 * @typedef {{ file: string, name: string, status: 'passed' | 'failed' | 'pending' | string }} Outcome of one test
 */

/** The tests of a run, from what jest writes with `--json`. A file that could not run is one test that failed. */
function outcomesOf(report) {
	return report.testResults.flatMap(({ name: path, assertionResults, message }) => {
		const file = /test\/(.*)\.test\.ts$/.exec(path.replaceAll('\\', '/'))?.[1] ?? path;
		if (assertionResults.length === 0) {
			return [{ file, name: `the file could not run: ${message}`, status: 'failed' }];
		}
		return assertionResults.map(({ fullName, status }) => ({ file, name: fullName, status }));
	});
}

/**
 * What holds on each version, in Markdown.
 *
 * @param {readonly Promised[]} promises the rows
 * @param {ReadonlyArray<{ version: string, outcomes: Outcome[] }>} runs the columns
 */
function tableOf(promises, runs) {
	const rows = promises.map(({ what, files }) => [
		what,
		...runs.map(({ outcomes }) => cell(outcomes.filter(({ file }) => files.includes(file)))),
	]);
	const head = ['What was tested', ...runs.map(({ version }) => `n8n ${version}`)];
	return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/** `yes, 9 tests`; where one failed or was not run, how many held. */
function cell(outcomes) {
	const count = (status) => outcomes.filter((one) => one.status === status).length;
	const [passed, failed] = [count('passed'), count('failed')];
	const notRun = outcomes.length - passed - failed;
	if (passed + failed === 0) return 'not run';
	const tests = (number) => (number === 1 ? '1 test' : `${number} tests`);
	const held =
		failed === 0 ? `yes, ${tests(passed)}` : `no, ${passed} of ${tests(passed + failed)}`;
	return notRun === 0 ? held : `${held}, ${notRun} not run`;
}

/** Whether all promises were tested and hold. */
function allHold(promises, outcomes) {
	const isTested = promises.every(({ files }) =>
		files.every((file) => outcomes.some((one) => one.file === file && one.status === 'passed')),
	);
	return isTested && outcomes.every(({ status }) => status !== 'failed');
}

module.exports = { allHold, outcomesOf, tableOf };

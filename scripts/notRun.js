'use strict';

/**
 * @typedef {object} Reason why tests are not run, as `test/support/notRun.ts` notes it
 * @property {string} file test file, as jest names it
 * @property {string} name of the test, or of the `describe` that it stands in
 * @property {string} why what is missing, and how to run them
 * @property {string} [program] what is missing, by the name of its Debian package
 * @property {string} [setting] environment variable that keeps them from running
 *
 * @typedef {object} Skipped a test that was skipped
 * @property {string} file
 * @property {string[]} names its own after those of what it stands in
 *
 * @typedef {object} Machine what a machine can do to run them
 * @property {boolean} installs whether it has `apt-get` and may use it
 */

/**
 * What `.ci/run` fails for: tests that were skipped without a reason of their own, and reasons that the machine could
 * have removed.
 *
 * @param {readonly Skipped[]} skipped
 * @param {readonly Reason[]} reasons
 * @param {Machine} machine
 * @returns {string[]} a line for each, with its cause
 */
function couldHaveRun(skipped, reasons, machine) {
	const isExcused = ({ file, names }) =>
		reasons.some((reason) => reason.file === file && names.includes(reason.name));
	const silent = skipped
		.filter((test) => !isExcused(test))
		.map(({ file, names }) => `${names.join(' > ')} (${file}): skipped without a reason`);
	const avoidable = reasons.flatMap(({ name, program, setting }) => {
		if (setting !== undefined) return [`${name}: unset ${setting}`];
		if (program === undefined || !machine.installs) return [];
		return [`${name}: apt-get can install ${program} on this machine, and it is not there`];
	});
	return [...silent, ...new Set(avoidable)];
}

/** What to print of reasons, each once: which tests are not run, and why. */
function toldReasons(reasons) {
	return [...new Set(reasons.map(({ name, why }) => `NOT RUN: ${name}: ${why}.\n`))].join('');
}

module.exports = { couldHaveRun, toldReasons };

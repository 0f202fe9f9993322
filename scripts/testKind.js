'use strict';

/**
 * `npm run test:<kind> -- <arguments for jest>`: the tests of one kind, or the files and names that the
 * arguments select of them. The kind stands last because jest takes every word after `--selectProjects`
 * for one more project.
 */

/** Kinds whose tests start many processes: one test file at a time, unless `--maxWorkers` says otherwise. */
const oneAtATime = ['e2e', 'chaos'];

const [kind, ...selection] = process.argv.slice(2);
const hasWorkers = selection.some((argument) => argument.startsWith('--maxWorkers'));

require('jest').run([
	...selection,
	...(oneAtATime.includes(kind) && !hasWorkers ? ['--runInBand'] : []),
	'--selectProjects',
	kind,
]);

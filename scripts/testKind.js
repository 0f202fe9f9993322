'use strict';

/**
 * `npm run test:<kind> -- <arguments for jest>`: the tests of one kind (of several with commas between them), or the files and names that the
 * arguments select of them. The kind stands last because jest takes every word after `--selectProjects`
 * for one more project.
 */

/** Kinds whose tests start many processes: one test file at a time, unless `--maxWorkers` says otherwise. */
const oneAtATime = ['e2e', 'editor', 'chaos', 'fleet'];

/** For the kind `fleet`: the counts that a release is judged by, see `test/fleet/support/size.ts`. */
const FULL = '--full';

const [names, ...given] = process.argv.slice(2);
const kinds = names.split(',');
const selection = given.filter((argument) => argument !== FULL);
if (given.includes(FULL)) process.env.FLEET_FULL = '1';
const hasWorkers = selection.some((argument) => argument.startsWith('--maxWorkers'));

require('jest').run([
	...selection,
	...(kinds.some((kind) => oneAtATime.includes(kind)) && !hasWorkers ? ['--runInBand'] : []),
	'--selectProjects',
	...kinds,
]);

'use strict';

/**
 * `npm run test:<kind> -- <arguments for jest>`: the tests of one kind (of several with commas between them), or the files and names that the
 * arguments select of them. The kind stands last because jest takes every word after `--selectProjects`
 * for one more project.
 */

const { spawnSync } = require('node:child_process');
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Kinds whose tests start many processes: one test file at a time, unless `--maxWorkers` says otherwise. */
const oneAtATime = ['e2e', 'editor', 'chaos', 'fleet'];

/** For the kind `fleet`: the counts that a release is judged by, see `test/fleet/support/size.ts`. */
const FULL = '--full';

/** For the kind `editor`: the pictures of the guides are taken in the n8n of the tests, see `scripts/screenshots.ts`. */
const PICTURES = '--pictures';

/** For the kind `fleet`: its counters are put into `bench/RESULTS.md`. */
const RESULTS = '--results';

const root = join(__dirname, '..');
const [names, ...given] = process.argv.slice(2);
const kinds = names.split(',');
const selection = given.filter((argument) => ![FULL, PICTURES, RESULTS].includes(argument));
if (given.includes(FULL)) process.env.FLEET_FULL = '1';
if (given.includes(PICTURES)) process.env.EDITOR_PICTURES = '1';
const hasWorkers = selection.some((argument) => argument.startsWith('--maxWorkers'));

/** The two files that a run with RESULTS leaves behind. */
const counters = join(root, '.cache', 'fleetCounters.jsonl');
const outcome = join(root, '.cache', 'fleetOutcome.json');

void run();

async function run() {
	const keepsResults = given.includes(RESULTS);
	const reporters = ['default', join(root, 'test', 'support', 'resultReporter.js')];
	if (keepsResults) {
		mkdirSync(join(root, '.cache'), { recursive: true });
		rmSync(outcome, { force: true });
		writeFileSync(counters, '');
		Object.assign(process.env, { FLEET_RESULTS: counters, RESULT_FILE: outcome });
	}
	await require('jest').run([
		...selection,
		...(keepsResults ? reporters.map((reporter) => `--reporters=${reporter}`) : []),
		...(kinds.some((kind) => oneAtATime.includes(kind)) && !hasWorkers ? ['--runInBand'] : []),
		'--selectProjects',
		...kinds,
	]);
	if (keepsResults) writeResults();
}

function writeResults() {
	const typeScript = join(root, 'test', 'support', 'registerTypeScript.js');
	const writer = join(root, 'bench', 'fleetResults.ts');
	const args = ['--require', typeScript, writer, counters, outcome, ...given];
	const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
	if (status !== 0) process.exitCode = 1;
}

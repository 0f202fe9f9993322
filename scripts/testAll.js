'use strict';

/**
 * `npm test`: type check, build, lint, and every kind of test; goes on after a failure, so that one run
 * shows everything. n8n is installed beside the steps that do without it. At its end a table of how long each
 * step took. Its last line is `N passed, N failed`: tests counted by jest over all kinds, and each failed step
 * without tests (build, lint …) as one failure.
 */

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');

const { besideOthers, onTheirOwn } = require('./aloneTests');
const { filePattern, namePattern } = require('./harderReadings');
const { couldHaveRun, toldReasons } = require('./notRun');
const { Steps } = require('./steps');

const root = join(__dirname, '..');
const cache = join(root, '.cache');
const resultFile = join(cache, 'testResult.json');

/** Beside the other checks: each of them uses one processor. */
const typecheck = 'npm run typecheck';

/** The build without the type check, which is made once, for sources and tests together. */
const checks = {
	'npm run build': [
		process.execPath,
		join(root, 'node_modules/gulp/bin/gulp.js'),
		'buildUnchecked',
	],
	'npm run lint': npmRun('lint'),
};

/** In this order; a kind without test files is left out. */
const kinds = ['unit', 'model', 'integration', 'e2e', 'fleet', 'chaos'].filter(hasTests);

/** These run in the n8n that is installed beside the steps before. */
const inN8n = ['e2e', 'fleet'];

/** Each processor may run a test file. */
const onAllProcessors = ['--maxWorkers=100%'];

/** Their files wait for servers, leases and processes more than half of the time: one more than there are processors. */
const oneMoreThanProcessors = [`--maxWorkers=${availableParallelism() + 1}`];

/** Their files start an n8n, or many processes, which wait more than they work. */
const twoAtATime = ['--maxWorkers=2'];

/** Tests that this machine cannot run, a line of JSON each (`test/support/notRun.ts`). */
const notRunFile = join(cache, 'notRun.txt');

const total = { passed: 0, failed: 0 };
const skipped = [];
const failedSteps = [];
const steps = new Steps({ root });

void testAll();

async function testAll() {
	rmSync(notRunFile, { force: true });
	const host = hostInstallation();
	const typesChecked = steps.startBeside(
		typecheck,
		npmRun('typecheck'),
		join(cache, 'typecheck.log'),
	);
	for (const [name, command] of Object.entries(checks)) {
		countStep(name, await steps.run(name, command));
	}
	countStep(typecheck, await typesChecked());
	for (const kind of kinds) {
		if (inN8n.includes(kind) && !(await host())) continue;
		await testsOfKind(kind);
	}
	process.stdout.write(steps.table());
	tellWhatWasNotRun();
	if (failedSteps.length > 0) console.log(`Failed: ${failedSteps.join(', ')}`);
	console.log(`${total.passed} passed, ${total.failed} failed`);
	process.exitCode = total.failed === 0 && failedSteps.length === 0 ? 0 : 1;
}

/** Starts the installation of n8n where a kind needs it; waits for it at the first call, which counts the step. */
function hostInstallation() {
	if (!kinds.some((kind) => inN8n.includes(kind))) return async () => true;
	const ended = steps.startBeside('npm run host', npmRun('host'), join(cache, 'host.log'));
	let outcome;
	return async () => (outcome ??= countStep('npm run host', await ended()));
}

/**
 * Prints which tests this machine could not run, why, and how to run them. In `.ci/run` it is a failure where the
 * machine could have run them.
 */
function tellWhatWasNotRun() {
	const lines = existsSync(notRunFile) ? readFileSync(notRunFile, 'utf8').trim().split('\n') : [];
	const reasons = lines.map((line) => JSON.parse(line));
	process.stdout.write(toldReasons(reasons));
	if (!process.env.CI) return;
	const problems = couldHaveRun(skipped, reasons, { installs: mayInstall() });
	if (problems.length === 0) return;
	console.log(
		`Not run, though this machine could:\n${problems.map((one) => `  ${one}\n`).join('')}`,
	);
	countStep('tests that were not run', false);
}

/** Whether `apt-get` is there and this user may install with it, as `.ci/run` does. */
function mayInstall() {
	const succeeds = (...command) => spawnSync(command[0], command.slice(1)).status === 0;
	if (!succeeds('apt-get', '--version')) return false;
	return process.getuid() === 0 || succeeds('sudo', '-n', 'true');
}

async function testsOfKind(kind) {
	if (kind === 'e2e' || kind === 'chaos') {
		// The tests of the editor wait most of the time: they run beside those of the nodes.
		const [kinds, others] = kind === 'e2e' ? ['e2e,editor', ['test/editor/']] : [kind, []];
		await runTests(`${kind} tests`, [kinds, besideOthers(kind), ...others, ...twoAtATime]);
		const single = onTheirOwn(kind);
		if (single !== undefined) await runTests(`${kind} tests, alone`, [kind, single]);
		return;
	}
	if (kind === 'integration') {
		await runTests(`${kind} tests`, [kind, ...oneMoreThanProcessors]);
		const harder = [filePattern, `--testNamePattern=${namePattern}`, ...oneMoreThanProcessors];
		await runTests('with harder readings', [kind, ...harder], { SIMULATOR_READINGS: 'harder' });
		return;
	}
	await runTests(`${kind} tests`, [kind, ...onAllProcessors]);
}

function npmRun(script) {
	const npmCli = process.env.npm_execpath;
	return npmCli ? [process.execPath, npmCli, 'run', script] : ['npm', 'run', script];
}

/** Counts a step that has no tests to count; true if it succeeded. */
function countStep(name, succeeded) {
	if (!succeeded) {
		total.failed += 1;
		failedSteps.push(name);
	}
	return succeeded;
}

/** Runs tests of a kind, or those that further arguments select of them. */
async function runTests(name, selection, env = {}) {
	rmSync(resultFile, { force: true });
	const succeeded = await steps.run(
		name,
		[
			process.execPath,
			join(__dirname, 'testKind.js'),
			...selection,
			`--reporters=default`,
			`--reporters=${join(root, 'test', 'support', 'resultReporter.js')}`,
		],
		{ ...env, RESULT_FILE: resultFile, NOT_RUN_FILE: notRunFile },
	);
	const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined;
	total.passed += result?.passed ?? 0;
	total.failed += result?.failed ?? 0;
	// Where tests are selected by name jest counts the others as skipped.
	if (!selection.some((one) => one.startsWith('--testNamePattern'))) {
		skipped.push(...(result?.skipped ?? []));
	}
	if (succeeded) return;
	failedSteps.push(name);
	// Jest can fail without a failed test, for instance when a worker process dies.
	if ((result?.failed ?? 0) === 0) total.failed += 1;
}

function hasTests(kind) {
	const folder = join(root, 'test', kind);
	if (!existsSync(folder)) return false;
	return readdirSync(folder, { recursive: true }).some((file) => file.endsWith('.test.ts'));
}

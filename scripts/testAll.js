'use strict';

/**
 * `npm test`: type check, build, lint, and every kind of test; goes on after a failure, so that one run
 * shows everything. At its end a table of how long each step took. Its last line is `N passed, N failed`:
 * tests counted by jest over all kinds, and each failed step without tests (build, lint …) as one failure.
 */

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const { filePattern, namePattern } = require('./harderReadings');

const root = join(__dirname, '..');
const resultFile = join(root, '.cache', 'testResult.json');

/** The build without the type check, which is made once, for sources and tests together. */
const checks = {
	'npm run typecheck': npmRun('typecheck'),
	'npm run build': [
		process.execPath,
		join(root, 'node_modules/gulp/bin/gulp.js'),
		'buildUnchecked',
	],
	'npm run lint': npmRun('lint'),
};

/** In this order; a kind without test files is left out. */
const kinds = ['unit', 'model', 'integration', 'e2e', 'chaos'];

/** Kinds of which each processor may run a test file; the others start an n8n, or many processes at once. */
const onAllProcessors = ['unit', 'model', 'integration'];

const total = { passed: 0, failed: 0 };
const failedSteps = [];
const times = [];

for (const [name, command] of Object.entries(checks)) runStep(name, command);
for (const kind of kinds.filter(hasTests)) {
	if (kind === 'e2e' && !runStep('npm run host', npmRun('host'))) continue;
	runTests(`${kind} tests`, [kind]);
	if (kind === 'integration') {
		const selection = [kind, filePattern, `--testNamePattern=${namePattern}`];
		runTests('with harder readings', selection, { SIMULATOR_READINGS: 'harder' });
	}
}

printTimes();
if (failedSteps.length > 0) console.log(`Failed: ${failedSteps.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && failedSteps.length === 0 ? 0 : 1;

function npmRun(script) {
	const npmCli = process.env.npm_execpath;
	return npmCli ? [process.execPath, npmCli, 'run', script] : ['npm', 'run', script];
}

/** Runs a step that has no tests to count; true if it succeeded. */
function runStep(name, command) {
	const succeeded = run(name, command);
	if (!succeeded) {
		total.failed += 1;
		failedSteps.push(name);
	}
	return succeeded;
}

/** Runs tests of a kind, or those that further arguments select of them. */
function runTests(name, [kind, ...selection], env = {}) {
	rmSync(resultFile, { force: true });
	const succeeded = run(
		name,
		[
			process.execPath,
			join(__dirname, 'testKind.js'),
			kind,
			...selection,
			...(onAllProcessors.includes(kind) ? ['--maxWorkers=100%'] : []),
			`--reporters=default`,
			`--reporters=${join(root, 'test', 'support', 'resultReporter.js')}`,
		],
		{ ...env, RESULT_FILE: resultFile },
	);
	const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined;
	total.passed += result?.passed ?? 0;
	total.failed += result?.failed ?? 0;
	if (succeeded) return;
	failedSteps.push(name);
	// Jest can fail without a failed test, for instance when a worker process dies.
	if ((result?.failed ?? 0) === 0) total.failed += 1;
}

function run(name, [command, ...args], env = {}) {
	console.log(`\n> ${[command, ...args].join(' ').replaceAll(root, '.')}`);
	const began = performance.now();
	const { status, error } = spawnSync(command, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, ...env },
	});
	times.push({ name, seconds: (performance.now() - began) / 1000 });
	if (error) console.error(error.message);
	return status === 0;
}

function printTimes() {
	const sum = times.reduce((seconds, step) => seconds + step.seconds, 0);
	const lines = [...times, { name: 'together', seconds: sum }].map(
		({ name, seconds }) => `${name.padEnd(20)}${minutes(seconds).padStart(6)}`,
	);
	console.log(`\n${['step                 min:s', ...lines].join('\n')}\n`);
}

function minutes(seconds) {
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function hasTests(kind) {
	const folder = join(root, 'test', kind);
	if (!existsSync(folder)) return false;
	return readdirSync(folder, { recursive: true }).some((file) => file.endsWith('.test.ts'));
}

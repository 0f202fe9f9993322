'use strict';

/**
 * `npm test`: build, lint, type check, and every kind of test; goes on after a failure, so that one run
 * shows everything. Its last line is `N passed, N failed`: tests counted by jest over all kinds, and each
 * failed step without tests (build, lint …) as one failure.
 */

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const resultFile = join(root, '.cache', 'testResult.json');

const checks = ['build', 'lint', 'typecheck'];

/** In this order; a kind without test files is left out. */
const kinds = ['unit', 'model', 'integration', 'e2e', 'chaos'];

const total = { passed: 0, failed: 0 };
const failedSteps = [];

for (const script of checks) runStep(`npm run ${script}`, npmRun(script));
for (const kind of kinds.filter(hasTests)) {
	if (kind === 'e2e' && !runStep('npm run host', npmRun('host'))) continue;
	runTests(kind);
}

if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && failedSteps.length === 0 ? 0 : 1;

function npmRun(script) {
	const npmCli = process.env.npm_execpath;
	return npmCli ? [process.execPath, npmCli, 'run', script] : ['npm', 'run', script];
}

/** Runs a step that has no tests to count; true if it succeeded. */
function runStep(name, command) {
	const succeeded = run(command);
	if (!succeeded) {
		total.failed += 1;
		failedSteps.push(name);
	}
	return succeeded;
}

function runTests(kind) {
	rmSync(resultFile, { force: true });
	const succeeded = run(
		[
			process.execPath,
			join(__dirname, 'testKind.js'),
			kind,
			`--reporters=default`,
			`--reporters=${join(root, 'test', 'support', 'resultReporter.js')}`,
		],
		{ RESULT_FILE: resultFile },
	);
	const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined;
	total.passed += result?.passed ?? 0;
	total.failed += result?.failed ?? 0;
	if (succeeded) return;
	failedSteps.push(`${kind} tests`);
	// Jest can fail without a failed test, for instance when a worker process dies.
	if ((result?.failed ?? 0) === 0) total.failed += 1;
}

function run([command, ...args], env = {}) {
	console.log(`\n> ${[command, ...args].join(' ').replaceAll(root, '.')}`);
	const { status, error } = spawnSync(command, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, ...env },
	});
	if (error) console.error(error.message);
	return status === 0;
}

function hasTests(kind) {
	const folder = join(root, 'test', kind);
	if (!existsSync(folder)) return false;
	return readdirSync(folder, { recursive: true }).some((file) => file.endsWith('.test.ts'));
}

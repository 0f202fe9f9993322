'use strict';

/**
 * `npm run test:versions`: what holds on the newest n8n that can be installed, and on the oldest that calls the hook of
 * an OAuth2 credential; `npm run test:versions -- 2.30.0 2.32.0` tests others. Each is installed once, into
 * `.cache/n8nHosts/<version>` (2.2 GB). Prints a table in Markdown, the failed tests by name, and ends with
 * `N passed, N failed`; the exit code is 0 only if everything holds.
 */

const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const pinned = require('../test/n8nHost/package.json');
const { installHost } = require('../test/n8nHost/install');
const { candidates } = require('./versions/candidates');
const { manifestOf } = require('./versions/manifest');
const { promises } = require('./versions/promises');
const { allHold, outcomesOf, tableOf } = require('./versions/table');

const cache = join(__dirname, '..', '.cache');

void testVersions(process.argv.slice(2));

async function testVersions(wanted) {
	const runs = [];
	let holds = true;
	for (const { name, versions } of candidates(published(), wanted)) {
		const host = await firstThatInstalls(versions);
		if (host === undefined) {
			console.log(`The ${name}: none could be installed of ${versions.join(', ')}.`);
			holds = false;
			continue;
		}
		console.log(`\n> tests on n8n ${host.version} (${name})`);
		const outcomes = testsOn(host);
		holds &&= allHold(promises, outcomes);
		runs.push({ version: host.version, outcomes });
	}
	const day = new Date().toISOString().slice(0, 10);
	console.log(`\nNode.js ${process.versions.node}, ${day}\n\n${tableOf(promises, runs)}`);
	const failed = runs.flatMap(({ version, outcomes }) =>
		outcomes.filter(({ status }) => status === 'failed').map((one) => ({ version, ...one })),
	);
	for (const { version, file, name } of failed) console.log(`${version}: ${file}: ${name}`);
	const all = runs.flatMap(({ outcomes }) => outcomes);
	const passed = all.filter(({ status }) => status === 'passed').length;
	console.log(`${passed} passed, ${failed.length} failed`);
	process.exitCode = holds ? 0 : 1;
}

/** All versions of n8n that npm has. */
function published() {
	const npmCli = process.env.npm_execpath;
	const [command, ...args] = npmCli ? [process.execPath, npmCli] : ['npm'];
	const text = execFileSync(command, [...args, 'view', 'n8n', 'versions', '--json']);
	return JSON.parse(text);
}

/** Installs the first version that can be; tells why the others cannot. */
async function firstThatInstalls(versions) {
	for (const version of versions) {
		const folder = join(cache, 'n8nHosts', version);
		mkdirSync(folder, { recursive: true });
		const manifest = JSON.stringify(manifestOf(pinned, version), undefined, '\t');
		writeFileSync(join(folder, 'package.json'), manifest);
		console.log(`\n> n8n ${version} in ${folder}`);
		try {
			await installHost(folder);
			return { version, folder };
		} catch (error) {
			console.log(`n8n ${version} could not be installed: ${error.message}`);
		}
	}
	return undefined;
}

function testsOn({ version, folder }) {
	const report = join(cache, `versions-${version}.json`);
	rmSync(report, { force: true });
	const files = promises.flatMap((one) => one.files.map((file) => `test/${file}\\.test`));
	spawnSync(
		process.execPath,
		[join(__dirname, 'testKind.js'), 'e2e,versions', ...files, '--json', `--outputFile=${report}`],
		{
			env: { ...process.env, N8N_HOST_FOLDER: folder },
			// What jest writes with --json stands in the file too.
			stdio: ['ignore', 'ignore', 'inherit'],
		},
	);
	if (existsSync(report)) return outcomesOf(JSON.parse(readFileSync(report, 'utf8')));
	return [{ file: 'jest', name: 'it has told nothing', status: 'failed' }];
}

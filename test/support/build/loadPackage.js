'use strict';

/**
 * `node loadPackage.js <dist> time|files|libraries`: loads a built package into a process of its own as n8n
 * does, every node and credential file, and makes an object of its class. Prints as JSON what it took.
 *
 * `time`: CPU time in milliseconds, user and system, without `n8n-workflow`, which n8n has loaded before.
 * `files`: its JavaScript files that were loaded, by their paths in it.
 * `libraries`: names of the third-party libraries of which code ran, wherever they were bundled.
 */

const { readdirSync } = require('node:fs');
const { createRequire } = require('node:module');
const { Session } = require('node:inspector');
const { basename, relative, resolve, sep } = require('node:path');
const { pathToFileURL } = require('node:url');

const [folder = 'dist', wanted = 'time'] = process.argv.slice(2);
const dist = resolve(folder);
const measure = { time: cpuTime, files: filesLoaded, libraries: librariesThatRan }[wanted];

const files = readdirSync(dist, { recursive: true })
	.filter((file) => /\.(node|credentials)\.js$/.test(file))
	.map((file) => resolve(dist, file));
if (files.length === 0) throw new Error(`No built node or credential files in ${dist}`);
createRequire(files[0])('n8n-workflow');

process.stdout.write(JSON.stringify(measure(loadAll)));

function loadAll() {
	for (const file of files) {
		const [className] = basename(file).split('.');
		const loaded = new (require(file)[className])();
		if (typeof (loaded.description ?? loaded).displayName !== 'string') {
			throw new Error(`${file} holds neither a node nor a credential type`);
		}
	}
}

function cpuTime(work) {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

function filesLoaded(work) {
	work();
	return Object.keys(require.cache)
		.filter((file) => file.startsWith(dist + sep))
		.map((file) => relative(dist, file).replaceAll(sep, '/'))
		.sort();
}

/** A bundled library file is a function that has the path of the file as its name. */
function librariesThatRan(work) {
	const session = new Session();
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
	work();
	let scripts = [];
	session.post('Profiler.takePreciseCoverage', (error, coverage) => {
		if (error) throw error;
		scripts = coverage.result;
	});
	const names = scripts
		.filter(({ url }) => url.startsWith(`${pathToFileURL(dist).href}/`))
		.flatMap(({ functions }) => functions)
		.filter(({ ranges }) => ranges.some(({ count }) => count > 0))
		.map(
			({ functionName }) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(functionName)?.[1],
		)
		.filter((name) => name !== undefined);
	return [...new Set(names)].sort();
}

'use strict';

const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

/** Between two looks, in ms: a line that is written over on a terminal, a further line elsewhere. */
const ON_A_TERMINAL_MS = 1000;
const ELSEWHERE_MS = 20_000;

/** `1:05` */
function clock(ms) {
	const seconds = Math.round(ms / 1000);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * How many packages are in a folder of modules. npm makes all folders first and then fills them, so the folders
 * that have a `package.json` are those that are done.
 *
 * @param {string} modules a `node_modules`, or what will be one
 * @returns {{ done: number, all: number }} of the upper level; both 0 until npm knows which it needs
 */
function packagesIn(modules) {
	const folders = foldersIn(modules).flatMap((name) =>
		name.startsWith('@')
			? foldersIn(join(modules, name)).map((inner) => join(name, inner))
			: [name],
	);
	const done = folders.filter((name) => existsSync(join(modules, name, 'package.json')));
	return { done: done.length, all: folders.length };
}

function foldersIn(folder) {
	try {
		return readdirSync(folder, { withFileTypes: true })
			.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
			.map(({ name }) => name);
	} catch {
		return [];
	}
}

/**
 * Tells how far something is while it runs.
 *
 * @template T
 * @param {() => string} state what is being done now
 * @param {() => Promise<T>} run
 * @param {{ isTTY?: boolean, write(text: string): unknown }} [output]
 * @param {number} [everyMs]
 * @returns {Promise<T>} what `run` gives, or its error
 */
async function withProgress(
	state,
	run,
	output = process.stdout,
	everyMs = output.isTTY ? ON_A_TERMINAL_MS : ELSEWHERE_MS,
) {
	const began = performance.now();
	const line = () => `  ${clock(performance.now() - began)}  ${state()}`;
	const timer = setInterval(
		() => output.write(output.isTTY ? `\r\x1b[K${line()}` : `${line()}\n`),
		everyMs,
	);
	try {
		return await run();
	} finally {
		clearInterval(timer);
		if (output.isTTY) output.write('\r\x1b[K');
	}
}

module.exports = { clock, packagesIn, withProgress };

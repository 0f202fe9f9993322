'use strict';

const { execFileSync } = require('node:child_process');
const { readFile, rename, writeFile } = require('node:fs/promises');
const { basename, dirname, join, relative, sep } = require('node:path');

/** Where `loadedAtFirstUse` is in `dist`. */
const RUN_TIME = 'nodes/shared/process/loadedAtFirstUse.js';

/** What a class has done after a start of a process that receives; where it is in `dist`. Other processes do not load it. */
const AFTER_START = { file: 'nodes/shared/node/events/wake.js', name: 'startWaitingEvents' };
const IF_RECEIVING = { file: 'nodes/shared/process/receivesWebhooks.js', name: 'receivesWebhooks' };

/** A description alone may take 250 kB. */
const OUTPUT = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };

/**
 * Lets n8n load the nodes and credential types that package.json names without their code. The file of each is made one
 * that holds its class as data, which is read from a JSON beside it; the code moves to `<name>.code.js` and is loaded when a function
 * of the class is called first.
 *
 * @param {string} root folder of package.json
 * @param {string} dist folder of the compiled and bundled JavaScript
 * @throws {Error} naming the file and what in it is neither data nor a function
 */
async function loadAtFirstUse(root, dist) {
	const { n8n } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
	const files = [...n8n.nodes, ...n8n.credentials].map((file) =>
		join(dist, relative('dist', file)),
	);
	// In a process of its own: the build may run again in this one, with other code.
	const argv = ['-e', `(${describeClasses})(process.argv.slice(1))`, ...files];
	const described = JSON.parse(execFileSync(process.execPath, argv, OUTPUT));
	for (const [index, file] of files.entries()) await split(dist, file, described[index]);
}

/** Runs alone in a process: prints data and functions of the class in each file. */
function describeClasses(files) {
	const partsOf = (value, path, functions) => {
		if (typeof value === 'function') {
			functions.push(path);
			return undefined;
		}
		if (value === null || ['string', 'boolean', 'undefined'].includes(typeof value)) return value;
		if (Number.isFinite(value)) return value;
		if (Array.isArray(value)) {
			const held = functions.length;
			const list = value.map((one, index) => partsOf(one, [...path, index], functions));
			if (functions.length === held && !list.includes(undefined)) return list;
		} else if (path.length === 0 || Object.getPrototypeOf(value) === Object.prototype) {
			const members = Object.entries(value).map(([key, one]) => [
				key,
				partsOf(one, [...path, key], functions),
			]);
			return Object.fromEntries(members);
		}
		throw new Error(`${path.join('.')} is neither data nor a function.`);
	};
	const described = files.map((file) => {
		const [name] = require('node:path').basename(file).split('.');
		const Class = require(file)[name];
		const functions = [];
		const methods = Object.getOwnPropertyNames(Class.prototype).filter(
			(method) => method !== 'constructor',
		);
		try {
			return { name, data: partsOf(new Class(), [], functions), methods, functions };
		} catch (error) {
			throw new Error(`${file}: ${error.message}`);
		}
	});
	process.stdout.write(JSON.stringify(described));
}

async function split(dist, file, { name, data, methods, functions }) {
	const codeFile = join(dirname(file), `${name}.code.js`);
	const dataFile = join(dirname(file), `${name}.data.json`);
	await rename(file, codeFile);
	await writeFile(dataFile, JSON.stringify(data));
	const text = (value) => JSON.stringify(value);
	const inDist = (other) => {
		const path = relative(dirname(file), join(dist, other)).replaceAll(sep, '/');
		return text(path.startsWith('.') ? path : `./${path}`);
	};
	const called = ({ file: other, name: member }) => `require(${inDist(other)}).${member}()`;
	const afterStart = methods.includes('webhook')
		? `\n\tafterStart: () => ${called(IF_RECEIVING)} && ${called(AFTER_START)},`
		: '';
	await writeFile(
		file,
		`'use strict';

const { join } = require('node:path');
const { loadedAtFirstUse } = require(${inDist(RUN_TIME)});

exports.${name} = loadedAtFirstUse({
	name: ${text(name)},
	dataFile: join(__dirname, ${text(basename(dataFile))}),
	methods: ${text(methods)},
	functions: ${text(functions)},
	load: () => require(${text(`./${basename(codeFile)}`)}).${name},${afterStart}
});
`,
	);
}

module.exports = { loadAtFirstUse };

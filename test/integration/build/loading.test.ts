import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');
const loader = join(project, 'test/support/build/loadPackage.js');
const gulp = (file: string) => JSON.stringify(join(project, 'gulp', file));

/** The package as it is compiled, once for all tests. */
let compiled: string;
let dist: string;

beforeAll(() => {
	mkdirSync(join(project, '.cache'), { recursive: true });
	compiled = mkdtempSync(join(project, '.cache/compiled-'));
	build(`await compile(project + '/tsconfig.json', ${JSON.stringify(compiled)});`);
});

afterAll(() => {
	rmSync(compiled, { recursive: true, force: true });
});

beforeEach(() => {
	dist = mkdtempSync(join(project, '.cache/loading-'));
});

afterEach(() => {
	rmSync(dist, { recursive: true, force: true });
});

/** What was loaded, or ran, while n8n would have loaded the node and credential files in `dist`. */
function loadedOf(dist: string, wanted: 'files' | 'libraries'): string[] {
	const command = [loader, dist, wanted];
	return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })) as string[];
}

/** Runs steps of the build in a process of their own: the compiler loads slowly inside jest. */
function build(steps: string): void {
	const code = `
		const { compile } = require(${gulp('compile.js')});
		const { bundleLibraries } = require(${gulp('bundleLibraries.js')});
		const { loadAtFirstUse } = require(${gulp('loadAtFirstUse.js')});
		const project = ${JSON.stringify(project)};
		const dist = ${JSON.stringify(dist)};
		(async () => { ${steps} })();
	`;
	execFileSync(process.execPath, ['-e', code], { stdio: 'pipe' });
}

it('runs no third-party library until it is used, and no code of its own', () => {
	cpSync(compiled, dist, { recursive: true });
	build('await bundleLibraries(project, dist);');
	cpSync(join(project, 'nodes'), join(dist, 'nodes'), {
		recursive: true,
		filter: (file) => !file.endsWith('.ts'),
	});
	expect(loadedOf(dist, 'libraries')).toEqual([]);
	expect(loadedOf(dist, 'files').length).toBeGreaterThan(100);

	const whole = membersOfNodes();
	build('await loadAtFirstUse(project, dist);');
	const reader = 'nodes/shared/process/loadedAtFirstUse.js';
	expect(loadedOf(dist, 'files')).toEqual([...FILES_OF_CLASSES, reader].sort());
	// Compared as texts, which is many times faster.
	expect(membersOfNodes()).toBe(whole);
});

const { n8n } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};

/** The files of which n8n takes one class each. */
const FILES_OF_CLASSES = [...n8n.nodes, ...n8n.credentials].map((file) =>
	file.replace(/^dist\//, ''),
);

/** All that the classes hold, functions by their names, in a process of its own. */
function membersOfNodes(): string {
	const code = `
		const described = (value) => {
			if (typeof value === 'function') return 'function';
			if (Array.isArray(value)) return value.map(described);
			if (typeof value !== 'object' || value === null) return value;
			const names = [...Object.keys(value), ...Object.getOwnPropertyNames(Object.getPrototypeOf(value))];
			return Object.fromEntries(
				names.sort().flatMap((name) => (name in Object.prototype ? [] : [[name, described(value[name])]])),
			);
		};
		const classes = process.argv.slice(1).map((file) => {
			const [name] = require('node:path').basename(file).split('.');
			const one = new (require(file)[name])();
			return [one.constructor.name, described(one)];
		});
		process.stdout.write(JSON.stringify(classes));
	`;
	const files = FILES_OF_CLASSES.map((file) => join(dist, file));
	return execFileSync(process.execPath, ['-e', code, ...files], {
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
	});
}

it('loads the code of a class at the first call, once, and hands it the caller', () => {
	writeFileSync(
		join(dist, 'Two.node.js'),
		`globalThis.loads = (globalThis.loads ?? 0) + 1;
		exports.Two = class Two {
			description = { displayName: 'Two', missing: undefined };
			methods = { lists: { own() { return [this.caller, 'own']; } } };
			run(word) { return [this.caller, word]; }
		};`,
	);
	const receiving = 'exports.Hook = class Hook { description = {}; webhook() {} };';
	writeFileSync(join(dist, 'Hook.node.js'), receiving);
	cpSync(compiled, dist, { recursive: true });
	build(`
		const { mkdtempSync, writeFileSync } = require('node:fs');
		const root = mkdtempSync(dist + '/root-');
		writeFileSync(root + '/package.json', JSON.stringify({ n8n: { nodes: ['dist/Two.node.js', 'dist/Hook.node.js'], credentials: [] } }));
		await loadAtFirstUse(root, dist);
	`);
	const code = `
		const { Two } = require(${JSON.stringify(join(dist, 'Two.node.js'))});
		const [one, other] = [new Two(), new Two()];
		one.description.displayName = 'changed';
		const before = [globalThis.loads, one.constructor.name, Object.keys(one), other.description];
		const caller = { caller: 'n8n' };
		const calls = [one.run.call(caller, 'word'), other.methods.lists.own.call(caller)];
		process.stdout.write(JSON.stringify([before, calls, globalThis.loads]));
	`;
	expect(JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }))).toEqual([
		[null, 'Two', ['description', 'methods'], { displayName: 'Two' }],
		[
			['n8n', 'word'],
			['n8n', 'own'],
		],
		1,
	]);
	// What receives has the package look for events that wait, in the processes of n8n that receive.
	const file = 'nodes/shared/node/events/wake.js';
	expect(filesAfterStart(['start']).includes(file)).toBe(true);
	expect(filesAfterStart([]).includes(file)).toBe(true);
	expect(filesAfterStart(['worker'])).toEqual([
		'Hook.node.js',
		'nodes/shared/process/loadedAtFirstUse.js',
		'nodes/shared/process/receivesWebhooks.js',
	]);
});

/** Files of `dist` that n8n, run with these arguments, has loaded some seconds after it has loaded the class that receives. */
function filesAfterStart(args: readonly string[]): string[] {
	const code = `
		process.argv = ['node', '/usr/local/bin/n8n', ...${JSON.stringify(args)}];
		const due = [];
		globalThis.setTimeout = (work) => { due.push(work); return { unref() {} }; };
		const { Hook } = require(${JSON.stringify(join(dist, 'Hook.node.js'))});
		for (const work of due.splice(0)) work();
		const { relative } = require('node:path');
		const files = Object.keys(require.cache).map((file) => relative(${JSON.stringify(dist)}, file));
		process.stdout.write(JSON.stringify(files.filter((file) => !file.startsWith('..')).sort()));
	`;
	const output = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' });
	return JSON.parse(output) as string[];
}

it('refuses a class that holds neither data nor a function', () => {
	writeFileSync(
		join(dist, 'Three.node.js'),
		'exports.Three = class { description = { since: new Date(0) }; };',
	);
	expect(() =>
		build(`
			const { mkdtempSync, writeFileSync } = require('node:fs');
			const root = mkdtempSync(dist + '/root-');
			writeFileSync(root + '/package.json', JSON.stringify({ n8n: { nodes: ['dist/Three.node.js'], credentials: [] } }));
			await loadAtFirstUse(root, dist);
		`),
	).toThrow(/Three\.node\.js: description\.since is neither data nor a function/);
});

it.each([
	['at the top of its importer', 'const proxy = require("proxy-from-env");'],
	['inside a function that runs at load', '(() => { require("proxy-from-env"); })();'],
])('would see a library that is required %s', (_where, code) => {
	writeFileSync(join(dist, 'proxy.js'), code);
	writeFileSync(
		join(dist, 'One.node.js'),
		'require("./proxy");\nexports.One = class { description = { displayName: "One" }; };',
	);
	build('await bundleLibraries(project, dist);');
	expect(loadedOf(dist, 'libraries')).toEqual(['proxy-from-env']);
});

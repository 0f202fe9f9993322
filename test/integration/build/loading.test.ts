import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');
const loader = join(project, 'test/support/build/loadPackage.js');
const gulp = (file: string) => JSON.stringify(join(project, 'gulp', file));

let dist: string;

beforeEach(() => {
	mkdirSync(join(project, '.cache'), { recursive: true });
	dist = mkdtempSync(join(project, '.cache/loading-'));
});

afterEach(() => {
	rmSync(dist, { recursive: true, force: true });
});

/** Third-party libraries of which code ran while the node and credential files in `dist` were loaded. */
function librariesLoaded(): unknown {
	const command = [loader, dist, 'libraries'];
	return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' }));
}

/** Runs steps of the build in a process of their own: the compiler loads slowly inside jest. */
function build(steps: string): void {
	const code = `
		const { compile } = require(${gulp('compile.js')});
		const { bundleLibraries } = require(${gulp('bundleLibraries.js')});
		const project = ${JSON.stringify(project)};
		const dist = ${JSON.stringify(dist)};
		(async () => { ${steps} })();
	`;
	execFileSync(process.execPath, ['-e', code]);
}

it('runs no third-party library until it is used', () => {
	build("await compile(project + '/tsconfig.json', dist); await bundleLibraries(project, dist);");
	expect(librariesLoaded()).toEqual([]);
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
	expect(librariesLoaded()).toEqual(['proxy-from-env']);
});

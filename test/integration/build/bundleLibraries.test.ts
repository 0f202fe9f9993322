import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');

interface Bundler {
	bundleLibraries(root: string, dist: string): Promise<string[]>;
}

const { bundleLibraries } = createRequire(__filename)(
	join(project, 'gulp/bundleLibraries.js'),
) as Bundler;

/** Runs a function body in a process of its own; returns what it returns. */
function runInNewProcess(body: string): unknown {
	const code = `process.stdout.write(JSON.stringify((() => {${body}})()));`;
	return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }));
}

function notOfNode(name: string | undefined): boolean {
	return name === undefined || !isBuiltin(name);
}

describe('bundling of libraries', () => {
	let root: string;
	let dist: string;

	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), 'bundle-'));
		dist = join(root, 'dist');
		symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
		const devDependencies = { 'proxy-from-env': '1', 'https-proxy-agent': '1' };
		writeFileSync(join(root, 'package.json'), JSON.stringify({ devDependencies }));
	});

	afterEach(() => {
		rmSync(root, { recursive: true, force: true });
	});

	function writeCompiled(file: string, code: string): void {
		const path = join(dist, file);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(
			path,
			`"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n${code}`,
		);
	}

	function read(file: string): string {
		return readFileSync(join(dist, file), 'utf8');
	}

	it('puts a library into its one importer and leaves own modules, n8n-workflow and Node alone', async () => {
		writeCompiled(
			'shared/proxy.js',
			[
				'const proxy = require("proxy-from-env");',
				'const state = require("./state");',
				'const http = require("node:http");',
				'const n8n = require("n8n-workflow");',
				'exports.proxyFor = (url) => proxy.getProxyForUrl(url) || state.none || http || n8n;',
			].join('\n'),
		);
		writeCompiled('shared/state.js', 'exports.none = "";');
		writeCompiled('main.js', 'exports.proxyFor = require("./shared/proxy").proxyFor;');
		const untouched = read('main.js');

		const bundled = await bundleLibraries(root, dist);

		expect(bundled.length).toBeGreaterThan(0);
		expect(bundled.every((file) => file.includes('node_modules/proxy-from-env/'))).toBe(true);
		const required = [...read('shared/proxy.js').matchAll(/\brequire\("([^"]+)"\)/g)].map(
			([, name]) => name,
		);
		expect(new Set(required)).toEqual(new Set(['./state', 'node:http', 'n8n-workflow']));
		expect(read('main.js')).toBe(untouched);
	});

	function requiredIn(file: string): Set<string | undefined> {
		return new Set([...read(file).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name));
	}

	const atFirstUse = [
		'exports.proxyFor = (url) => {',
		'	const { getProxyForUrl } = require("proxy-from-env");',
		'	return getProxyForUrl(url);',
		'};',
	].join('\n');

	it('makes a file of a library that is required inside functions only, loaded at its first use', async () => {
		writeCompiled('shared/http/proxy.js', atFirstUse);

		const bundled = await bundleLibraries(root, dist);

		expect(bundled.some((file) => file.includes('node_modules/proxy-from-env/'))).toBe(true);
		expect(requiredIn('shared/http/proxy.js')).toEqual(
			new Set(['../../libraries/proxy-from-env.js']),
		);
		const library = join(dist, 'libraries/proxy-from-env.js');
		const { loaded, loadedAfterUse, proxy } = runInNewProcess(`
			const { proxyFor } = require(${JSON.stringify(join(dist, 'shared/http/proxy.js'))});
			const loaded = Object.keys(require.cache);
			process.env.https_proxy = 'http://proxy.example:3128';
			const proxy = proxyFor('https://start.exactonline.nl/');
			return { loaded, proxy, loadedAfterUse: Object.keys(require.cache) };
		`) as { loaded: string[]; loadedAfterUse: string[]; proxy: string };
		expect(proxy).toBe('http://proxy.example:3128');
		expect(loaded).not.toContain(library);
		expect(loadedAfterUse).toContain(library);
	});

	it('gives a library of several files the entry that require gets', async () => {
		writeCompiled('tunnel.js', 'exports.agent = () => require("https-proxy-agent");');
		await bundleLibraries(root, dist);
		expect(
			runInNewProcess(`
				const { HttpsProxyAgent } = require(${JSON.stringify(join(dist, 'tunnel.js'))}).agent();
				return new HttpsProxyAgent('http://proxy.example:3128').proxy.host;
			`),
		).toBe('proxy.example:3128');
		expect(requiredIn('tunnel.js')).toEqual(new Set(['./libraries/https-proxy-agent.js']));
		expect([...requiredIn('libraries/https-proxy-agent.js')].filter(notOfNode)).toEqual([]);
	});

	it('puts a library into its importer if one use of several is at load', async () => {
		writeCompiled('one.js', `const proxy = require("proxy-from-env");\n${atFirstUse}`);
		await bundleLibraries(root, dist);
		expect(requiredIn('one.js')).toEqual(new Set());
		expect(existsSync(join(dist, 'libraries'))).toBe(false);
	});

	it('refuses a library with two importers and names both', async () => {
		writeCompiled('one.js', 'exports.a = require("proxy-from-env");');
		writeCompiled('sub/two.js', 'exports.a = require("proxy-from-env");');
		await expect(bundleLibraries(root, dist)).rejects.toThrow(
			/"proxy-from-env" is imported in 2 files \(.*one\.ts.*sub\/two\.ts.*\)/,
		);
	});

	it('refuses two importers also where both load the library at first use', async () => {
		writeCompiled('one.js', atFirstUse);
		writeCompiled('two.js', atFirstUse);
		await expect(bundleLibraries(root, dist)).rejects.toThrow('is imported in 2 files');
	});

	it('refuses a library that package.json does not declare', async () => {
		writeCompiled('one.js', 'exports.a = require("typescript");');
		await expect(bundleLibraries(root, dist)).rejects.toThrow(
			'one.ts: "typescript" is not in devDependencies of package.json.',
		);
	});

	it('refuses to bundle a part of n8n', async () => {
		writeCompiled('one.js', 'exports.a = require("n8n-core");');
		await expect(bundleLibraries(root, dist)).rejects.toThrow('"n8n-core" is part of n8n');
	});
});

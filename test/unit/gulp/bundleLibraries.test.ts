import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');

interface Bundler {
	bundleLibraries(root: string, dist: string): Promise<string[]>;
}

const { bundleLibraries } = createRequire(__filename)(
	join(project, 'gulp/bundleLibraries.js'),
) as Bundler;

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

	it('refuses a library with two importers and names both', async () => {
		writeCompiled('one.js', 'exports.a = require("proxy-from-env");');
		writeCompiled('sub/two.js', 'exports.a = require("proxy-from-env");');
		await expect(bundleLibraries(root, dist)).rejects.toThrow(
			/"proxy-from-env" is imported in 2 files \(.*one\.ts.*sub\/two\.ts.*\)/,
		);
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

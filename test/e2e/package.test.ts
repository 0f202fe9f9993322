import { statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
	chainOf,
	createCredential,
	importWorkflow,
	listCredentials,
	loadOptions,
	manualTrigger,
	N8nHost,
	packageName,
	packPackage,
	readCredential,
	type N8nClient,
	type Workflow,
} from '../support/n8n';
import { runCommand } from '../support/n8n/runCommand';

interface Manifest {
	name: string;
	dependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	overrides?: unknown;
	scripts?: Record<string, string>;
	n8n: { credentials: string[]; nodes: string[] };
}

interface NodeTypeSummary {
	name: string;
	credentials?: Array<{ name: string }>;
}

/** Version of the tarball that the package is updated to. */
const LATER = '999.0.0';

/** Scripts that npm runs by itself while it installs, packs or publishes. */
const lifecycleScripts = [
	...['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'],
	...['prepublish', 'prepublishOnly', 'prepack', 'postpack', 'publish', 'postpublish'],
	...['dependencies', 'preuninstall', 'uninstall', 'postuninstall'],
];

/** Rules that this package does not keep, as docs/security.md says. */
const BY_DESIGN = [
	'@n8n/community-nodes/no-restricted-globals',
	'@n8n/community-nodes/no-restricted-imports',
];

/** What the rules find: rule, message, places. */
interface Scanned {
	files: number;
	found: Record<string, Record<string, string[]>>;
}

async function scan(folder: string, patterns: string[] = []): Promise<Scanned> {
	const script = resolve(__dirname, '../../scripts/scan.mjs');
	const args = [script, folder, ...patterns];
	// One of the rule sets takes every file for a node where it believes that its own tests run.
	const { NODE_ENV: _test, ...env } = process.env;
	const { stdout } = await runCommand(process.execPath, args, folder, env);
	return JSON.parse(stdout) as Scanned;
}

/** Whether the table of docs/security.md names a module, with or without `node:`, or a global. */
function isDocumented(table: string, name: string): boolean {
	if (/^(set|clear)(Timeout|Interval|Immediate)$/.test(name)) return table.includes('timers');
	const known = name === 'global' ? 'globalThis' : name;
	return [known, `node:${known}`].some((one) => table.includes(`\`${one}\``));
}

describe('the packed package', () => {
	let folder: string;
	let tarball: string;
	let userFolder: string;
	let nodesFolder: string;
	let installed: string;
	let manifest: Manifest;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'package-test-'));
		userFolder = join(folder, 'user');
		nodesFolder = join(userFolder, '.n8n', 'nodes');
		installed = join(nodesFolder, 'node_modules', packageName);
		await mkdir(nodesFolder, { recursive: true });
		tarball = await packPackage(folder);
		const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await runCommand('npm', ['install', ...options, tarball], nodesFolder);
		manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Manifest;
	});

	afterAll(async () => {
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});

	it('pulls in nothing else', async () => {
		const modules = await readdir(join(nodesFolder, 'node_modules'));
		expect(modules.filter((name) => !name.startsWith('.'))).toEqual([packageName]);
		expect(await readdir(installed)).not.toContain('node_modules');
	});

	it('declares n8n-workflow as its only, peer, dependency and has no lifecycle scripts', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.overrides).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		const scripts = Object.keys(manifest.scripts ?? {});
		expect(scripts.filter((name) => lifecycleScripts.includes(name))).toEqual([]);
	});

	it('holds the built files, the licence and the notice of bundled libraries, and nothing else', async () => {
		const files = await readdir(installed);
		expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
		const notice = await readFile(join(installed, 'dist', 'THIRD_PARTY_LICENSES.txt'), 'utf8');
		expect(notice).toMatch(/^axios \d+\.\d+\.\d+ \(MIT\)$/m);
		const built = await readdir(join(installed, 'dist'), { recursive: true });
		expect(built.filter((file) => /\.(ts|map|tsbuildinfo)$|(^|\/)test(\/|$)/.test(file))).toEqual(
			[],
		);
	});

	it('is smaller than two megabytes', () => {
		expect(statSync(tarball).size).toBeLessThan(2_000_000);
	});

	it("passes n8n's scan of community packages but for the rules that documentation names, with the reason", async () => {
		const security = await readFile(resolve(__dirname, '../../docs/security.md'), 'utf8');
		const { files, found } = await scan(installed);
		expect(files).toBeGreaterThan(500);
		expect(Object.keys(found).sort()).toEqual(BY_DESIGN);
		const messages = BY_DESIGN.flatMap((rule) => Object.keys(found[rule] ?? {}));
		const used = messages.map((message) => /'([^']+)'/.exec(message)?.[1] ?? message);
		const undocumented = used.filter((name) => !isDocumented(security, name));
		expect(undocumented).toEqual([]);

		const sources = await scan(resolve(__dirname, '../..'), [
			'package.json',
			'{nodes,credentials}/**/*.{ts,json}',
		]);
		expect(sources.files).toBeGreaterThan(500);
		expect(Object.keys(sources.found).sort()).toEqual(BY_DESIGN);
	});

	it('requires nothing from outside but n8n-workflow and what Node brings', async () => {
		// In a folder where no other package can be found.
		const alone = join(folder, 'alone', 'node_modules');
		await cp(installed, join(alone, packageName), { recursive: true });
		const hostWorkflow = require.resolve('n8n-workflow');
		const files = (await readdir(join(alone, packageName, 'dist'), { recursive: true })).filter(
			(file) => file.endsWith('.js'),
		);
		const script = [
			"const { Module } = require('node:module');",
			"const { join } = require('node:path');",
			'const [folder, workflow, ...files] = process.argv.slice(1);',
			'const resolve = Module._resolveFilename;',
			'Module._resolveFilename = function (name, ...rest) {',
			"  return name === 'n8n-workflow' ? workflow : resolve.call(this, name, ...rest);",
			'};',
			'for (const file of files) require(join(folder, file));',
			'console.log(files.length);',
		].join('\n');
		const { stdout } = await runCommand(
			process.execPath,
			['--no-warnings', '-e', script, join(alone, packageName, 'dist'), hostWorkflow, ...files],
			folder,
		);
		expect(Number(stdout)).toBe(files.length);
		expect(files.length).toBeGreaterThan(0);
	});

	it('holds the catalogue of Exact Online and reads it by itself, without its source', async () => {
		const reader = join(installed, 'dist/nodes/ExactOnline/catalogue/catalogue.js');
		const script = [
			'const { endpointSummaries, readEndpoint } = require(process.argv[1]);',
			'const fields = [...endpointSummaries().keys()].map((path) => readEndpoint(path).fields.size);',
			'console.log(fields.length, fields.reduce((sum, size) => sum + size, 0));',
		].join('\n');
		const { stdout } = await runCommand(process.execPath, ['-e', script, reader], folder);
		expect(stdout.trim()).toBe('427 11160');
		const packed = await readdir(installed, { recursive: true });
		expect(packed.filter((file) => file.includes('exact-online-endpoints'))).toEqual([]);
	});

	it('is loaded by n8n with every node and credential type that it declares', async () => {
		const host = await N8nHost.start({ userFolder, withPackage: false, whole: true });
		try {
			const ours = await nodesOfThePackage(host.client);
			const expected = manifest.n8n.nodes.map((path) => nameOf(path, '.node.js'));
			const names = ours.map((name) => name.slice(packageName.length + 1));
			expect(names.filter((name) => !name.endsWith('Tool')).sort()).toEqual(expected.sort());
			// `usableAsTool` makes n8n offer each node to AI agents too.
			expect(names.filter((name) => name.endsWith('Tool')).sort()).toEqual(
				expected.filter((name) => !name.endsWith('Trigger')).map((name) => `${name}Tool`),
			);

			const credentials = (await host.client.request('GET', '/types/credentials.json')) as Array<{
				name: string;
			}>;
			const credentialNames = credentials.map(({ name }) => name);
			for (const path of manifest.n8n.credentials) {
				expect(credentialNames).toContain(nameOf(path, '.credentials.js'));
			}
			const fields = await loadOptions(host.client, {
				nodeType: `${packageName}.exactOnline`,
				methodName: 'getFieldsToReturn',
				path: 'parameters.options.fields',
				parameters: { resource: 'me', operation: 'get' },
			});
			expect(fields).toContainEqual({ name: 'UserID', value: 'UserID' });
			expect(host.output).not.toMatch(/(could not|failed to) load|Error loading/i);
		} finally {
			await host.dispose();
		}
	});

	it('is updated and removed by the commands of README; credentials and workflows stay', async () => {
		const readme = await readFile(resolve(__dirname, '../../README.md'), 'utf8');
		const [prefix, own] = [
			['--prefix', nodesFolder],
			['--no-audit', '--no-fund'],
		];
		expect(readme).toContain('npm install --ignore-scripts --prefix ~/.n8n/nodes ./');
		expect(readme).toContain(`npm uninstall --prefix ~/.n8n/nodes ${packageName}`);
		const later = await laterTarball();

		const host = await N8nHost.start({ userFolder, withPackage: false, whole: true });
		try {
			const type = 'docuWareApi';
			const credential = await createCredential(host.client, type, 'Kept', {
				...{ platformUrl: 'https://dw.example.com', userName: 'api', password: 'secret' },
			});
			const credentials = { [type]: credential };
			const node = { name: 'DocuWare', type: `${packageName}.docuWare`, credentials };
			const { id } = await importWorkflow(host.client, chainOf('Kept', [manualTrigger(), node]));
			const keptData = async () => (await readCredential(host.client, credential.id)).data;
			const keptNodes = async () => {
				const workflow = await host.client.request('GET', `/rest/workflows/${id}`);
				return (workflow as Workflow).nodes;
			};
			const before = { data: await keptData(), nodes: await keptNodes() };
			expect(before.data).toMatchObject({ userName: 'api' });
			expect(before.nodes).toContainEqual(expect.objectContaining(node));

			await host.stop();
			await runCommand('npm', ['install', '--ignore-scripts', ...prefix, ...own, later], folder);
			const installedManifest = await readFile(join(installed, 'package.json'), 'utf8');
			expect(JSON.parse(installedManifest)).toMatchObject({ version: LATER });
			await host.startAgain();
			const expected = manifest.n8n.nodes.map((path) => nameOf(path, '.node.js'));
			const loaded = await nodesOfThePackage(host.client);
			expect(loaded).toEqual(expect.arrayContaining(expected.map((n) => `${packageName}.${n}`)));
			expect({ data: await keptData(), nodes: await keptNodes() }).toEqual(before);

			await host.stop();
			await runCommand('npm', ['uninstall', ...prefix, ...own, packageName], folder);
			await host.startAgain();
			expect(await nodesOfThePackage(host.client)).toEqual([]);
			const left = await listCredentials(host.client);
			expect(left.map((one) => one.id)).toContain(credential.id);
			expect(await keptNodes()).toEqual(before.nodes);
		} finally {
			await host.dispose();
		}
	});

	/** The same package with the number of a later version. */
	async function laterTarball(): Promise<string> {
		const unpacked = join(folder, 'later');
		await mkdir(unpacked);
		await runCommand('tar', ['-xzf', tarball, '-C', unpacked], folder);
		const changed = { ...manifest, version: LATER };
		await writeFile(join(unpacked, 'package', 'package.json'), JSON.stringify(changed));
		const packed = join(folder, 'later.tgz');
		await runCommand('tar', ['-czf', packed, '-C', unpacked, 'package'], folder);
		return packed;
	}
});

/** The node types of this package that n8n knows. */
async function nodesOfThePackage(client: N8nClient): Promise<string[]> {
	const nodes = (await client.request('GET', '/types/nodes.json')) as NodeTypeSummary[];
	return nodes.map(({ name }) => name).filter((name) => name.startsWith(`${packageName}.`));
}

/** `dist/nodes/ExactOnline/ExactOnline.node.js` → `exactOnline`, as n8n names types by convention. */
function nameOf(path: string, ending: string): string {
	const file = path.slice(path.lastIndexOf('/') + 1, -ending.length);
	return file.charAt(0).toLowerCase() + file.slice(1);
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');

interface Compiler {
	compile(configFile: string, outDir: string): Promise<void>;
}

const { compile } = createRequire(__filename)(join(project, 'gulp/compile.js')) as Compiler;

let root: string;
let configFile: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'compile-'));
	configFile = join(root, 'tsconfig.json');
	const compilerOptions = {
		target: 'ES2022',
		module: 'Node16',
		strict: true,
		rootDir: '.',
		types: [],
	};
	writeFileSync(configFile, JSON.stringify({ compilerOptions, include: ['nodes/**/*.ts'] }));
	mkdirSync(join(root, 'nodes/shared'), { recursive: true });
});

afterEach(() => {
	rmSync(root, { recursive: true, force: true });
});

function write(file: string, code: string): void {
	writeFileSync(join(root, file), code);
}

it('compiles each source file to a file of its own, imports of types left out', async () => {
	write('nodes/shared/types.ts', 'export interface Named { name: string }\nexport const none = 0;');
	write('nodes/shared/globals.d.ts', 'declare const given: string;');
	write(
		'nodes/One.node.ts',
		"import type { Named } from './shared/types';\nexport const one: Named = { name: 'one' };",
	);
	await compile(configFile, join(root, 'dist'));
	const code = readFileSync(join(root, 'dist/nodes/One.node.js'), 'utf8');
	expect(code).toContain("exports.one = { name: 'one' };");
	expect(code).not.toContain('require');
	expect(readFileSync(join(root, 'dist/nodes/shared/types.js'), 'utf8')).toContain('none = 0');
	expect(() => readFileSync(join(root, 'dist/nodes/shared/globals.js'))).toThrow('ENOENT');
});

it('writes nothing where a file cannot be read as TypeScript, and says where', async () => {
	write('nodes/right.ts', 'export const right = 1;');
	write('nodes/wrong.ts', 'export const wrong = ;');
	await expect(compile(configFile, join(root, 'dist'))).rejects.toThrow(/wrong\.ts/);
	expect(() => readFileSync(join(root, 'dist/nodes/right.js'))).toThrow('ENOENT');
});

it('is preceded by a type check that refuses a wrong type and names the place', () => {
	const checkScript = `require(${JSON.stringify(join(project, 'gulp/typeCheck.js'))})
		.typeCheck(${JSON.stringify(configFile)})`;
	const check = () => spawnSync(process.execPath, ['-e', checkScript], { encoding: 'utf8' });

	write('nodes/one.ts', 'export const one: number = 1;');
	expect(check()).toMatchObject({ status: 0, stdout: '' });
	write('nodes/one.ts', "export const one: number = 'one';");
	const { status, stdout, stderr } = check();
	expect(status).not.toBe(0);
	expect(stdout).toContain('nodes/one.ts');
	expect(stderr).toContain('TypeScript found errors');
});

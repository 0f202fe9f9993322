import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const hook = resolve(__dirname, '../../support/registerTypeScript.js');

describe('require hook for TypeScript', () => {
	let folder: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'require-hook-'));
	});

	afterEach(() => {
		rmSync(folder, { recursive: true, force: true });
	});

	function run(file: string) {
		return spawnSync(process.execPath, ['--require', hook, join(folder, file)], {
			encoding: 'utf8',
		});
	}

	it('runs a TypeScript file that imports another one without extension', () => {
		writeFileSync(join(folder, 'sum.ts'), 'export const sum = (a: number, b: number) => a + b;\n');
		writeFileSync(
			join(folder, 'main.ts'),
			"import { sum } from './sum';\nconst total: number = sum(2, 3);\nconsole.log(total);\n",
		);
		const { status, stdout, stderr } = run('main.ts');
		expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '5\n', stderr: '' });
	});

	it('names the line of the TypeScript source in a stack trace', () => {
		writeFileSync(
			join(folder, 'main.ts'),
			[
				'interface Unused {',
				'\tvalue: string;',
				'}',
				'export type Alias = Unused;',
				"throw new Error('on line five');",
			].join('\n'),
		);
		const { status, stderr } = run('main.ts');
		expect(status).toBe(1);
		expect(stderr).toContain('main.ts:5');
	});
});

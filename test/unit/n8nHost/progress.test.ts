import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Output {
	isTTY: boolean;
	write(text: string): void;
}

const { clock, packagesIn, withProgress } = jest.requireActual<{
	clock(ms: number): string;
	packagesIn(modules: string): { done: number; all: number };
	withProgress<T>(
		state: () => string,
		run: () => Promise<T>,
		output: Output,
		everyMs: number,
	): Promise<T>;
}>('../../n8nHost/progress');

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'progress-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeFolder(name: string, isFilled: boolean): void {
	const path = join(folder, name);
	mkdirSync(path, { recursive: true });
	if (isFilled) writeFileSync(join(path, 'package.json'), '{}');
}

it('counts the packages that npm has filled, those with a scope too', () => {
	makeFolder('one', true);
	makeFolder('two', false);
	makeFolder('@scope/three', true);
	makeFolder('@scope/four', false);
	makeFolder('.bin', false);
	makeFolder('one/node_modules/inner', true);
	expect(packagesIn(folder)).toEqual({ done: 2, all: 4 });
	expect(packagesIn(join(folder, 'missing'))).toEqual({ done: 0, all: 0 });
});

it('writes minutes and seconds', () => {
	expect([0, 59_400, 65_000, 600_000].map(clock)).toEqual(['0:00', '0:59', '1:05', '10:00']);
});

describe.each([
	['on a terminal, over the line before', true, '\r\x1b[K  0:00  at work', '\r\x1b[K'],
	['elsewhere, line by line', false, '  0:00  at work\n', undefined],
])('progress is told %s', (_where, isTTY, line, end) => {
	const written: string[] = [];

	/** Runs something until two lines were written, and ends it then. */
	async function told<T>(end: () => T): Promise<T> {
		written.length = 0;
		let goOn: () => void = () => {};
		const twoLines = new Promise<void>((resolve) => (goOn = resolve));
		const write = (text: string) => {
			if (written.push(text) === 2) goOn();
		};
		return await withProgress(
			() => 'at work',
			async () => {
				await twoLines;
				return end();
			},
			{ isTTY, write },
			1,
		);
	}

	it('while it runs, and what came of it is given back', async () => {
		expect(await told(() => 'done')).toBe('done');
		expect(written).toEqual([line, line, ...(end === undefined ? [] : [end])]);
	});

	it('until it fails', async () => {
		const failing = told(() => {
			throw new Error('no more disk');
		});
		await expect(failing).rejects.toThrow('no more disk');
		expect(written).toEqual([line, line, ...(end === undefined ? [] : [end])]);
	});
});

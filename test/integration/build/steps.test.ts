import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Steps {
	run(name: string, command: string[], env?: Record<string, string>): Promise<boolean>;
	startBeside(name: string, command: string[], logFile: string): () => Promise<boolean>;
	table(): string;
}

const { Steps } = jest.requireActual<{
	Steps: new (options: { root: string; print: (text: string) => void }) => Steps;
}>('../../../scripts/steps');

let folder: string;
let printed: string;
let steps: Steps;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'steps-'));
	printed = '';
	steps = new Steps({ root: folder, print: (text) => (printed += text) });
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

function node(script: string): string[] {
	return [process.execPath, '-e', script];
}

/** Ends with the file `go`, having said something on both outputs, and more than a pipe holds. */
function waitingForGo(exitCode: number): string[] {
	return node(`
		console.log('begins');
		const timer = setInterval(() => {
			if (!require('node:fs').existsSync('go')) return;
			clearInterval(timer);
			console.error('to the other output');
			console.log('x'.repeat(200_000) + ' ends');
			process.exitCode = ${exitCode};
		}, 5);
	`);
}

describe('a step', () => {
	it.each([
		['succeeds', 0, true],
		['fails', 3, false],
	])('that %s tells so', async (_what, code, succeeded) => {
		expect(await steps.run('step', node(`process.exitCode = ${code}`))).toBe(succeeded);
	});

	it('that a signal ends has failed', async () => {
		expect(await steps.run('step', node('process.kill(process.pid, "SIGKILL")'))).toBe(false);
	});

	it('whose command is not there has failed, and says why', async () => {
		expect(await steps.run('step', [join(folder, 'nobody')])).toBe(false);
		expect(printed).toMatch(/> \.\/nobody\n[^]*ENOENT/);
	});

	it('runs in the root, with the variables that it is given', async () => {
		const script = 'require("node:fs").writeFileSync("made", "")';
		const onlyThen = `if (process.env.STEP === "this") ${script}`;
		expect(await steps.run('step', node(onlyThen), { STEP: 'this' })).toBe(true);
		expect(existsSync(join(folder, 'made'))).toBe(true);
	});
});

describe('a step beside others', () => {
	it.each([
		['succeeds', 0, true],
		['fails', 1, false],
	])(
		'that %s is told where it is waited for, with its whole output',
		async (_, code, succeeded) => {
			const finished = steps.startBeside('beside', waitingForGo(code), join(folder, 'a/log'));
			expect(await steps.run('first', node(''))).toBe(true);
			expect(printed).not.toContain('begins');
			const result = finished();
			await writeFile(join(folder, 'go'), '');
			expect(await result).toBe(succeeded);
			const [first, beside] = printed.split('\n> ').slice(1);
			expect(first).not.toContain('begins');
			expect(beside).toMatch(/begins\nto the other output\nx{200000} ends\n$/);
		},
	);

	it('that ended long before is told only then', async () => {
		const finished = steps.startBeside('beside', node('console.log("done")'), join(folder, 'log'));
		const whenDone = 'while (!require("node:fs").readFileSync("log", "utf8").includes("done"));';
		expect(await steps.run('first', node(whenDone))).toBe(true);
		expect(printed).not.toContain('done\n');
		expect(await finished()).toBe(true);
		expect(printed).toMatch(/\ndone\n$/);
	});

	it('whose command is not there has failed, and says why', async () => {
		const finished = steps.startBeside('beside', [join(folder, 'nobody')], join(folder, 'log'));
		expect(await steps.run('first', node(''))).toBe(true);
		expect(await finished()).toBe(false);
		expect(printed).toContain('ENOENT');
	});
});

it('the table has a line per step in their order, what ran beside others where it was waited for', async () => {
	const finished = steps.startBeside('beside', node(''), join(folder, 'log'));
	await steps.run('first', node(''));
	await finished();
	await steps.run('last', node('process.exitCode = 1'));
	const lines = steps.table().trim().split('\n');
	expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual([
		'step',
		'first',
		'beside',
		'last',
		'together',
	]);
	for (const line of lines.slice(1)) expect(line).toMatch(/ \d+:\d\d/);
	expect(lines[2]).toContain('beside the steps before');
});

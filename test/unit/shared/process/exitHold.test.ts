import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ExitTime } from '../../../../nodes/shared/process/exitHold';
import {
	cancelBeforeExit,
	doBeforeExit,
	holdExitDuring,
} from '../../../../nodes/shared/process/exitHold';

const realExit = process.exit;
let exits: Array<number | string | null | undefined>;

/** Work that ends when the test says so. */
function work(): { done: Promise<void>; end: () => void } {
	let end = () => {};
	const done = new Promise<void>((resolve) => {
		end = resolve;
	});
	return { done, end };
}

beforeEach(() => {
	exits = [];
	process.exit = ((code?: number | string | null) => {
		exits.push(code);
	}) as typeof process.exit;
	delete (globalThis as Record<symbol, unknown>)[Symbol.for('n8n-nodes-exactonline-docuware')];
});

afterEach(() => {
	process.exit = realExit;
	process.exitCode = undefined;
	jest.useRealTimers();
});

it('leaves process.exit alone before and after the work', async () => {
	const stub = process.exit;
	const { done, end } = work();
	const held = holdExitDuring(async () => await done);
	expect(process.exit).not.toBe(stub);
	end();
	await held;
	expect(process.exit).toBe(stub);
});

it('gives the result and the error of the work', async () => {
	await expect(holdExitDuring(async () => await Promise.resolve(7))).resolves.toBe(7);
	const failing = holdExitDuring(async () => await Promise.reject(new Error('no')));
	await expect(failing).rejects.toThrow('no');
});

it('ends the process only when all the work is over, with the code that was asked for', async () => {
	const first = work();
	const second = work();
	const held = [
		holdExitDuring(async () => await first.done),
		holdExitDuring(async () => await second.done),
	];
	process.exit(3);
	first.end();
	await held[0];
	await new Promise(setImmediate);
	expect(exits).toEqual([]);
	second.end();
	await held[1];
	await new Promise(setImmediate);
	expect(exits).toEqual([3]);
});

it('is not cut short by a second call, and the code of the first one stays', async () => {
	const { done, end } = work();
	const held = holdExitDuring(async () => await done);
	process.exit(1);
	process.exit();
	expect(exits).toEqual([]);
	end();
	await held;
	await new Promise(setImmediate);
	expect(exits).toEqual([1]);
});

it('does not wait longer than n8n gives itself for a shutdown', async () => {
	jest.useFakeTimers();
	const { done, end } = work();
	void holdExitDuring(async () => await done);
	process.exit(0);
	await jest.advanceTimersByTimeAsync(29_999);
	expect(exits).toEqual([]);
	await jest.advanceTimersByTimeAsync(2);
	expect(exits).toEqual([0]);
	end();
});

describe('a process.exit that somebody else has wrapped', () => {
	it('stays when the work is over, and holds for later work too', async () => {
		const first = work();
		const held = holdExitDuring(async () => await first.done);
		const ours = process.exit;
		const calls: unknown[] = [];
		const theirs = ((code) => {
			calls.push(code);
			ours.call(process, code);
		}) as typeof process.exit;
		process.exit = theirs;
		first.end();
		await held;
		expect(process.exit).toBe(theirs);

		const second = work();
		const later = holdExitDuring(async () => await second.done);
		process.exit(4);
		await new Promise(setImmediate);
		expect({ exits, calls }).toEqual({ exits: [], calls: [] });
		second.end();
		await later;
		await new Promise(setImmediate);
		expect({ exits, calls }).toEqual({ exits: [4], calls: [4] });
	});

	it('and put back past ours is wrapped anew by later work', async () => {
		const stub = process.exit;
		const first = work();
		const held = holdExitDuring(async () => await first.done);
		process.exit = stub;
		const second = work();
		const later = holdExitDuring(async () => await second.done);
		first.end();
		await held;
		process.exit(0);
		expect(exits).toEqual([]);
		second.end();
		await later;
		await new Promise(setImmediate);
		expect(exits).toEqual([0]);
	});
});

describe('the last steps', () => {
	const listener = () => undefined;

	beforeEach(() => {
		jest.useFakeTimers();
		process.once('SIGTERM', listener);
	});
	afterEach(() => {
		process.removeAllListeners('SIGTERM');
		delete process.env.N8N_GRACEFUL_SHUTDOWN_TIMEOUT;
	});

	/** A step that never ends. @returns what it was given, once it has begun */
	function hangingStep(): ExitTime[] {
		const begun: ExitTime[] = [];
		doBeforeExit('hangs', async (time) => {
			begun.push(time);
			await new Promise(() => {});
		});
		return begun;
	}

	it('come after the work, once, and keep the exit code', async () => {
		const order: string[] = [];
		const { done, end } = work();
		void holdExitDuring(async () => await done).then(() => order.push('work'));
		doBeforeExit('step', async () => await Promise.resolve(void order.push('step')));
		process.exit(5);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(order).toEqual([]);
		end();
		await jest.advanceTimersByTimeAsync(1);
		expect({ order, exits }).toEqual({ order: ['work', 'step'], exits: [5] });
	});

	it('do not come at the signal, which alone ends nothing', async () => {
		const begun = hangingStep();
		process.emit('SIGTERM');
		await jest.advanceTimersByTimeAsync(60_000);
		expect({ begun, exits }).toEqual({ begun: [], exits: [] });
	});

	it.each([
		['get 10 s at most', 30, 1_000, 10_000],
		["end 2 s before n8n's shutdown time, counted from the signal", 30, 22_000, 6_000],
		['get 2 s at least', 30, 29_500, 2_000],
		['get 2 s where the shutdown time is over', 5, 7_000, 2_000],
	])('%s', async (_name, shutdownSeconds, calledMs, expectedMs) => {
		process.env.N8N_GRACEFUL_SHUTDOWN_TIMEOUT = String(shutdownSeconds);
		const begun = hangingStep();
		process.emit('SIGTERM');
		await jest.advanceTimersByTimeAsync(calledMs);
		process.exit(0);
		await jest.advanceTimersByTimeAsync(expectedMs - 1);
		expect(begun).toMatchObject([{ executionsMayRun: calledMs >= shutdownSeconds * 1_000 }]);
		expect(begun[0]?.signal.aborted).toBe(false);
		expect(exits).toEqual([]);
		await jest.advanceTimersByTimeAsync(2);
		expect(begun[0]?.signal.aborted).toBe(true);
		expect(exits).toEqual([0]);
	});

	it('wait for work for the whole shutdown time, also where executions have used it up before', async () => {
		const begun = hangingStep();
		const { done } = work();
		void holdExitDuring(async () => await done);
		process.emit('SIGTERM');
		await jest.advanceTimersByTimeAsync(30_000);
		process.exit(0);
		await jest.advanceTimersByTimeAsync(29_999);
		expect(exits).toEqual([]);
		await jest.advanceTimersByTimeAsync(2);
		expect({ begun, exits }).toEqual({ begun: [], exits: [0] });
	});

	it('do not begin where work has taken their time, and the work is still waited for', async () => {
		const begun = hangingStep();
		const { done, end } = work();
		void holdExitDuring(async () => await done);
		process.emit('SIGTERM');
		process.exit(0);
		await jest.advanceTimersByTimeAsync(28_500);
		expect(exits).toEqual([]);
		end();
		await jest.advanceTimersByTimeAsync(1);
		expect({ begun, exits }).toEqual({ begun: [], exits: [0] });
	});

	it('leave process.exit alone once they are taken back', () => {
		const stub = process.exit;
		doBeforeExit('step', async () => await Promise.resolve());
		expect(process.exit).not.toBe(stub);
		cancelBeforeExit('step');
		expect(process.exit).toBe(stub);
	});

	it('add no listener where nobody listens: Node goes on ending the process', () => {
		process.removeAllListeners('SIGTERM');
		process.removeAllListeners('SIGINT');
		doBeforeExit('step', async () => await Promise.resolve());
		expect([process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')]).toEqual([0, 0]);
	});
});

describe("n8n's shutdown time", () => {
	const { argv } = process;
	const { N8N_GRACEFUL_SHUTDOWN_TIMEOUT_FILE: file, QUEUE_WORKER_TIMEOUT: older } = process.env;
	let folder: string;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'shutdown-time-'));
		await writeFile(join(folder, 'seconds'), '9\n');
		process.env.N8N_GRACEFUL_SHUTDOWN_TIMEOUT_FILE = join(folder, 'seconds');
		process.env.QUEUE_WORKER_TIMEOUT = '7';
	});
	afterEach(async () => {
		process.argv = argv;
		restore('N8N_GRACEFUL_SHUTDOWN_TIMEOUT_FILE', file);
		restore('QUEUE_WORKER_TIMEOUT', older);
		await rm(folder, { recursive: true });
	});

	function restore(name: string, value: string | undefined): void {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}

	it.each([
		['its file', 'start', 9],
		['the older variable of workers', 'worker', 7],
	])('is read from %s', async (_name, command, seconds) => {
		process.argv = ['node', 'n8n', command];
		const given = new Promise<ExitTime>((resolve) => {
			doBeforeExit('step', async (time) => await Promise.resolve(resolve(time)));
		});
		const calledAt = performance.now();
		process.exit(0);
		const deadline = (await given).deadline - calledAt;
		// Less the reserve of 2 s; nothing here takes a second.
		expect(Math.floor(deadline / 1_000)).toBe(seconds - 2);
		await new Promise(setImmediate);
		expect(exits).toEqual([0]);
	});
});

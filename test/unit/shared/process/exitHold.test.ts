import { holdExitDuring } from '../../../../nodes/shared/process/exitHold';

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

it('ends at once when asked a second time', () => {
	const { done, end } = work();
	void holdExitDuring(async () => await done);
	process.exit(0);
	expect(exits).toEqual([]);
	process.exit(1);
	expect(exits).toEqual([1]);
	end();
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

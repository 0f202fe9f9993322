import { SeededRandom } from '../../simulators/shared/seededRandom';

interface Task {
	at: number;
	order: number;
	run(): void;
}

/**
 * Time that passes only when told to. While installed it takes the place of the monotonic clock,
 * the wall clock, the timers and the random numbers of everything that runs in this test file.
 */
export class VirtualTime {
	/** Monotonic clock, milliseconds. */
	now = 1_000_000;

	/** What the wall clock is ahead of the monotonic one. */
	wallOffset = Date.UTC(2026, 10, 22);

	readonly random: SeededRandom;

	private tasks: Task[] = [];

	private order = 0;

	private restore: () => void = () => {};

	constructor(seed: number) {
		this.random = new SeededRandom(String(seed));
	}

	/** Wall clock, whole milliseconds. */
	readonly wall = (): number => Math.floor(this.now + this.wallOffset);

	/** Runs something after `ms`; the returned function cancels it. */
	schedule(ms: number, run: () => void): () => void {
		const task: Task = { at: this.now + Math.max(0, ms), order: this.order++, run };
		this.tasks.push(task);
		return () => {
			this.tasks = this.tasks.filter((other) => other !== task);
		};
	}

	/** Lets time pass, at most until `stop` says so. */
	async advance(ms: number, stop: () => boolean = () => false): Promise<void> {
		const end = this.now + ms;
		await turn();
		while (!stop()) {
			const next = this.takeNext(end);
			if (next === undefined) {
				this.now = end;
				return;
			}
			this.now = Math.max(this.now, next.at);
			next.run();
			await turn();
		}
	}

	/** Replaces clocks, timers and random numbers until `uninstall`. */
	install(timers: { set(ms: number, run: () => void): () => void }): void {
		const real = {
			performance: globalThis.performance,
			now: Date.now,
			random: Math.random,
			setTimeout: globalThis.setTimeout,
			clearTimeout: globalThis.clearTimeout,
			setInterval: globalThis.setInterval,
			clearInterval: globalThis.clearInterval,
		};
		const set = (run: () => void, ms: number) => handle(timers.set(ms, run));
		const every = (run: () => void, ms: number) => {
			let cancel = () => {};
			const again = () => {
				cancel = timers.set(ms, () => {
					again();
					run();
				});
			};
			again();
			return handle(() => cancel());
		};
		const clear = (timer: { cancel(): void } | undefined) => timer?.cancel();
		replacePerformance({ now: () => this.now });
		Date.now = this.wall;
		Math.random = () => this.random.next();
		Object.assign(globalThis, {
			setTimeout: set,
			clearTimeout: clear,
			setInterval: every,
			clearInterval: clear,
		});
		this.restore = () => {
			replacePerformance(real.performance);
			Date.now = real.now;
			Math.random = real.random;
			Object.assign(globalThis, {
				setTimeout: real.setTimeout,
				clearTimeout: real.clearTimeout,
				setInterval: real.setInterval,
				clearInterval: real.clearInterval,
			});
		};
	}

	uninstall(): void {
		this.restore();
	}

	private takeNext(end: number): Task | undefined {
		let next: Task | undefined;
		for (const task of this.tasks) {
			if (task.at > end) continue;
			if (!next || task.at < next.at || (task.at === next.at && task.order < next.order)) {
				next = task;
			}
		}
		if (next) this.tasks = this.tasks.filter((task) => task !== next);
		return next;
	}
}

const realImmediate = setImmediate;

/** Lets everything run that waits for nothing but promises. */
async function turn(): Promise<void> {
	await new Promise<void>((resolve) => realImmediate(resolve));
}

function handle(cancel: () => void) {
	return { cancel, unref: () => undefined, ref: () => undefined };
}

function replacePerformance(value: { now(): number }): void {
	Object.defineProperty(globalThis, 'performance', { value, configurable: true, writable: true });
}

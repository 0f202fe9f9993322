import { AsyncLocalStorage } from 'node:async_hooks';

import type { Holder } from '../../../nodes/shared/process/holder';
import type { VirtualTime } from './virtualTime';

/** Which simulated process runs right now; follows every promise and timer it starts. */
const running = new AsyncLocalStorage<SimulatedProcess>();

const GLOBAL_KEY = Symbol.for('n8n-nodes-exactonline-docuware');

/**
 * One process of the model: a memory of its own behind the package's global key, a name as lease
 * holder, and waits through which it can crash or freeze. What runs in it goes on only after a wait
 * of its own, so that a crash stops it there for good.
 */
export class SimulatedProcess {
	/** What `processState` of the package finds while this process runs. */
	readonly states: Record<string, unknown>;

	alive = true;

	frozenUntil = 0;

	/** Crashes at the end of this many further waits. */
	crashAfter: number | undefined;

	/** Until then its writes to the store fail. */
	storeFailsUntil = 0;

	/** Secrets that only this process's memory holds, by the number their service gave them. */
	readonly unsaved = new Set<number>();

	/** How often the answer to a commit was lost. */
	commitsLost = 0;

	/** The transaction whose COMMIT will be carried out and not answered. */
	private commitToLose: { passing: number; text: string } | undefined;

	/** Counts freezes and store failures: work that has seen one may have lost its lease. */
	disturbances = 0;

	constructor(
		readonly name: string,
		readonly host: string,
		readonly pid: number,
		isSeen: boolean,
		private readonly time: VirtualTime,
		private readonly onCrash: (process: SimulatedProcess) => void,
	) {
		const holder: Holder = {
			uuid: `${name}-${pid}`,
			pid,
			startTime: String(pid),
			// Where the system does not tell, nobody can see whether a process lives.
			bootId: isSeen ? `boot of ${host}` : null,
			pidNamespace: 'the only one',
			host,
		};
		this.states = { holder1: holder, exitHold2: noExitHold() };
	}

	/** Whether it can begin anything now. */
	get isRunning(): boolean {
		return this.alive && this.time.now >= this.frozenUntil;
	}

	/** Runs work as this process. */
	run<T>(work: () => T): T {
		return running.run(this, work);
	}

	/** A wait in this process; never ends once the process has crashed. */
	async wait(ms: number): Promise<void> {
		await new Promise<void>((resolve) => this.timer(ms, resolve));
	}

	/** A timer of this process. @returns how to cancel it */
	timer(ms: number, run: () => void): () => void {
		let cancelled = false;
		const fire = () => {
			if (cancelled || !this.alive) return;
			if (this.time.now < this.frozenUntil) {
				this.time.schedule(this.frozenUntil - this.time.now, fire);
				return;
			}
			if (this.crashAfter !== undefined) {
				this.crashAfter -= 1;
				if (this.crashAfter < 0) {
					this.crash();
					return;
				}
			}
			this.run(run);
		};
		const cancel = this.time.schedule(ms, fire);
		return () => {
			cancelled = true;
			cancel();
		};
	}

	crash(): void {
		if (!this.alive) return;
		this.alive = false;
		this.onCrash(this);
	}

	/** Its writes to the store fail for a while. */
	failStore(ms: number): void {
		this.storeFailsUntil = this.time.now + ms;
		this.disturbances += 1;
	}

	/**
	 * The answer to one of its next commits will be lost.
	 * @param passing so many further ones are answered before
	 * @param text only transactions count that hold a statement with it
	 */
	loseCommit(passing: number, text = ''): void {
		this.commitToLose = { passing, text };
		this.disturbances += 1;
	}

	/** Whether the answer to the commit of right now, of these statements, is lost. */
	takeLostCommit(statements: ReadonlyArray<{ sql: string }>): boolean {
		const meant = this.commitToLose;
		if (!meant || !statements.some(({ sql }) => sql.includes(meant.text))) return false;
		meant.passing -= 1;
		if (meant.passing >= 0) return false;
		this.commitToLose = undefined;
		this.commitsLost += 1;
		return true;
	}

	/** Nothing more befalls it. */
	leaveAlone(): void {
		this.crashAfter = undefined;
		this.storeFailsUntil = 0;
		this.commitToLose = undefined;
	}

	freeze(ms: number): void {
		this.frozenUntil = Math.max(this.frozenUntil, this.time.now + ms);
		this.disturbances += 1;
	}
}

/** The process that runs right now. @throws where none does */
export function runningProcess(): SimulatedProcess {
	const present = running.getStore();
	if (!present) throw new Error('Nothing of the package may run outside of a simulated process');
	return present;
}

/** While installed, the package's state per process is that of the running simulated process. */
export function installProcessStates(): () => void {
	Object.defineProperty(globalThis, GLOBAL_KEY, {
		configurable: true,
		get: () => runningProcess().states,
	});
	return () => {
		delete (globalThis as Record<symbol, unknown>)[GLOBAL_KEY];
	};
}

/** The model has no orderly exit; the hold on the real `process.exit` stays away. */
function noExitHold() {
	const { exit } = process;
	return {
		running: new Set(),
		lastSteps: new Map(),
		listens: true,
		stage: 'none',
		get ours() {
			return exit;
		},
		set ours(_value: unknown) {},
	};
}

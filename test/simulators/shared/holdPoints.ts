import { meets, type ObservedRequest, type RequestCondition } from './observedRequest';

/** What becomes of a held request: it goes on, or its connection is cut. */
export type HoldVerdict = 'release' | 'drop';

/** A request that waits at a hold point. */
export interface HeldRequest {
	readonly id: string;
	readonly request: ObservedRequest;
	/** Lets it go on. A second verdict has no effect. */
	release(): void;
	/** Cuts its connection: before processing nothing happens, after it the answer is lost. */
	drop(): void;
}

/** A trap set at a hold point. */
export interface Hold {
	readonly id: string;
	readonly point: string;
	/** Requests that wait here now. */
	readonly held: readonly HeldRequest[];
	/**
	 * Resolves with the oldest request held here that no earlier call has been given, or with the
	 * next one caught. Rejects with the signal's reason if that comes first.
	 */
	waiting(signal?: AbortSignal): Promise<HeldRequest>;
	/** Removes the trap and lets every request held by it go on. */
	release(): void;
	/** Removes the trap and cuts the connection of every request held by it. */
	drop(): void;
}

interface HoldOptions {
	where?: RequestCondition;
	/** How many requests it catches, default 1. */
	times?: number;
}

/**
 * Points at which a simulator can pause a request until a test says how to go on; for kill and
 * race tests that need no timing.
 */
export class HoldPoints {
	private readonly holds = new Map<string, TrackedHold>();
	private nextId = 1;

	/** Sets a trap at a point of the simulator. */
	hold(point: string, options: HoldOptions = {}): Hold {
		const hold = new TrackedHold(`hold${this.nextId++}`, point, options);
		this.holds.set(hold.id, hold);
		return hold;
	}

	/** A trap by its id, for the control interface. */
	find(id: string): Hold | undefined {
		return this.holds.get(id);
	}

	/** Called by the simulator: waits here if a trap catches this request. */
	async pass(point: string, request: ObservedRequest): Promise<HoldVerdict> {
		for (const hold of this.holds.values()) {
			if (hold.point === point && hold.catches(request)) return await hold.keep(request);
		}
		return 'release';
	}

	/** Removes all traps; every held request gets the verdict. */
	clear(verdict: HoldVerdict): void {
		for (const hold of this.holds.values()) hold[verdict]();
		this.holds.clear();
	}
}

class TrackedHold implements Hold {
	readonly held: HeldRequest[] = [];
	private readonly unseen: HeldRequest[] = [];
	private readonly waiters: Array<(request: HeldRequest) => void> = [];
	private left: number;
	private count = 0;

	constructor(
		readonly id: string,
		readonly point: string,
		private readonly options: HoldOptions,
	) {
		this.left = options.times ?? 1;
	}

	catches(request: ObservedRequest): boolean {
		return this.left > 0 && meets(request, this.options.where);
	}

	keep(request: ObservedRequest): Promise<HoldVerdict> {
		this.left -= 1;
		return new Promise((resolve) => {
			const settle = (verdict: HoldVerdict) => (): void => {
				if (!remove(this.held, held)) return;
				remove(this.unseen, held);
				resolve(verdict);
			};
			const held: HeldRequest = {
				id: `${this.id}.${++this.count}`,
				request,
				release: settle('release'),
				drop: settle('drop'),
			};
			this.held.push(held);
			const waiter = this.waiters.shift();
			if (waiter) waiter(held);
			else this.unseen.push(held);
		});
	}

	waiting(signal?: AbortSignal): Promise<HeldRequest> {
		const caught = this.unseen.shift();
		if (caught) return Promise.resolve(caught);
		return new Promise((resolve, reject) => {
			this.waiters.push(resolve);
			signal?.addEventListener('abort', () => {
				remove(this.waiters, resolve);
				reject(signal.reason as Error);
			});
		});
	}

	release(): void {
		this.left = 0;
		for (const held of [...this.held]) held.release();
	}

	drop(): void {
		this.left = 0;
		for (const held of [...this.held]) held.drop();
	}
}

function remove<T>(list: T[], item: T): boolean {
	const index = list.indexOf(item);
	if (index >= 0) list.splice(index, 1);
	return index >= 0;
}

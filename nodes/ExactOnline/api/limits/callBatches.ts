import { randomUUID } from 'node:crypto';
import { isConnectorError, passOn } from '../../../shared/errors';
import { released } from '../../../shared/process/singleFlight';
import { isLeaseTimeout } from '../../../shared/vault/vaultErrors';
import type { AskedFor } from '../../wire/answerError';
import { cancelled, dayLimit, turnTimeout } from '../clientErrors';
import { waitForReset } from './callWindows';
import type { CallWindows } from './clientState';
import {
	beforeDeadline,
	pauseForLimit,
	pauseForLook,
	type Clock,
	type TurnDeadline,
} from './clock';
import { readLimitHeaders } from './limitHeaders';
import { isSure, remaining, returned, used, whose } from './heldBatch';
import { remember, type CallBatch, type LimitMemory } from './limitMemory';
import type { LimitStore } from './limitStore';
import { OwnPlaces } from './ownPlaces';
import {
	BATCH_MS,
	takeBatch,
	withRefusal,
	withReturned,
	type BatchRequest,
	type ReturnedBatch,
	type Taking,
} from './sharedCalls';
import type { SeenLimits } from './seenLimits';
import { onStoreClock, shifted } from './storeClock';

/** A batch that is not in use for so long is given back, in milliseconds. */
const IDLE_MS = 200;

/** Full minutes that one request sits out in its turn before it leaves the judgement to Exact. */
const MAX_MINUTES = 3;

/** A call that needs one of the division's. */
export interface BatchedCall extends AskedFor {
	/** Processes that may have a request to the division under way at the same time. */
	parallel: number;
	/** Id of the place that the request has had since it came, where one after another is asked for. */
	place?: string;
	signal?: AbortSignal;
}

/**
 * The calls of divisions as one process takes them out of the store: in small batches, so that most requests cost no
 * look into the store, and what is not used goes back. Requests to a division come here one at a time.
 */
export class CallBatches {
	private readonly places: OwnPlaces;

	constructor(
		private readonly store: LimitStore,
		private readonly clock: Clock,
		private readonly memory: LimitMemory,
	) {
		this.places = new OwnPlaces(store, clock, memory);
	}

	/** A request has come that is to be sent in its turn among those of all processes. @returns its place, until `left` */
	arrived(key: string): string {
		return this.places.arrived(key);
	}

	/** The request of a place has ended, whatever came of it. */
	left(key: string, place: string): void {
		const batch = this.memory.batches.get(key);
		const own = batch?.id === place ? batch : undefined;
		this.drop(key, own);
		this.places.left(key, own ? returned(own) : { id: place, unused: Infinity });
	}

	/**
	 * A call of the batch that the process holds.
	 * @returns as `next`; undefined where another batch has to be taken
	 */
	ofHeld(key: string, call: BatchedCall): number | undefined {
		const held = this.memory.batches.get(key);
		const isGood =
			held !== undefined &&
			held.calls > 0 &&
			(call.place === undefined || call.place === held.id) &&
			this.clock.now() < held.until &&
			isSure(held) &&
			held.parallel <= call.parallel;
		return isGood ? used(held) : undefined;
	}

	/**
	 * Waits for a call of another batch.
	 * @returns when the batch that it is of was taken, on the client's clock
	 * @throws ConnectorError EXACT_RATE_LIMIT_DAY, EXACT_CANCELLED, what ends a wait by the clock, or what the store throws
	 */
	async next(key: string, call: BatchedCall): Promise<number> {
		return used(await this.take(key, call, this.memory.batches.get(key)));
	}

	/** Whether the batch that a request goes out with is still sure to be the only one, where it has to be. */
	mayLeave(key: string): boolean {
		const batch = this.memory.batches.get(key);
		return batch === undefined || isSure(batch);
	}

	/** The call that `next` gave was not made. */
	notMade(key: string): void {
		const batch = this.memory.batches.get(key);
		if (!batch) return;
		batch.calls += 1;
		this.ended(key, batch);
	}

	/** The request has ended without an answer. */
	unanswered(key: string): void {
		const batch = this.memory.batches.get(key);
		if (batch) this.ended(key, batch);
	}

	/**
	 * Takes in what an answer says. Others are told with the next batch, of a limit that is used up at once.
	 * @returns what the store is to be told now; undefined where there is nothing
	 */
	answered(
		key: string,
		headers: Record<string, string>,
		isGood: boolean,
	): Promise<void> | undefined {
		const batch = this.memory.batches.get(key);
		const { minute, day } = readLimitHeaders(headers, this.clock.now());
		const isSilent = isGood && minute === undefined;
		const told = { ...(minute && { minute }), ...(day && { day }) };
		if (minute || day) remember(this.memory.left, key, { ...this.memory.left.get(key), ...told });
		const seen: SeenLimits = { ...batch?.seen, ...told, ...(isSilent && { isSilent }) };
		if (batch) {
			batch.seen = seen;
			const calls = isSilent && !day ? Infinity : batch.calls;
			batch.calls = Math.min(calls, remaining(minute), remaining(day));
			if (minute) batch.until = Math.min(batch.until, minute.resetAt);
			this.ended(key, batch);
		}
		if (remaining(minute) > 0 && remaining(day) > 0) return undefined;
		const back = { id: batch?.id ?? '', unused: 0, seen };
		return this.bringBack(key, batch, batch?.isOrdered ? { ...back, isKept: true } : back);
	}

	/** Takes in a 429, after which nobody has calls left. @throws what the store throws */
	async refused(key: string, windows: CallWindows): Promise<void> {
		const batch = this.memory.batches.get(key);
		this.drop(key, batch);
		await this.store.calls(key, (state, now) => ({
			state: withRefusal(state, now, whose(batch), shifted(windows, now - this.clock.now())),
			result: undefined,
		}));
	}

	private async take(
		key: string,
		call: BatchedCall,
		held: CallBatch | undefined,
	): Promise<CallBatch> {
		const id = call.place ?? held?.id ?? randomUUID();
		this.drop(key, held);
		const back = held && returned(held);
		if (back && call.place === held.id) back.isKept = true;
		try {
			if (call.place !== undefined) await released(this.places.stated(key), call.signal);
			return await this.untilGranted(key, id, call, back);
		} catch (error) {
			// Nobody is to wait for a place in the queue that is not wanted any more. A request that came with one leaves it itself.
			if (call.place === undefined) void this.bringBack(key, undefined, { id, unused: Infinity });
			passOn(error);
		}
	}

	private async untilGranted(
		key: string,
		id: string,
		call: BatchedCall,
		held: ReturnedBatch | undefined,
	): Promise<CallBatch> {
		const { parallel, signal } = call;
		const isOrdered = call.place !== undefined;
		const { owner } = this.places;
		let back = held;
		let satOut: number | undefined;
		const deadline = this.clock.turnDeadline?.();
		for (let minutes = 0; minutes < MAX_MINUTES;) {
			const asked = { id, parallel, owner, isOrdered, ...(satOut !== undefined && { satOut }) };
			const { taking, ahead } = await this.ask(key, asked, back, signal);
			back = undefined;
			if (taking.kind === 'granted')
				return await this.begin(key, id, call, taking, ahead, deadline);
			if (taking.kind === 'day') throw dayLimit(call, taking.resetAt);
			if (taking.kind === 'look') {
				await pauseForLook(this.clock, taking.ms, deadline, signal);
				continue;
			}
			const ms = waitForReset(taking.resetAt, this.clock.now() + ahead);
			await pauseForLimit(this.clock, ms, signal);
			satOut = taking.resetAt;
			if (!taking.isBehind) minutes += 1;
		}
		void this.bringBack(key, undefined, { id, unused: 0 });
		const ungranted = { kind: 'granted', calls: 1, until: Infinity } as const;
		return await this.begin(key, id, call, ungranted, 0, deadline);
	}

	private async ask(
		key: string,
		asked: BatchRequest,
		back: ReturnedBatch | undefined,
		signal: AbortSignal | undefined,
	): Promise<{ taking: Taking; ahead: number }> {
		const asking = this.store.calls(key, (state, now) => {
			const ahead = now - this.clock.now();
			const before = back ? withReturned(state, now, onStoreClock(back, ahead)) : state;
			const { state: after = before, result: taking } = takeBatch(before, now, asked);
			return { state: after, result: { taking, ahead } };
		});
		return await released(asking, signal).catch((failure: unknown) => {
			// The step may be kept all the same.
			const unwanted = { id: asked.id, unused: Infinity };
			if (signal?.aborted)
				void asking.then(async () => await this.bringBack(key, undefined, unwanted), noted);
			throw signal?.aborted && !isConnectorError(failure) ? cancelled() : failure;
		});
	}

	private async begin(
		key: string,
		id: string,
		call: BatchedCall,
		{ calls, until }: Extract<Taking, { kind: 'granted' }>,
		ahead: number,
		deadline: TurnDeadline | undefined,
	): Promise<CallBatch> {
		const { parallel, place, signal } = call;
		const takenAt = this.clock.now();
		const ends = Math.min(until - ahead, takenAt + BATCH_MS);
		const isOrdered = place !== undefined;
		const batch: CallBatch = {
			...{ id, takenAt, until: ends, calls, parallel, isOrdered },
			isInUse: true,
		};
		this.memory.batches.set(key, batch);
		if (parallel > 1) return batch;
		try {
			const lease = async (until?: AbortSignal) => await this.store.alone(key, until);
			const alone = await beforeDeadline(this.clock, deadline, signal, lease);
			if (alone) batch.alone = alone;
			return batch;
		} catch (error) {
			this.drop(key, batch);
			throw isLeaseTimeout(error) ? turnTimeout(call, error) : error;
		}
	}

	/** A request has ended: what is left waits a moment for the next one. */
	private ended(key: string, batch: CallBatch): void {
		batch.isInUse = false;
		// It goes back as soon as its request has ended with all its repetitions.
		if (batch.isOrdered) return;
		if (batch.idle) {
			batch.idle.refresh();
			return;
		}
		batch.idle = setTimeout(() => {
			if (batch.isInUse || this.memory.batches.get(key) !== batch) return;
			void this.bringBack(key, batch, returned(batch));
		}, IDLE_MS).unref();
	}

	/** Never throws: a batch that cannot be given back ends with the minute. */
	private async bringBack(
		key: string,
		batch: CallBatch | undefined,
		back: ReturnedBatch,
	): Promise<void> {
		this.drop(key, batch);
		await this.store
			.calls(key, (state, now) => ({
				state: withReturned(state, now, onStoreClock(back, now - this.clock.now())),
				result: undefined,
			}))
			.catch(() => undefined);
	}

	private drop(key: string, batch: CallBatch | undefined): void {
		if (!batch) return;
		clearTimeout(batch.idle);
		if (this.memory.batches.get(key) === batch) this.memory.batches.delete(key);
		batch.alone?.release();
	}
}

/** A failure that whoever asked was told of. */
function noted(): void {}

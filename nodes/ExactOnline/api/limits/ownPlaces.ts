import { randomUUID } from 'node:crypto';
import type { SharedCalls } from './clientState';
import type { Clock } from './clock';
import { remember, type LimitMemory, type ProcessPlaces } from './limitMemory';
import type { LimitStore } from './limitStore';
import { withPlaces } from './places';
import { withReturned, type ReturnedBatch } from './sharedCalls';
import { onStoreClock } from './storeClock';

/** So often the places of this process are stated again, in milliseconds. */
const STATED_MS = 1_000;

/**
 * The places of this process's requests in the queues of divisions where one request at a time is asked for: each from
 * its arrival, so that all processes together send the requests to a division in the order in which they came.
 */
export class OwnPlaces {
	constructor(
		private readonly store: LimitStore,
		private readonly clock: Pick<Clock, 'now'>,
		private readonly memory: LimitMemory,
	) {}

	/** Names this process among those that share the store. */
	get owner(): string {
		return (this.memory.owner ??= randomUUID());
	}

	/** A request has come, behind all others of this process. @returns the id of its place */
	arrived(key: string): string {
		const places = this.of(key);
		const id = randomUUID();
		places.ids.push(id);
		places.news.push(id);
		void this.state(key, places);
		places.timer ??= setInterval(() => {
			if (this.hasTurn(key)) void this.state(key, places);
		}, STATED_MS).unref();
		return id;
	}

	/** The request has ended, whatever came of it; what it held goes back. */
	left(key: string, back: ReturnedBatch): void {
		const places = this.of(key);
		places.ids = places.ids.filter((id) => id !== back.id);
		places.back.push(back);
		void this.state(key, places);
		if (places.ids.length > 0) return;
		clearInterval(places.timer);
		delete places.timer;
	}

	/** Ends when the store knows the places as they are now, or could not be told. Never fails. */
	async stated(key: string): Promise<void> {
		await this.memory.places?.get(key)?.stating;
	}

	private of(key: string): ProcessPlaces {
		const all = (this.memory.places ??= new Map());
		const places = all.get(key) ?? { ids: [], news: [], back: [] };
		remember(all, key, places);
		return places;
	}

	/** One step at a time; whatever comes meanwhile goes out together with the next one. */
	private async state(key: string, places: ProcessPlaces): Promise<void> {
		if (places.isNews) return;
		places.isNews = true;
		const before = places.stating;
		places.stating = (async () => {
			await before;
			places.isNews = false;
			await this.tell(key, places, places.back.splice(0), places.news.splice(0));
		})();
		await places.stating;
	}

	/** Never fails: whatever is not told lapses, and who waits takes a place when its turn here has come. */
	private async tell(
		key: string,
		places: ProcessPlaces,
		back: readonly ReturnedBatch[],
		news: readonly string[],
	): Promise<void> {
		await this.store
			.calls(key, (state, now) => {
				const { ids } = places;
				const stated = this.hasTurn(key) ? ids : news.filter((id) => ids.includes(id));
				const left = this.without(back, state, now);
				return { state: withPlaces(left, now, this.owner, ids, stated), result: undefined };
			})
			.catch(() => undefined);
	}

	/**
	 * Whether a request of this copy of the package has the turn in this process. Where one of an earlier copy has it, nobody is
	 * to wait for our places: those that come are noted once, and lapse.
	 */
	private hasTurn(key: string): boolean {
		return this.memory.atWork?.has(key) === true;
	}

	private without(back: readonly ReturnedBatch[], state: SharedCalls, now: number): SharedCalls {
		const ahead = now - this.clock.now();
		return back.reduce((left, one) => withReturned(left, now, onStoreClock(one, ahead)), state);
	}
}

import { passOn } from '../errors';
import { processState } from './processState';

/**
 * How long a caller waits for news who has something good at hand, in milliseconds. A token may be
 * waited for twice, for the word on its authorization and for its renewal: a second together.
 */
const INLINE_LIMIT_MS = 500;

/** What a caller has at hand. */
export interface AtHand<T> {
	/** What is good at the moment of the call. */
	present(): T | undefined;
	/** Whether it may be given instead of this failure. */
	excuses(error: unknown): boolean;
}

/**
 * What `work` brings within half a second; after that, or instead of an excused failure, what is at
 * hand. The work goes on in the background, and until it ends nobody waits for it again.
 *
 * @param key names the work.
 * @throws what `work` throws, if nothing is at hand or the failure is not excused.
 */
export async function presentMeanwhile<T>(
	key: string,
	work: Promise<T>,
	{ present, excuses }: AtHand<T>,
): Promise<T> {
	const slow = processState<Set<string>>('slowWork1', () => new Set());
	const ended = work.then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
	const early = slow.has(key) ? undefined : await within(ended, INLINE_LIMIT_MS);
	if (early !== undefined && 'value' in early) return early.value;
	if (early !== undefined && !excuses(early.error)) passOn(early.error);
	const atHand = present();
	if (atHand === undefined) return await work;
	if (early === undefined) {
		slow.add(key);
		void ended.then(() => slow.delete(key));
	}
	return atHand;
}

/** How often it is looked again whether it is worth waiting on, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;

/**
 * What `work` brings within a limit, in milliseconds; the work goes on all the same.
 * @param waitsOn whether the end of the limit is put off for another second.
 * @throws what `work` throws, or `late` where the limit is over.
 */
export async function withinLimit<T>(
	work: Promise<T>,
	limitMs: number,
	late: () => Error,
	waitsOn: () => boolean = () => false,
): Promise<T> {
	const value = work.then((brought) => ({ brought }));
	let ended = await within(value, limitMs);
	while (ended === undefined && waitsOn()) ended = await within(value, LOOK_AGAIN_MS);
	if (ended === undefined) throw late();
	return ended.brought;
}

/** What `work` brings within a limit, in milliseconds, else undefined; the work goes on all the same. */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T | undefined> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<undefined>((resolve) => {
		// What is waited for keeps the process alive, not the limit.
		timer = setTimeout(() => resolve(undefined), limitMs).unref();
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}

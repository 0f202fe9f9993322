import { runPoll, type PollRun } from '../../../../../nodes/shared/node/pollFrame';
import type { BeginningWish } from '../../../../../nodes/shared/node/polls/beginning';
import { contextOf, failure, polled, well, work, type Settings } from './numberPolls';

export interface ClockWish extends BeginningWish {
	/** Code of the error with which a poll ends that has read. */
	failing?: string;
	/** What is read gives nothing. */
	findsNothing?: boolean;
	/** Before the poll ends. */
	meanwhile?: () => Promise<unknown>;
}

/** Parts of which each gives, once, where it begins, of those whose turn it is; undefined where nobody can say what there is. */
export const clock = (
	parts: readonly string[] | undefined,
	turns: number,
	wish: Partial<ClockWish> = {},
) =>
	work(
		async ({ beginning }: PollRun) => {
			if (parts === undefined) throw failure('PASSING', 'Later.', true);
			await beginning.expect(parts.map((part) => ['part', part]));
			for (const part of parts.slice(0, turns)) {
				const place = await beginning.open(['part', part], (since) => since);
				const { cursor } = place;
				if (typeof cursor !== 'number' || wish.findsNothing) continue;
				place.take([{ mark: part, json: { id: `${part} ${cursor}` } }], 'read', true);
			}
			await wish.meanwhile?.();
			if (wish.failing) throw failure(wish.failing);
		},
		well,
		() => ({ settings: 'all', start: '', first: (at: number) => at, ...wish }),
	);

export const publishing = (settings: Settings = {}) =>
	contextOf({ activation: 'activate', budgetMs: 300_000, log: [], ...settings });

/** A publishing at which the service does not answer. */
export async function publishUnanswered(wish: Partial<ClockWish> = {}): Promise<void> {
	await expect(runPoll(publishing(), clock(undefined, 0, wish))).resolves.toBeNull();
}

/** A publishing that is refused after some turns. */
export async function publishRefused(
	parts: readonly string[],
	turns: number,
	wish: Partial<ClockWish> = {},
): Promise<void> {
	const refused = clock(parts, turns, { failing: 'WRONG', findsNothing: true, ...wish });
	await expect(runPoll(publishing(), refused)).rejects.toThrow('[WRONG]');
}

export { contextOf, failure, polled };

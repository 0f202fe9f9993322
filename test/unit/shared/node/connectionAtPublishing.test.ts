import { runPoll } from '../../../../nodes/shared/node/pollFrame';
import { contextOf, failure, ids, polled, useEmptyVault, well, work } from './support/numberPolls';

useEmptyVault();

const ENDING = { state: 'endsSoon', json: { id: 'ends soon' } } as const;

const failing = (code: string, retryable = false, state: Parameters<typeof work>[1] = ENDING) =>
	work(async () => await Promise.reject(failure(code, 'It is wrong.', retryable)), state);

const publishing = (log: unknown[][] = []) =>
	contextOf({ isTold: true, activation: 'activate', log });

const polling = () => contextOf({ isTold: true, budgetMs: 30_000 });

it('a wrong setting forbids publishing, although the connection has news, and these come later', async () => {
	await expect(runPoll(publishing(), failing('WRONG'))).rejects.toThrow('[WRONG]');
	const fine = work(async () => await Promise.resolve(), ENDING);
	expect(await polled(publishing(), fine)).toEqual([[], ['ends soon']]);
});

it('a passing fault does not, is logged, and leaves the news to the next poll', async () => {
	const log: unknown[][] = [];
	expect(await runPoll(publishing(log), failing('PASSING', true))).toBeNull();
	expect(log).toEqual([[expect.stringContaining('[PASSING]'), expect.anything()]]);
	expect(await polled(polling(), failing('PASSING', true))).toEqual([[], ['ends soon']]);
	await expect(runPoll(polling(), failing('PASSING', true))).rejects.toThrow('[PASSING]');
});

it('a broken connection that an item tells of does not either', async () => {
	const outputs = await polled(publishing(), failing('BROKEN', false, well));
	expect(outputs).toHaveLength(2);
	expect(outputs[1]).toHaveLength(1);
});

it('a start ends no other one with a poll that tells of the connection and fails', async () => {
	const numbers = (start: string, poll = true) =>
		work(
			async (run) => {
				if (!poll) throw failure('WRONG');
				const { beginning } = run;
				await beginning.expect([['numbers']]);
				const place = await beginning.open(['numbers'], () => 0);
				const from = Number(place.cursor);
				place.take([{ mark: `${from}`, json: { id: from } }], from + 1, true);
			},
			poll ? well : ENDING,
			() => ({ settings: '', start, first: () => null }),
		);
	const published = contextOf({ isTold: true, activation: 'activate' });
	expect(await polled(published, numbers('one'))).toEqual([[0]]);
	expect(await polled(polling(), numbers('one'))).toEqual([[1]]);
	// n8n refuses it after the poll.
	expect(await polled(publishing(), numbers('two'))).toEqual([[0]]);
	expect(ids(await runPoll(polling(), numbers('two', false)))).toEqual([[], ['ends soon']]);
	expect(await polled(polling(), numbers('one'))).toEqual([[2]]);
});

import { ConnectorError } from '../../../../nodes/shared/errors';
import { runPoll, type PollRun, type PollWork } from '../../../../nodes/shared/node/pollFrame';
import { pollContext } from '../../../support/n8nContext';

interface Settings {
	nodeId?: string;
	mode?: string;
	/** Missing as in n8n before 2.40. */
	budgetMs?: number;
}

function contextOf({ nodeId = 'node-1', mode = 'trigger', budgetMs }: Settings = {}) {
	const description = { displayName: 'Trigger', name: 'trigger', properties: [] };
	return pollContext({ description, nodeId, mode }, budgetMs);
}

const outOfTime = (budgetMs: number) =>
	new ConnectorError('SLOW', `The poll took over ${budgetMs} ms.`, { repair: 'Poll less.' });

const work = (poll: PollWork['poll']): PollWork => ({ poll, outOfTime });

/** A poll that returns when it is told to. */
function heldPoll() {
	let end = () => {};
	const ended = new Promise<void>((resolve) => (end = resolve));
	const poll = jest.fn(async () => {
		await ended;
		return [{ json: { id: 1 } }];
	});
	return { poll, end };
}

it('gives what a poll finds, and null where that is nothing', async () => {
	const binary = { data: { data: '', mimeType: 'text/plain' } };
	await expect(
		runPoll(
			contextOf(),
			work(async () => [{ json: { id: 1 } }, { json: {}, binary }]),
		),
	).resolves.toEqual([[{ json: { id: 1 } }, { json: {}, binary }]]);
	await expect(
		runPoll(
			contextOf(),
			work(async () => []),
		),
	).resolves.toBeNull();
});

it("gives an error as n8n's own, releases what was taken, and polls again after it", async () => {
	const release = jest.fn(async () => undefined);
	const failing = work(async (run) => {
		run.releaseLater({ release });
		throw new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' });
	});
	for (const times of [1, 2]) {
		await expect(runPoll(contextOf(), failing)).rejects.toMatchObject({
			message: 'Broken. [BROKEN]',
			description: 'Mend it.',
			node: { name: 'Trigger' },
		});
		expect(release).toHaveBeenCalledTimes(times);
	}
});

it('does not poll twice at once for one node, and then goes on', async () => {
	const held = heldPoll();
	const first = runPoll(contextOf(), work(held.poll));
	const second = jest.fn(async () => [{ json: { id: 2 } }]);
	await expect(runPoll(contextOf(), work(second))).resolves.toBeNull();
	expect(second).not.toHaveBeenCalled();
	await expect(runPoll(contextOf({ nodeId: 'node-2' }), work(second))).resolves.toHaveLength(1);
	await expect(runPoll(contextOf({ mode: 'manual' }), work(second))).resolves.toHaveLength(1);
	held.end();
	await expect(first).resolves.toEqual([[{ json: { id: 1 } }]]);
	await expect(runPoll(contextOf(), work(second))).resolves.toEqual([[{ json: { id: 2 } }]]);
});

it("ends within n8n's budget, or 30 seconds where n8n names none", async () => {
	const left = async (settings: Settings) => {
		let run: PollRun | undefined;
		const startedAt = performance.now();
		await runPoll(
			contextOf(settings),
			work(async (given) => {
				run = given;
				return [];
			}),
		);
		return (run?.endsAt ?? 0) - startedAt;
	};
	const within = [await left({ budgetMs: 60_000 }), await left({})];
	expect(within[0]).toBeGreaterThan(44_000);
	expect(within[0]).toBeLessThan(60_000);
	expect(within[1]).toBeGreaterThan(22_000);
	expect(within[1]).toBeLessThan(30_000);
});

it('cancels a poll that goes on beyond the budget, and says so', async () => {
	const endless = work(
		async ({ signal }) =>
			await new Promise((_resolve, reject) => {
				signal?.addEventListener('abort', () => reject(new Error('aborted')));
			}),
	);
	await expect(runPoll(contextOf({ budgetMs: 20 }), endless)).rejects.toThrow(
		'The poll took over 20 ms. [SLOW]',
	);
});

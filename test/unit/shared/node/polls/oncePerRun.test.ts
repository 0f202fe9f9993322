import { oncePerRun } from '../../../../../nodes/shared/node/polls/oncePerRun';

it('opens once for all that a poll asks, and anew for the next poll', async () => {
	const open = jest.fn(async ({ poll }: { poll: number }) => await Promise.resolve({ poll }));
	const opened = oncePerRun(open);
	const [first, second] = [{ poll: 1 }, { poll: 2 }];
	const both = await Promise.all([opened(first), opened(first)]);
	expect(both[0]).toBe(both[1]);
	expect(await opened(first)).toBe(both[0]);
	expect(await opened(second)).toEqual({ poll: 2 });
	expect(open).toHaveBeenCalledTimes(2);
});

it('what cannot be opened is not tried a second time in the same poll', async () => {
	const open = jest.fn(async () => await Promise.reject(new Error('It is closed.')));
	const opened = oncePerRun(open);
	const run = {};
	await expect(opened(run)).rejects.toThrow('It is closed.');
	await expect(opened(run)).rejects.toThrow('It is closed.');
	expect(open).toHaveBeenCalledTimes(1);
});

import { awayFromMidnight } from '../../support/awayFromMidnight';

afterEach(() => {
	jest.useRealTimers();
});

const at = (time: string) => jest.useFakeTimers({ now: Date.parse(time) });

it('waits for the next day where less than a test needs is left of this one', async () => {
	at('2026-11-27T23:59:45Z');
	const waited = awayFromMidnight();
	await jest.advanceTimersByTimeAsync(15_200);
	await waited;
	expect(new Date().toISOString().slice(0, 10)).toBe('2026-11-28');
});

it('waits for nothing else', async () => {
	at('2026-11-27T23:59:25Z');
	await awayFromMidnight();
	at('2026-11-27T00:00:00Z');
	await awayFromMidnight(60_000);
});

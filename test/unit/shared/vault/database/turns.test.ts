import { Turns } from '../../../../../nodes/shared/vault/database/turns';

beforeEach(() => {
	jest.useFakeTimers();
});

afterEach(() => {
	jest.useRealTimers();
});

/** Asks for a turn, and notes when it begins. */
function ask(turns: Turns, begun: string[], name: string, urgent = false) {
	return turns.take(urgent).then((turn) => {
		begun.push(name);
		return turn;
	});
}

describe('turns at a connection', () => {
	it('go to so many at a time, then in the order in which they were asked for, urgent ones first', async () => {
		const turns = new Turns(2, 1_000);
		const begun: string[] = [];
		const first = await ask(turns, begun, 'first');
		const second = await ask(turns, begun, 'second');
		const waiting = [
			ask(turns, begun, 'third'),
			ask(turns, begun, 'fourth'),
			ask(turns, begun, 'urgent', true),
		];
		first.end(true);
		first.end(true);
		await waiting[2];
		expect(begun).toEqual(['first', 'second', 'urgent']);
		second.end(true);
		await waiting[0];
		expect(begun).toEqual(['first', 'second', 'urgent', 'third']);
		(await waiting[0]!).end(true);
		await waiting[1];
		expect(begun.at(-1)).toBe('fourth');
	});

	it('are waited for as long as those before are answered', async () => {
		const turns = new Turns(1, 1_000);
		let turn = await turns.take(false);
		const last = { begun: false };
		const queue = Array.from({ length: 5 }, () => turns.take(false));
		void turns.take(false).then(() => (last.begun = true));
		for (const next of queue) {
			await jest.advanceTimersByTimeAsync(900);
			turn.end(true);
			turn = await next;
		}
		expect(last.begun).toBe(false);
		await jest.advanceTimersByTimeAsync(900);
		turn.end(true);
		await jest.advanceTimersByTimeAsync(0);
		expect(last.begun).toBe(true);
	});

	it('are given up where nobody before is answered, and pass over those who have given up', async () => {
		const turns = new Turns(1, 1_000);
		const turn = await turns.take(false);
		const early = expect(turns.take(false)).rejects.toThrow('timeout exceeded');
		await jest.advanceTimersByTimeAsync(600);
		const begun: string[] = [];
		const late = ask(turns, begun, 'late');
		await jest.advanceTimersByTimeAsync(500);
		await early;
		turn.end(false);
		await late;
		expect(begun).toEqual(['late']);
	});

	it('hand over what the next one goes on with, but not where nobody waits', async () => {
		const turns = new Turns<string>(1, 1_000);
		const first = await turns.take(false);
		expect(first.handed).toBeUndefined();
		expect(first.handOver('open')).toBe(false);
		const waiting = turns.take(false);
		expect(first.handOver('open')).toBe(true);
		first.end(true);
		const second = await waiting;
		expect(second.handed).toBe('open');
		const third = turns.take(false);
		second.end(true);
		expect((await third).handed).toBeUndefined();
	});
});

import { Turns } from '../../../../../nodes/shared/vault/database/turns';

beforeEach(() => {
	jest.useFakeTimers();
});

afterEach(() => {
	jest.useRealTimers();
});

/** Asks for a turn, and notes when it begins. */
function ask(turns: Turns, begun: string[], name: string, urgent = false) {
	return turns.take(urgent).then((end) => {
		begun.push(name);
		return end;
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
		first(true);
		first(true);
		await waiting[2];
		expect(begun).toEqual(['first', 'second', 'urgent']);
		second(true);
		await waiting[0];
		expect(begun).toEqual(['first', 'second', 'urgent', 'third']);
		(await waiting[0]!)(true);
		await waiting[1];
		expect(begun.at(-1)).toBe('fourth');
	});

	it('are waited for as long as those before are answered', async () => {
		const turns = new Turns(1, 1_000);
		let end = await turns.take(false);
		const last = { begun: false };
		const queue = Array.from({ length: 5 }, () => turns.take(false));
		void turns.take(false).then(() => (last.begun = true));
		for (const next of queue) {
			await jest.advanceTimersByTimeAsync(900);
			end(true);
			end = await next;
		}
		expect(last.begun).toBe(false);
		await jest.advanceTimersByTimeAsync(900);
		end(true);
		await jest.advanceTimersByTimeAsync(0);
		expect(last.begun).toBe(true);
	});

	it('are given up where nobody before is answered, and pass over those who have given up', async () => {
		const turns = new Turns(1, 1_000);
		const end = await turns.take(false);
		const early = expect(turns.take(false)).rejects.toThrow('timeout exceeded');
		await jest.advanceTimersByTimeAsync(600);
		const begun: string[] = [];
		const late = ask(turns, begun, 'late');
		await jest.advanceTimersByTimeAsync(500);
		await early;
		end(false);
		await late;
		expect(begun).toEqual(['late']);
	});
});

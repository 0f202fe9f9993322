import type {
	SqlRow,
	SqlStep,
	SqlTransaction,
} from '../../../../../nodes/shared/vault/database/transaction';
import {
	answerTo,
	isLast,
	lastly,
	query,
	statementsOf,
	together,
} from '../../../../../nodes/shared/vault/database/transaction';

/** Runs a transaction whose statements are answered with their own words, and notes what went out together. */
function run<T>(transaction: SqlTransaction<T>): { result: T; steps: string[][] } {
	const steps: string[][] = [];
	const answer = (step: SqlStep) => {
		const words = statementsOf(step).map(({ sql }) => sql);
		steps.push(words);
		return answerTo(
			step,
			words.map((sql): SqlRow[] => [{ sql }]),
		);
	};
	let step = transaction.next();
	while (!step.done) step = transaction.next(answer(step.value));
	return { result: step.value, steps };
}

function* several(...words: string[]): SqlTransaction<string> {
	const seen: string[] = [];
	for (const word of words) seen.push(String((yield* query(word))[0]?.sql));
	return seen.join(' ');
}

describe('parts of a transaction that run side by side', () => {
	it('send their first statements together, then their second ones', () => {
		const { result, steps } = run(
			together(several('a', 'b', 'c'), several('1'), several('x', 'y')),
		);
		expect(result).toEqual(['a b c', '1', 'x y']);
		expect(steps).toEqual([['a', '1', 'x'], ['b', 'y'], ['c']]);
	});

	it('may be parts of parts, and may send nothing', () => {
		const inner = together(several('a', 'b'), several());
		const { result, steps } = run(together(inner, several('1', '2', '3')));
		expect(result).toEqual([['a b', ''], '1 2 3']);
		expect(steps).toEqual([['a', '1'], ['b', '2'], ['3']]);
		expect(run(together()).steps).toEqual([]);
	});

	it('end with the first fault of a part', () => {
		function* failing(): SqlTransaction<void> {
			yield* query('first');
			throw new Error('no');
		}
		expect(() => run(together(several('a', 'b'), failing()))).toThrow('no');
	});
});

describe('the last statements of a transaction', () => {
	it('go out together, and are known as the last ones through what runs beside', () => {
		function* ending(): SqlTransaction<string> {
			yield* query('a');
			yield* lastly(query('b'), together(query('c'), query('d')));
			return 'done';
		}
		const running = together(several('1'), ending());
		const first = running.next();
		expect(first.value).toEqual([
			{ sql: '1', params: [] },
			{ sql: 'a', params: [] },
		]);
		const last = running.next([[{ sql: '1' }], []]);
		expect(last.done).toBe(false);
		expect(isLast(last.value as SqlStep)).toBe(true);
		expect(statementsOf(last.value as SqlStep).map(({ sql }) => sql)).toEqual(['b', 'c', 'd']);
		expect(running.next([[], [], []])).toEqual({ done: true, value: ['1', 'done'] });
	});

	it('are no last ones where something beside goes on', () => {
		const running = together(several('1', '2'), lastly(query('a')));
		expect(isLast(running.next().value as SqlStep)).toBe(false);
	});

	it('are parts of one step each', () => {
		expect(() => run(lastly(several('a', 'b')))).toThrow('asks for more');
	});
});

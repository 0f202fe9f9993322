import type {
	SqlRow,
	SqlStep,
	SqlTransaction,
} from '../../../../../nodes/shared/vault/database/transaction';
import {
	answerTo,
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

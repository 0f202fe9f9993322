import { PostgresBegin } from '../../../../../nodes/shared/vault/database/postgresBegin';
import { DEFAULT_POSTGRES_TIMING } from '../../../../../nodes/shared/vault/database/postgresTiming';

const begin = new PostgresBegin({ schema: 'public', tablePrefix: '' }, DEFAULT_POSTGRES_TIMING);

/** The locks of a transaction that writes, in the order in which it takes them. */
function locksOf(lock?: string | string[]): string[] {
	const statements = lock === undefined ? begin.write({}) : begin.write({ lock });
	return statements.map(({ sql }) => sql).filter((sql) => sql.includes('pg_advisory'));
}

describe('the locks of a transaction', () => {
	const [ofA, ofB, ofC] = ['a', 'b', 'c'].map((name) => locksOf(name)[1]);

	// Two that took them in different orders would wait for each other until the server ends one of them.
	it.each([[['a', 'b', 'c']], [['c', 'b', 'a']], [['b', 'c', 'a', 'c']]])(
		'named %j are taken once each, in the order of their names, after that of the whole vault',
		(names) => {
			const [whole, ...records] = locksOf(names);
			expect(whole).toMatch(/_shared\(/);
			expect(records).toEqual([ofA, ofB, ofC]);
			expect(new Set(records).size).toBe(3);
		},
	);

	it('without a name are the one of the whole vault, which those with a name share', () => {
		const [whole, ...more] = locksOf();
		expect(more).toEqual([]);
		expect(locksOf('a')[0]).toBe(whole?.replace('xact_lock(', 'xact_lock_shared('));
	});
});

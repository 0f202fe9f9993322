import {
	knownToken,
	noteSingleMade,
	noteSingleSpent,
	noteSingleUnspent,
} from '../../../nodes/DocuWare/auth/record/singleTokens';
import type { SqlTransaction } from '../../../nodes/shared/vault/database/transaction';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { eachStatement } from '../../support/chain/eachStatement';
import { useDocuWare } from './support/useDocuWare';

/** The same, slow enough for another transaction to come in between. */
function slowly<T>(transaction: SqlTransaction<T>): SqlTransaction<T> {
	return eachStatement(transaction, function* (statement) {
		const rows = yield* query(statement.sql, statement.params);
		yield* query('SELECT pg_sleep(0.1)');
		return rows;
	});
}

describe('what is known of a single-use token, noted under two records at once (PostgreSQL)', () => {
	const bench = useDocuWare('postgres');
	const token = { value: 'a token', usage: 'Multi', expiresAt: null, spent: false } as const;

	it('that it goes out is noted once, and nothing that somebody else notes is lost', async () => {
		expect(bench.store).toBeDefined();
		const vault = await openVault();
		const goesOut = (lock: string) =>
			vault.write(() => slowly(noteSingleSpent(vault, token.value)), { lock });
		expect((await Promise.all([goesOut('a'), goesOut('b')])).sort()).toEqual([false, true]);
		await Promise.all([
			vault.write(() => slowly(noteSingleMade(vault, token.value)), { lock: 'a' }),
			vault.write(() => slowly(noteSingleUnspent(vault, token.value)), { lock: 'b' }),
		]);
		expect(await vault.read(() => knownToken(vault, token))).toMatchObject({
			usage: 'Single',
			spent: false,
		});
	});
});

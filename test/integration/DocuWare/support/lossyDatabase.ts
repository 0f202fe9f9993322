import type {
	SqlDatabase,
	WriteOptions,
} from '../../../../nodes/shared/vault/database/sqlDatabase';
import type { SqlTransaction } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { vaultError } from '../../../../nodes/shared/vault/vaultErrors';
import { watchedStatement } from '../../../support/chain/watchedDatabase';
import { asItIs, eachStatement } from '../../../support/chain/eachStatement';

/** A database that loses the answer to the COMMIT of an attempt row, and may be away from then on. */
export class LossyDatabase implements SqlDatabase {
	/** `answer`: the next attempt row stands, its writer hears an error. `store`: and no write works after it. */
	loses: 'nothing' | 'answer' | 'store' = 'nothing';

	/** Whether the store takes no writes. */
	isAway = false;

	/** Whether the next end of an attempt is not taken; whatever comes after it is. */
	refusesNextEnd = false;

	/** How many answers were lost: a test of a fault first shows that it struck. */
	lost = 0;

	constructor(private readonly database: SqlDatabase) {}

	get engine(): SqlDatabase['engine'] {
		return this.database.engine;
	}

	get location(): string {
		return this.database.location;
	}

	async write<T>(transaction: () => SqlTransaction<T>, options?: WriteOptions): Promise<T> {
		if (this.isAway) throw noAnswer();
		let isAttempt = false;
		const refuseEnd = (sql: string) => this.refuseEnd(sql);
		const result = await this.database.write(
			() =>
				eachStatement(transaction(), function* (statement) {
					refuseEnd(statement.sql);
					isAttempt ||= watchedStatement(statement) === 'attemptRow';
					return yield* asItIs(statement);
				}),
			options,
		);
		if (!isAttempt || this.loses === 'nothing') return result;
		this.isAway = this.loses === 'store';
		this.loses = 'nothing';
		this.lost += 1;
		throw noAnswer();
	}

	private refuseEnd(sql: string): void {
		if (!this.refusesNextEnd || !sql.trimStart().startsWith(`UPDATE ${TABLES.attempt}`)) return;
		this.refusesNextEnd = false;
		this.lost += 1;
		throw noAnswer();
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.database.read(transaction);
	}

	async close(): Promise<void> {
		await this.database.close();
	}
}

function noAnswer(): Error {
	return vaultError('VAULT_UNAVAILABLE', 'The store did not answer.', 'Run again.', {
		retryable: true,
	});
}

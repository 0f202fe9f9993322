import { DatabaseSync } from 'node:sqlite';

import type { SqlDatabase } from '../../../../../../nodes/shared/vault/database/sqlDatabase';
import { SqliteDatabase } from '../../../../../../nodes/shared/vault/database/sqliteDatabase';
import type {
	SqlStatement,
	SqlTransaction,
} from '../../../../../../nodes/shared/vault/database/transaction';
import type { LeaseHolding } from '../../../../../../nodes/shared/vault/leaseHolding';
import type { Attempt } from '../../../../../../nodes/shared/vault/rows/attempts';
import { latestAttempts } from '../../../../../../nodes/shared/vault/rows/attempts';
import { acquireLease, recordLease } from '../../../../../../nodes/shared/vault/rows/leases';
import type { VaultRecord } from '../../../../../../nodes/shared/vault/rows/records';
import {
	insertRecord,
	readRecord,
	updateRecord,
} from '../../../../../../nodes/shared/vault/rows/records';
import { Sealer } from '../../../../../../nodes/shared/vault/sealing';
import { Vault } from '../../../../../../nodes/shared/vault/vault';
import { vaultError } from '../../../../../../nodes/shared/vault/vaultErrors';
import { thisHolder } from '../../../../../../nodes/shared/process/holder';
import { asItIs, eachStatement } from '../../../../../support/chain/eachStatement';

/** A database in memory that loses answers to COMMIT and goes away when a test says so. */
export class FaultyDatabase implements SqlDatabase {
	readonly engine = 'sqlite';

	readonly location = ':memory:';

	/** While true every write fails before it does anything. */
	away = false;

	/** The next write: is done but its answer lost (`committed`), or is lost with it (`rolledBack`). */
	loseNextCommit: 'committed' | 'rolledBack' | undefined;

	/** The next write with a statement that begins so is done, but its answer lost. */
	loseCommitOf: string | undefined;

	/** Where the loss of a commit's answer is the beginning of an outage. */
	goesAwayWithIt = false;

	/** Told after each write that was done, with its statements. */
	onWritten: (statements: readonly string[]) => void = () => {};

	private readonly inner = new SqliteDatabase(new DatabaseSync(':memory:'), ':memory:');

	async write<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		if (this.away) throw storeAway();
		let lost = this.loseNextCommit;
		this.loseNextCommit = undefined;
		if (lost === 'rolledBack') throw this.answerLost();
		const statements: string[] = [];
		const result = await this.inner.write(() =>
			watched(transaction(), ({ sql }) => {
				statements.push(sql);
				if (this.loseCommitOf !== undefined && sql.trimStart().startsWith(this.loseCommitOf)) {
					lost = 'committed';
					this.loseCommitOf = undefined;
				}
			}),
		);
		if (lost === 'committed') throw this.answerLost();
		this.onWritten(statements);
		return result;
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.inner.read(transaction);
	}

	async close(): Promise<void> {
		await this.inner.close();
	}

	private answerLost() {
		this.away = this.goesAwayWithIt;
		return storeAway();
	}
}

function watched<T>(
	running: SqlTransaction<T>,
	look: (statement: SqlStatement) => void,
): SqlTransaction<T> {
	return eachStatement(running, function* (statement) {
		look(statement);
		return yield* asItIs(statement);
	});
}

function storeAway() {
	return vaultError('VAULT_UNAVAILABLE', 'The store does not answer.', 'Wait.', {
		retryable: true,
	});
}

/** A vault with one record, whose `meta.marked` stands for a single-use token that is spent. */
export interface FaultyVault {
	database: FaultyDatabase;
	vault: Vault;
	record: VaultRecord;
	holding: LeaseHolding;
	mark(): SqlTransaction<void>;
	unmark(): SqlTransaction<void>;
	stored(): Promise<{ record: VaultRecord; attempts: Attempt[] }>;
}

function sampleRecord(vault: Vault): VaultRecord {
	return {
		id: 'record-1',
		service: 'test',
		identity: 'test|https://service|user',
		provisional: false,
		generation: 3,
		state: 'active',
		brokenCode: null,
		sealed: vault.sealSecret('record-1', 3, 'old secret'),
		meta: { marked: false },
		requestedAt: 1_000,
		receivedAt: 2_000,
		originAt: 1_000,
		owner: null,
	};
}

/** Opens it, with the record at generation 3 under our lease. */
export async function openFaultyVault(): Promise<FaultyVault> {
	const database = new FaultyDatabase();
	const sealer = new Sealer({ secret: 'a key for tests', source: 'the test' });
	const vault = await Vault.open(database, sealer, {}, { spillFolders: [], saveLimitMs: 0 });
	const record = sampleRecord(vault);
	const holding = { name: recordLease(record.id), token: 'holding-1' };
	await vault.write(function* () {
		yield* insertRecord(record);
		yield* acquireLease(holding.name, holding.token, thisHolder(), 60_000, null);
	});
	const marked = (value: boolean) =>
		function* (): SqlTransaction<void> {
			const present = yield* readRecord(record.id);
			if (present) yield* updateRecord({ ...present, meta: { ...present.meta, marked: value } });
		};
	return {
		database,
		vault,
		record,
		holding,
		mark: marked(true),
		unmark: marked(false),
		stored: async () =>
			await vault.read(function* () {
				const present = yield* readRecord(record.id);
				return { record: present!, attempts: yield* latestAttempts(record.id, 10) };
			}),
	};
}

import type {
	SqlDatabase,
	WriteOptions,
} from '../../../../../nodes/shared/vault/database/sqlDatabase';
import type {
	SqlStatement,
	SqlTransaction,
} from '../../../../../nodes/shared/vault/database/transaction';
import { vaultLocation } from '../../../../../nodes/shared/vault/place/location';
import { openDatabase } from '../../../../../nodes/shared/vault/place/openDatabase';
import { openVaultIn, sealerOf } from '../../../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../../../nodes/shared/vault/rows/schema';
import { answerCalls } from '../../../../support/processes/answerCalls';
import type { RotationStep } from './rotationSteps';
import { asItIs, eachStatement } from '../../../../support/chain/eachStatement';

/** Runs in a child process: opens the vault of its environment, and may be killed on the way. */

class KillingDatabase implements SqlDatabase {
	constructor(
		private readonly database: SqlDatabase,
		private readonly killAt: RotationStep | undefined,
	) {}

	get engine(): SqlDatabase['engine'] {
		return this.database.engine;
	}

	get location(): string {
		return this.database.location;
	}

	async write<T>(transaction: () => SqlTransaction<T>, options?: WriteOptions): Promise<T> {
		const reached = new Set<RotationStep>();
		const result = await this.database.write(() => this.watch(transaction(), reached), options);
		if (reached.has('noted')) this.reach('committed');
		if (reached.has('savingSpill')) this.reach('savedSpill');
		return result;
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.database.read(transaction);
	}

	async close(): Promise<void> {
		await this.database.close();
	}

	private *watch<T>(running: SqlTransaction<T>, reached: Set<RotationStep>): SqlTransaction<T> {
		const reach = (step: RotationStep) => this.reach(step);
		return yield* eachStatement(running, function* (statement) {
			const rows = yield* asItIs(statement);
			const name = stepOf(statement);
			if (name !== undefined) {
				reached.add(name);
				reach(name);
			}
			return rows;
		});
	}

	private reach(step: RotationStep): void {
		if (step === this.killAt) process.kill(process.pid, 'SIGKILL');
	}
}

function stepOf({ sql, params }: SqlStatement): RotationStep | undefined {
	if (sql.startsWith(`UPDATE ${TABLES.record} SET sealed`)) return 'sealing';
	if (sql.startsWith(`UPDATE ${TABLES.record} SET generation`)) return 'savingSpill';
	const notesKey = sql.startsWith(`INSERT INTO ${TABLES.meta}`) && params[0] === 'key_check';
	return notesKey ? 'noted' : undefined;
}

answerCalls({
	open: async (killAt: RotationStep | undefined) => {
		const database = await openDatabase(vaultLocation(process.env), process.env);
		const store = {
			database: new KillingDatabase(database, killAt),
			sealer: await sealerOf(process.env),
		};
		await (await openVaultIn(store, process.env)).close();
	},
});

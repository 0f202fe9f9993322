import type { SqlDatabase } from '../../../nodes/shared/vault/database/sqlDatabase';
import type { SqlStatement } from '../../../nodes/shared/vault/database/transaction';
import { readLease, recordLease } from '../../../nodes/shared/vault/rows/leases';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { watchedStatement } from '../../support/chain/watchedDatabase';
import { spillsOn } from './modelDisk';
import type { SimulatedProcess } from './simulatedProcess';

/**
 * Rule 6 for whoever takes a lease over: a secret is not spent once more where the one that follows it lies on
 * the same host's disk, left there by a process that was dead before the lease was taken.
 */
export class LeftSpills {
	/** By the token of each holding of a lease, when it was last asked for: a lease in our hands is not asked for. */
	private readonly takenAt = new Map<string, number>();

	/** By the uuid of the processes. */
	private readonly diedAt = new Map<string, number>();

	constructor(
		private readonly store: SqlDatabase,
		private readonly now: () => number,
	) {}

	died({ states }: SimulatedProcess): void {
		const { uuid } = states.holder1 as { uuid: string };
		this.diedAt.set(uuid, this.now());
	}

	/** Runs after each write. @returns what was wrong with it */
	async look(
		{ host }: SimulatedProcess,
		statements: readonly SqlStatement[],
	): Promise<string | undefined> {
		for (const { sql, params } of statements) {
			const isTaking = sql.trimStart().startsWith(`INSERT INTO ${TABLES.lease}`);
			if (isTaking) this.takenAt.set(String(params[1]), this.now());
		}
		for (const one of statements.filter((asked) => watchedStatement(asked) === 'attemptRow')) {
			const [, recordId, , generation, , spent] = one.params;
			if (spent !== '' && (await this.isLeft(host, String(recordId), Number(generation)))) {
				return 'a secret was spent although the one that follows it had been left on the disk';
			}
		}
		return undefined;
	}

	private async isLeft(host: string, recordId: string, generation: number): Promise<boolean> {
		const lease = await this.store.read(() => readLease(recordLease(recordId)));
		const takenAt = this.takenAt.get(lease?.token ?? '');
		if (takenAt === undefined) return false;
		return spillsOn(host).some(({ holder, spill: { save } }) => {
			const isNext = save.recordId === recordId && save.spentGeneration === generation;
			return isNext && (this.diedAt.get(holder?.uuid ?? '') ?? Infinity) < takenAt;
		});
	}
}

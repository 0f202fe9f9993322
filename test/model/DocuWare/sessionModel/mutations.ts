import type { SqlRow, SqlStatement } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { watchedStatement } from '../../../support/chain/watchedDatabase';
import type { WorldMutations } from '../../support/simulatedWorld';

/** Ways to break the sessions on purpose, to see that the model notices. */
export type Mutation =
	/** Log-on, log-off and the rest without the lease. */
	| 'logOnWithoutLease'
	/** A single-use token goes out without having been marked as spent. */
	| 'spentNotMarked'
	/** The mark is taken back although the request was sent. */
	| 'markTakenBack'
	/** A log-off does not look whether the session is used. */
	| 'logOffIgnoresUses'
	/** A session that somebody was closing is taken for dead without asking the server. */
	| 'closingIgnored'
	/** A new session is saved whatever stands in the store. */
	| 'saveWithoutFencing'
	/** A refused password is not remembered. */
	| 'refusalNotRemembered'
	/** A token whose attempt was written down and which never left stays marked as spent. */
	| 'burntUnsentToken'
	/** Nobody asks again, before a request goes out, whether the lease has passed on. */
	| 'leaseNotChecked';

/** Whether nobody looks for the lease before a request goes out; see `sessionMocks.ts`. */
export const leaseCheck = { isOff: false };

/** What of a mutation happens between a process and the store, or under its leases. */
export function mutationsOf(mutation: Mutation | undefined): WorldMutations {
	switch (mutation) {
		case 'logOnWithoutLease':
			return { withoutLease: true };
		case 'logOffIgnoresUses':
			return { shown: (statement, rows) => (isLookAtUses(statement) ? [] : rows) };
		case 'closingIgnored':
			return { shown: (_statement, rows) => rows.map(withoutClosing) };
		case 'spentNotMarked':
			return { changed: withoutSpentItem };
		case 'saveWithoutFencing':
			return { changed: withoutFencing };
		case 'refusalNotRemembered':
			return {
				changed: (statement) => (isRefusedLogOn(statement) ? undefined : statement),
			};
		case 'burntUnsentToken':
			return { changed: (statement) => (isClosedAsNotSent(statement) ? undefined : statement) };
		default:
			return {};
	}
}

/** What of a mutation happens inside a process. */
export function breakVault(vault: Vault, mutation: Mutation | undefined): void {
	leaseCheck.isOff = mutation === 'leaseNotChecked' || mutation === 'logOnWithoutLease';
	if (mutation !== 'spentNotMarked') return;
	const seal = vault.sealSecret.bind(vault);
	vault.sealSecret = (recordId, generation, secret) =>
		seal(
			recordId,
			generation,
			JSON.parse(JSON.stringify(secret).replaceAll('"spent":true', '"spent":false')),
		);
}

function isOf(verb: string, table: keyof typeof TABLES, { sql }: SqlStatement): boolean {
	return sql.trimStart().startsWith(`${verb} ${TABLES[table]}`);
}

function isLookAtUses({ sql }: SqlStatement): boolean {
	return sql.trimStart().startsWith('SELECT') && sql.includes(`FROM ${TABLES.use}`);
}

function withoutClosing(row: SqlRow): SqlRow {
	const { meta } = row;
	return typeof meta === 'string'
		? { ...row, meta: meta.replace('"state":"closing"', '"state":"none"') }
		: row;
}

function isRefusedLogOn(statement: SqlStatement): boolean {
	return (
		isOf('INSERT INTO', 'item', statement) && statement.params.includes('docuware refused log-on')
	);
}

function withoutSpentItem(statement: SqlStatement): SqlStatement {
	const changesItem = isOf('INSERT INTO', 'item', statement) || isOf('UPDATE', 'item', statement);
	if (!changesItem) return statement;
	const params = statement.params.map((value) =>
		typeof value === 'string' ? value.replace('"spent":true', '"spent":false') : value,
	);
	return { ...statement, params };
}

function withoutFencing(statement: SqlStatement): SqlStatement {
	if (watchedStatement(statement) !== 'secretSave') return statement;
	return { ...statement, sql: statement.sql.replace('generation = $2', '$2 = $2') };
}

function isClosedAsNotSent(statement: SqlStatement): boolean {
	return isOf('UPDATE', 'attempt', statement) && statement.params.includes('notSent');
}

import { createHash } from 'node:crypto';

import { rememberLatest } from '../../process/rememberLatest';
import type { PostgresStatement } from './postgresBatch';
import type { PostgresSettings } from './postgresSettings';
import type { PostgresTiming } from './postgresTiming';
import type { WriteOptions } from './sqlDatabase';

/** How many numbers of locks are remembered. */
const LOCKS_REMEMBERED = 1_000;

const FLUSHED: PostgresStatement = {
	sql:
		"SELECT set_config('synchronous_commit', 'on', true) " +
		"WHERE current_setting('synchronous_commit') <> 'remote_apply'",
};

const WITHOUT_FLUSH: PostgresStatement = {
	sql: "SELECT set_config('synchronous_commit', 'off', true)",
};

/** The statements that begin the transactions of one vault; they go out with its first ones. */
export class PostgresBegin {
	private readonly whole: string;

	private readonly lockKeys = new Map<string, string>();

	constructor(
		private readonly settings: Pick<PostgresSettings, 'schema' | 'tablePrefix'>,
		private readonly timing: PostgresTiming,
	) {
		this.whole = this.lockKey();
	}

	/**
	 * READ COMMITTED and READ WRITE, whatever the default of database or connection: what is read after the
	 * lock is taken must be what the last writer left. "remote_apply" is stricter than "on" and stays where nothing
	 * may be lost.
	 */
	write({ lock, mayBeLost = false }: WriteOptions): PostgresStatement[] {
		return [
			{ sql: 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE' },
			this.limits(),
			mayBeLost ? WITHOUT_FLUSH : FLUSHED,
			...this.locks(lock),
		];
	}

	read(): PostgresStatement[] {
		return [{ sql: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' }, this.limits()];
	}

	private limits(): PostgresStatement {
		const { lockLimitMs, statementLimitMs, idleLimitMs } = this.timing;
		return {
			sql:
				"SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true), " +
				"set_config('idle_in_transaction_session_timeout', $3, true)",
			params: [String(lockLimitMs), String(statementLimitMs), String(idleLimitMs)],
		};
	}

	/**
	 * The locks of a transaction that writes. One that names what it touches shares the lock of the whole
	 * vault with others of its kind; one that does not has that for itself. Names are taken in their order,
	 * so that two transactions never wait for each other.
	 */
	private locks(lock: WriteOptions['lock']): PostgresStatement[] {
		if (lock === undefined) return [{ sql: `SELECT pg_advisory_xact_lock(${this.whole})` }];
		const names = typeof lock === 'string' ? [lock] : [...new Set(lock)].sort();
		return [
			{ sql: `SELECT pg_advisory_xact_lock_shared(${this.whole})` },
			...names.map((name) => ({ sql: `SELECT pg_advisory_xact_lock(${this.keyOf(name)})` })),
		];
	}

	private keyOf(name: string): string {
		const key = this.lockKeys.get(name) ?? this.lockKey(name);
		rememberLatest(this.lockKeys, name, key, LOCKS_REMEMBERED);
		return key;
	}

	/** A fixed number per vault, so that several vaults in one database do not wait for each other. */
	private lockKey(name?: string): string {
		const { schema, tablePrefix } = this.settings;
		const whole = `n8n-nodes-exactonline-docuware write ${schema} ${tablePrefix}`;
		return createHash('sha256')
			.update(name === undefined ? whole : `${whole} ${name}`)
			.digest()
			.readBigInt64BE(0)
			.toString();
	}
}

import type { Connection, Submittable } from 'pg';

import type { SqlRow, SqlValue } from './transaction';

/** A statement with its parameters, in PostgreSQL's own words. */
export interface PostgresStatement {
	sql: string;
	params?: SqlValue[];
}

/** What came back for one statement. */
export interface PostgresAnswer {
	rows: SqlRow[];
	/** The command tag, for instance `COMMIT`; `ROLLBACK` where a COMMIT met a failed transaction. */
	command: string;
}

/** Columns that come as numbers: `bigint` too, as counters and times are far below 2^53. */
const NUMBER_OIDS: readonly number[] = [20, 21, 23, 26];

interface Field {
	name: string;
	dataTypeID: number;
}

type Done = (error: unknown, answers?: PostgresAnswer[]) => void;

/**
 * Several statements in one round trip, for a client of `pg`, which knows queries of one's own by
 * their `submit`. All of them stand before one Sync (PostgreSQL documentation, "Extended Query"): after
 * the first that fails the server passes over the rest, so nothing ever runs outside the transaction
 * whose BEGIN has failed.
 */
export class PostgresBatch implements Submittable {
	private readonly answers: PostgresAnswer[] = [];

	private rows: SqlRow[] = [];

	private fields: Field[] = [];

	/**
	 * @param callback called once, with what each statement brought or with the first error; `pg` puts
	 * its own around it for the time limit.
	 */
	constructor(
		private readonly statements: readonly PostgresStatement[],
		public callback: Done,
	) {}

	/** Called by the client once it is this batch's turn. */
	submit(connection: Connection): void {
		connection.stream.cork();
		try {
			for (const { sql, params = [] } of this.statements) {
				connection.parse({ name: '', text: sql, types: [] }, true);
				connection.bind({ values: params.map(asText) }, true);
				connection.describe({ type: 'P' }, true);
				connection.execute({}, true);
			}
			connection.sync();
		} finally {
			connection.stream.uncork();
		}
	}

	handleRowDescription({ fields }: { fields: Field[] }): void {
		this.fields = fields;
	}

	handleDataRow({ fields: values }: { fields: (string | null)[] }): void {
		const row: SqlRow = {};
		for (const [index, { name, dataTypeID }] of this.fields.entries()) {
			const value = values[index] ?? null;
			row[name] = value !== null && NUMBER_OIDS.includes(dataTypeID) ? Number(value) : value;
		}
		this.rows.push(row);
	}

	handleCommandComplete({ text }: { text: string }): void {
		this.answers.push({ rows: this.rows, command: text.split(' ')[0] ?? '' });
		this.rows = [];
		this.fields = [];
	}

	/** A statement without words; the vault sends none. */
	handleEmptyQuery(): void {
		this.handleCommandComplete({ text: '' });
	}

	handlePortalSuspended(): void {}

	handleError(error: unknown): void {
		this.callback(error);
	}

	handleReadyForQuery(): void {
		this.callback(undefined, this.answers);
	}
}

/** Nothing is NULL; what an earlier copy of the package has written down may lack a value. */
function asText(value: SqlValue | undefined): string | null {
	return value === null || value === undefined ? null : String(value);
}

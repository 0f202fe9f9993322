import type { SqlDatabase } from '../../../../nodes/shared/vault/database/sqlDatabase';
import type { SqlRow } from '../../../../nodes/shared/vault/database/transaction';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { Sealer } from '../../../../nodes/shared/vault/sealing';
import { secretSubject } from '../../../../nodes/shared/vault/spending/secretSave';

/** A login token as a record keeps it. */
export interface KeptToken {
	value: string;
	usage: 'Single' | 'Multi';
	expiresAt: number | null;
	spent: boolean;
}

/** A record of a session as it stands in the store, opened. */
export interface StoredSession {
	id: string;
	generation: number;
	state: 'none' | 'open' | 'closing';
	hostId: string;
	/** Who, for people; tells the account. */
	label: string;
	proof: string | null;
	/** Value of the session cookie; undefined where the record holds no session. */
	cookie: string | undefined;
	loginToken: KeptToken | null;
	sourceToken: KeptToken | null;
}

const AUTH_COOKIE = /"\.DWPLATFORMAUTH","value":"([^"]+)"/;

/** Reads the store's records as a bystander; the stored formats are fixed, the code above them is not. */
export class StoreReader {
	private readonly secrets = new Map<string, Pick<StoredSession, SecretPart>>();

	constructor(
		private readonly store: SqlDatabase,
		private readonly sealer: Sealer,
	) {}

	async sessions(): Promise<StoredSession[]> {
		const rows = await this.store.read(() =>
			query(`SELECT id, generation, meta, sealed FROM ${TABLES.record}`),
		);
		return rows.map((row) => this.open(row));
	}

	/** Uses whose time is not over, with the pid of their process. */
	async uses(recordId: string, now: number): Promise<Array<{ useId: string; pid: number }>> {
		const rows = await this.store.read(() =>
			query(`SELECT use_id, holder FROM ${TABLES.use} WHERE record_id = $1 AND expires_at > $2`, [
				recordId,
				now,
			]),
		);
		return rows.map(({ use_id, holder }) => ({ useId: String(use_id), pid: pidOf(holder) }));
	}

	/** Processes that wrote down an attempt to spend a secret of this record and never closed it. */
	async openAttempts(recordId: string): Promise<number[]> {
		const rows = await this.store.read(() =>
			query(`SELECT holder FROM ${TABLES.attempt} WHERE record_id = $1 AND outcome = 'open'`, [
				recordId,
			]),
		);
		return rows.map(({ holder }) => pidOf(holder));
	}

	/** Whether an attempt was written down: a statement that asks for more than it finds writes nothing. */
	async isWrittenDown(attemptId: string): Promise<boolean> {
		const rows = await this.store.read(() =>
			query(`SELECT id FROM ${TABLES.attempt} WHERE id = $1`, [attemptId]),
		);
		return rows.length > 0;
	}

	/** The pid of whoever holds the lease on a record. */
	async leaseHolder(recordId: string): Promise<number> {
		const rows = await this.store.read(() =>
			query(`SELECT holder FROM ${TABLES.lease} WHERE name = $1`, [`record:${recordId}`]),
		);
		return pidOf(rows[0]?.holder ?? 'null');
	}

	private open(row: SqlRow): StoredSession {
		const meta = JSON.parse(String(row.meta)) as Pick<StoredSession, MetaPart>;
		const id = String(row.id);
		const generation = Number(row.generation);
		const { state, hostId, label, proof } = meta;
		return {
			id,
			generation,
			state,
			hostId,
			label,
			proof,
			...this.secretIn(String(row.sealed), secretSubject(id, generation)),
		};
	}

	private secretIn(sealed: string, subject: string): Pick<StoredSession, SecretPart> {
		const known = this.secrets.get(sealed);
		if (known !== undefined) return known;
		const secret = JSON.parse(this.sealer.open(sealed, subject)) as {
			session: { cookies?: string } | null;
			loginToken: KeptToken | null;
			sourceToken: KeptToken | null;
		};
		const { session, loginToken, sourceToken } = secret;
		const cookie = AUTH_COOKIE.exec(
			(session?.cookies ?? '').replaceAll('"key":', '').replaceAll(/\s/g, ''),
		)?.[1];
		const opened = { cookie, loginToken, sourceToken };
		this.secrets.set(sealed, opened);
		return opened;
	}
}

type MetaPart = 'state' | 'hostId' | 'label' | 'proof';
type SecretPart = 'cookie' | 'loginToken' | 'sourceToken';

/** The pid in a holder's text. */
export function pidOf(holder: unknown): number {
	return (JSON.parse(String(holder)) as { pid: number } | null)?.pid ?? -1;
}

import { exactChainPolicy } from '../../../../../nodes/ExactOnline/auth/chainPolicy';
import type { TokenPair } from '../../../../../nodes/shared/tokenChain/types';
import type { SqlRow } from '../../../../../nodes/shared/vault/database/transaction';
import { query } from '../../../../../nodes/shared/vault/database/transaction';
import type { SqliteDatabase } from '../../../../../nodes/shared/vault/database/sqliteDatabase';
import { TABLES } from '../../../../../nodes/shared/vault/rows/schema';
import type { Sealer } from '../../../../../nodes/shared/vault/sealing';
import { secretSubject } from '../../../../../nodes/shared/vault/spending/secretSave';
import { isSecretIn, USER } from './modelService';
import { LIFE_MS } from './requestBook';

/** How long those wait for whom the first half of a window is left, in token lives. */
const WAITS_FOR_LIVES = 3;

/** By so much a process may measure an age otherwise than the store, in milliseconds. */
const CLOCK_SLACK_MS = 500;

/** A row with a sealed pair, opened. */
interface Opened {
	row: SqlRow;
	refreshToken: string;
	/** The number that the service gave it; -1 where it is none of the user's. */
	generation: number;
}

/** The identity's record, or the only one while nobody knows whose it is. */
export interface StoredRecord {
	id: string;
	/** The number that the service gave to its secret. */
	generation: number;
	ownerId: string | null;
	/** The log-in that it stands at. */
	originAt: number | null;
}

/** What the store holds of the user's chain, as far as only the service could tell it. */
export class StoredChain {
	record: StoredRecord | undefined;

	/** Generations that the store holds, as a record's own pair or beside it. */
	kept = new Set<number>();

	/** Of these, the ones of which the store knows whose they are. */
	identified = new Set<number>();

	/** Refresh tokens under the record of the identity, also invented ones. */
	private tokens = new Set<string>();

	/** By record, the newest secret it has held. */
	private readonly newest = new Map<string, number>();

	private readonly opened = new Map<string, string>();

	constructor(
		private readonly store: SqliteDatabase,
		private readonly sealer: Sealer,
		private readonly generationOf: (refreshToken: string) => number,
	) {}

	/** What the identity's record, or the only one, holds; -1 for nothing. */
	get generation(): number {
		return this.record?.generation ?? -1;
	}

	/** The newest secret that the store holds, whatever stands there for it. */
	get newestKept(): number {
		return Math.max(...this.newest.values(), ...this.kept);
	}

	isKept(refreshToken: string): boolean {
		return this.tokens.has(refreshToken);
	}

	/** The store fell back: what it held does not count. */
	forget(): void {
		this.newest.clear();
	}

	/** Reads the store. @returns what it must not have come to */
	async look(): Promise<string | undefined> {
		const rows = await this.store.read(() =>
			query(`SELECT * FROM ${TABLES.record} WHERE state <> 'merged' ORDER BY provisional`),
		);
		const beside = await this.store.read(() => query(`SELECT * FROM ${TABLES.rival}`));
		const records = rows.map((row) => this.open(row));
		const rivals = beside.map((row) => this.open(row));
		const mine =
			records.find(({ row }) => String(row.identity).endsWith(`#${USER}`)) ??
			records.find(({ row }) => row.provisional === 1);
		this.record = mine === undefined ? undefined : recordOf(mine);
		const stands = [
			...(mine === undefined ? [] : [mine]),
			...rivals.filter(({ row }) => row.record_id === mine?.row.id),
		];
		this.tokens = new Set(
			mine?.row.provisional === 0 ? stands.map(({ refreshToken }) => refreshToken) : [],
		);
		this.identified = new Set(
			mine?.row.provisional === 0 ? stands.map(({ generation }) => generation) : [],
		);
		this.kept = new Set([...records, ...rivals].map(({ generation }) => generation));
		return this.noteNewest(records);
	}

	/**
	 * Of one secret: one attempt that may have been accepted, its probe, and one per window after. The attempts
	 * of a record and of the pairs beside it stand under one generation.
	 * @returns that it is not so
	 */
	async probesTooClose(): Promise<string | undefined> {
		const rows = await this.store.read(() =>
			query(
				`SELECT max(started_at) - min(started_at) AS span, count(*) AS attempts
				FROM ${TABLES.attempt} WHERE outcome IN ('open', 'unknown', 'doubtful')
				GROUP BY record_id, generation, spent_fingerprint HAVING count(*) > 2`,
			),
		);
		const isTooClose = rows.some(
			({ span, attempts }) => Number(span) < (Number(attempts) - 2) * LIFE_MS * 0.9,
		);
		return isTooClose ? 'two probes of unknown fate in one window' : undefined;
	}

	/**
	 * Whether a request for the record's own pair has just been written ahead in the first half of its window,
	 * while somebody has something to prove (docs/architecture.md, rule 10).
	 */
	async isWindowTaken(): Promise<boolean> {
		const rows = await this.store.read(() =>
			query(
				`SELECT a.started_at - r.received_at AS age FROM ${TABLES.attempt} a
				JOIN ${TABLES.record} r ON r.id = a.record_id AND r.generation = a.generation
				WHERE a.kind = 'refresh' AND a.outcome = 'open' AND r.state = 'active' AND r.provisional = 0
					AND r.meta NOT LIKE '%"ageUncertain":true%' AND EXISTS (
						SELECT 1 FROM ${TABLES.proof} p WHERE p.record_id = r.id
							AND p.kind IN ('waits', 'share', 'takeOver')
							AND p.noted_at BETWEEN a.started_at - $1 AND a.started_at - 1)`,
				[WAITS_FOR_LIVES * LIFE_MS],
			),
		);
		const secondHalf = ((1 + exactChainPolicy.refreshFrom) / 2) * LIFE_MS - CLOCK_SLACK_MS;
		return rows.some(({ age }) => Number(age) < secondHalf);
	}

	/** @returns which table holds a client secret or a token as it is */
	async unsealed(): Promise<string | undefined> {
		for (const table of Object.values(TABLES)) {
			const rows = await this.store.read(() => query(`SELECT * FROM ${table}`));
			if (isSecretIn(JSON.stringify(rows))) return `a secret stands in the table ${table}`;
		}
		return undefined;
	}

	private noteNewest(records: Opened[]): string | undefined {
		for (const id of this.newest.keys()) {
			if (!records.some(({ row }) => row.id === id)) this.newest.delete(id);
		}
		let violation: string | undefined;
		for (const { row, generation } of records) {
			const id = String(row.id);
			const newest = this.newest.get(id) ?? -1;
			if (generation < newest) {
				violation = `the older secret ${generation} replaced ${newest} in the store`;
			}
			this.newest.set(id, generation);
		}
		return violation;
	}

	/** The number of a sealed secret, of a spill for instance. */
	generationIn(sealed: string, subject: string): number {
		return this.generationOf(this.refreshTokenIn(sealed, subject));
	}

	private open(row: SqlRow): Opened {
		const subject = secretSubject(String(row.id), Number(row.generation));
		const refreshToken = this.refreshTokenIn(String(row.sealed), subject);
		return { row, refreshToken, generation: this.generationOf(refreshToken) };
	}

	private refreshTokenIn(sealed: string, subject: string): string {
		const known = this.opened.get(sealed);
		if (known !== undefined) return known;
		const { refreshToken } = JSON.parse(this.sealer.open(sealed, subject)) as TokenPair;
		this.opened.set(sealed, refreshToken);
		return refreshToken;
	}
}

function recordOf({ row, generation }: Opened): StoredRecord {
	return {
		id: String(row.id),
		generation,
		ownerId: row.owner_credential_id === null ? null : String(row.owner_credential_id),
		originAt: row.origin_at === null ? null : Number(row.origin_at),
	};
}

import type { SqlTransaction } from '../database/transaction';
import { query, textOrNull, STORE_NOW, together } from '../database/transaction';
import { TABLES } from './schema';

/**
 * What is noted about an authorization or a client secret of a record.
 * `authorization`: the service has accepted the pair it brought. `replaced`: the service has called that pair,
 * with which the record began, one that it had issued and replaced. `secret`: the service has accepted
 * this client secret. `use`: a credential has used an authorization with a proved secret. `served`: an
 * authorization was given a token although its secret is not proved. `waits`: a secret waits for its
 * own refresh. `share`, `takeOver`: an authorization asks for that, pending until it is proved.
 */
export type ProofKind =
	'authorization' | 'replaced' | 'secret' | 'use' | 'served' | 'waits' | 'share' | 'takeOver';

/** One note; the subject is a keyed digest and never a secret. */
export interface Proof {
	kind: ProofKind;
	subject: string;
	detail: string | null;
	/** Store clock, milliseconds. */
	notedAt: number;
}

/** What a successful request proves, whoever made it. */
export interface Proved {
	/** Fingerprints of authorizations. */
	authorizations: string[];
	secretFingerprint: string;
}

/** How many accepted client secrets of a record stand beside each other. */
const SECRETS_KEPT = 3;

/** All notes of a record, oldest first. */
export function* proofsOf(recordId: string): SqlTransaction<Proof[]> {
	const rows = yield* query(
		`SELECT kind, subject, detail, noted_at FROM ${TABLES.proof} WHERE record_id = $1
		ORDER BY noted_at, kind, subject`,
		[recordId],
	);
	return rows.map((row) => ({
		kind: String(row.kind) as ProofKind,
		subject: String(row.subject),
		detail: textOrNull(row.detail),
		notedAt: Number(row.noted_at),
	}));
}

/** Notes something; where it is noted already only its detail and time change. */
export function* noteProof(
	recordId: string,
	{ kind, subject, detail = null }: { kind: ProofKind; subject: string; detail?: string | null },
): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.proof} (record_id, kind, subject, detail, noted_at)
		VALUES ($1, $2, $3, $4, ${STORE_NOW})
		ON CONFLICT (record_id, kind, subject) DO UPDATE SET detail = excluded.detail,
			noted_at = excluded.noted_at`,
		[recordId, kind, subject, detail],
	);
}

/** Takes a note back. */
export function* dropProof(
	recordId: string,
	kind: ProofKind,
	subject: string,
): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.proof} WHERE record_id = $1 AND kind = $2 AND subject = $3`, [
		recordId,
		kind,
		subject,
	]);
}

/** Notes what a success has proved; of the secrets the latest three stay. */
export function* noteProved(
	recordId: string,
	{ authorizations, secretFingerprint }: Proved,
): SqlTransaction<void> {
	yield* together(
		...authorizations.map((subject) => noteProof(recordId, { kind: 'authorization', subject })),
		noteProof(recordId, { kind: 'secret', subject: secretFingerprint }),
		dropProof(recordId, 'waits', secretFingerprint),
		query(
			`DELETE FROM ${TABLES.proof} WHERE record_id = $1 AND kind = 'secret' AND subject NOT IN (
				SELECT subject FROM ${TABLES.proof} WHERE record_id = $1 AND kind = 'secret'
				ORDER BY noted_at DESC, subject LIMIT ${SECRETS_KEPT}
			)`,
			[recordId],
		),
	);
}

/** Carries the notes of a record over to the one that takes its place. */
export function* moveProofs(fromId: string, toId: string): SqlTransaction<void> {
	for (const { kind, subject, detail } of yield* proofsOf(fromId)) {
		yield* noteProof(toId, { kind, subject, detail });
	}
	yield* query(`DELETE FROM ${TABLES.proof} WHERE record_id = $1`, [fromId]);
}

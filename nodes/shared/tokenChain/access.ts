import type { SqlTransaction } from '../vault/database/transaction';
import type { Proof, ProofKind } from '../vault/rows/proofs';
import { noteProof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import type { Presenter } from './types';

/** What decides from which pair an authorization is served. Times are the store's, in milliseconds. */
export interface AccessCase {
	/** Fingerprint of the authorization. */
	fingerprint: string;
	/** Keyed digest of the client secret that comes with it. */
	secretFingerprint: string;
	presenter: Pick<Presenter, 'credentialId' | 'instanceId'>;
	record: Pick<VaultRecord, 'provisional' | 'generation' | 'meta'>;
	proofs: readonly Proof[];
	/** The pair that this authorization brought, where it stands beside the record's own. */
	rival: Pick<Rival, 'id' | 'state' | 'note'> | undefined;
	/** What the service has said about this client secret, where it has refused it. */
	refusal: { code: string; detail: string | null } | undefined;
	/** Node code has seen it in the credential that the record is registered to. */
	isOwners: boolean;
	/** The service has accepted a log-in of that credential. */
	isOwnerProved: boolean;
	/** Log-ins of one app and user live side by side at this service. */
	sideBySide: boolean;
	/** What the service calls a token that it had issued and replaced, where it has words of its own for that. */
	issuedCode?: string | undefined;
	lifeMs: number;
	now: number;
}

/**
 * From which pair an authorization is served (docs/architecture.md, rule 10).
 * `record`: from the record's pair. `broughtPair`: from the record's pair as well, but only as long as that
 * is the one it brought itself. `present`: with the record's present token, as long as it lives; then as
 * `ownRefresh`. `ownRefresh`: by a refresh of the record's pair with its own client secret, and by
 * nothing before. `rival`: from the pair that it brought itself. `nothing`: the service has refused that
 * pair, or has accepted another one while it never accepted that (then without a code). `refusedSecret`:
 * the service has refused the client secret, and no other one counts for it.
 */
export type Access =
	| { from: 'record'; proved: boolean }
	| { from: 'broughtPair' }
	| { from: 'present' }
	| { from: 'ownRefresh' }
	| { from: 'rival'; rivalId: string }
	| { from: 'nothing'; code: string }
	| { from: 'refusedSecret'; code: string; detail: string | null };

/** Whether an authorization gets the record's tokens as they are, without a refresh of its own before. */
export function isFromRecord({ from }: Access): boolean {
	return from === 'record' || from === 'broughtPair';
}

/** Whether it gets what comes of the record's present generation or of its own refresh, and no other pair. */
export function isBoundToPair({ from }: Access): boolean {
	return from === 'broughtPair' || from === 'present' || from === 'ownRefresh';
}

/** The access, and what is to be noted of it. */
export interface AccessDecision {
	access: Access;
	notes: Array<{ kind: ProofKind; subject: string; detail?: string }>;
}

/** For how long an authorization is not served again on a secret that is not proved, in milliseconds. */
const SERVED_ONCE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Decides from which pair an authorization is served: from the one that it brought itself, until the
 * service has accepted that; also where that is the record's, because the record began with it. One that
 * is proved but comes with another client secret than the accepted ones has to show that the service
 * accepts this one too.
 */
export function decideAccess(accessCase: AccessCase): AccessDecision {
	const { record, rival, proofs, fingerprint, secretFingerprint } = accessCase;
	if (record.provisional) return withoutNotes({ from: 'record', proved: false });
	const secrets = provedSecrets(proofs);
	if (!isProved(proofs, fingerprint)) {
		const isAccepted = secrets.length === 0 || secrets.includes(secretFingerprint);
		if (hasBrought(record, fingerprint)) {
			return isAccepted ? withoutNotes({ from: 'broughtPair' }) : withOtherSecret(accessCase);
		}
		if (rival?.state === 'waiting' && !isIssuedFirst(accessCase, fingerprint))
			return withoutNotes({ from: 'rival', rivalId: rival.id });
		return withoutNotes(
			mayGoOn(accessCase) && isAccepted
				? { from: 'record', proved: isProvedOwners(accessCase) && secrets.length > 0 }
				: { from: 'nothing', code: rival?.note ?? '' },
		);
	}
	if (secrets.length === 0) return withoutNotes({ from: 'record', proved: false });
	return secrets.includes(secretFingerprint)
		? { access: { from: 'record', proved: true }, notes: useNote(accessCase) }
		: withOtherSecret(accessCase);
}

/**
 * Whether an authorization that the service has refused goes on with the record: its credential owns that,
 * and the service has accepted another log-in of it, or has called this one issued and replaced.
 */
function mayGoOn(accessCase: AccessCase): boolean {
	const { fingerprint, proofs, isOwners, record, rival, issuedCode } = accessCase;
	// The hook, which does not know whose log-in it is, may have been the one that was told so.
	const wasReplaced =
		issuedCode !== undefined && rival?.state === 'setAside' && rival.note === issuedCode;
	const isGone = isIssued(proofs, fingerprint) || wasReplaced || wasThrownAway(record, fingerprint);
	return (
		isProvedOwners(accessCase) || (isOwners && isGone) || isIssuedFirst(accessCase, fingerprint)
	);
}

function isProvedOwners({ isOwners, isOwnerProved }: AccessCase): boolean {
	return isOwners && isOwnerProved;
}

/**
 * Whether an authorization counts as the record's own: it is proved, or the record's pair is the one that
 * it brought, or was until a later log-in replaced it. Another pair that was accepted meanwhile proves
 * nothing of it, whoever knows the client secret.
 */
export function isEntitled({
	fingerprint,
	record,
	proofs,
}: Pick<AccessCase, 'fingerprint' | 'record' | 'proofs'>): boolean {
	return (
		record.provisional ||
		isProved(proofs, fingerprint) ||
		hasBrought(record, fingerprint) ||
		isIssuedFirst({ record, proofs }, fingerprint)
	);
}

/**
 * Whether the service has shown of the pair with which a record began that it had issued it, and that a later
 * one is in force. That is no acceptance, but more than whoever invents a refresh token can have: so a log-in that another
 * one ended before its first refresh goes on, with an accepted client secret, until somebody takes the
 * registration over.
 */
export function isIssuedFirst(
	{ record, proofs }: Pick<AccessCase, 'record' | 'proofs'>,
	fingerprint: string,
): boolean {
	if (record.meta.firstOf !== fingerprint) return false;
	return isIssued(proofs, fingerprint) || wasThrownAway(record, fingerprint);
}

/** Whether the service has shown that it had issued the pair that an authorization brought; stored as `replaced`. */
export function isIssued(proofs: readonly Proof[], fingerprint: string): boolean {
	return find(proofs, 'replaced', fingerprint) !== undefined;
}

/**
 * Whether an earlier build has put another pair into the place of the one with which a record began: it did
 * not keep that, so nobody can ask the service about it any more, and the authorization goes on as it did.
 */
function wasThrownAway({ meta }: Pick<VaultRecord, 'meta'>, fingerprint: string): boolean {
	return meta.firstKept !== true && meta.pairOf !== fingerprint;
}

/**
 * Notes that, of the authorization with which the record began, and of one that its owner's credential was
 * connected with anew; of no other.
 */
export function* noteIssued(
	{ id, provisional, meta }: VaultRecord,
	authorization: unknown,
	isReconnect = false,
): SqlTransaction<void> {
	if (provisional || typeof authorization !== 'string') return;
	if (meta.firstOf !== authorization && !isReconnect) return;
	yield* noteProof(id, { kind: 'replaced', subject: authorization });
}

/** Whether the record's present pair is the one that this authorization brought, or came of it. */
export function hasBrought({ meta }: Pick<VaultRecord, 'meta'>, fingerprint: string): boolean {
	return meta.pairOf === fingerprint;
}

/** Whether the service has accepted the pair that an authorization brought. */
export function isProved(proofs: readonly Proof[], fingerprint: string): boolean {
	return find(proofs, 'authorization', fingerprint) !== undefined;
}

/** The client secrets that the service has accepted for a record. */
export function provedSecrets(proofs: readonly Proof[]): string[] {
	return proofs.filter(({ kind }) => kind === 'secret').map(({ subject }) => subject);
}

/** How long a newcomer's wish or another client secret holds proved credentials back, in token lives. */
const WAITS_FOR_LIVES = 3;

/**
 * Whether proved credentials leave the first half of the refresh window to somebody who has to show
 * that the service accepts what he brought.
 */
export function isSomebodyWaiting(
	proofs: readonly Proof[],
	{ lifeMs, now }: { lifeMs: number; now: number },
): boolean {
	return proofs.some(
		({ kind, notedAt }) =>
			(kind === 'waits' || kind === 'share' || kind === 'takeOver') &&
			notedAt > now - WAITS_FOR_LIVES * lifeMs,
	);
}

function withOtherSecret(accessCase: AccessCase): AccessDecision {
	const { fingerprint, secretFingerprint, record, proofs, refusal, now, lifeMs } = accessCase;
	if (refusal !== undefined) return withoutNotes({ from: 'refusedSecret', ...refusal });
	const waiting = find(proofs, 'waits', secretFingerprint);
	const isDue = waiting === undefined || waiting.notedAt < now - lifeMs / 2;
	const notes: AccessDecision['notes'] = isDue
		? [{ kind: 'waits', subject: secretFingerprint }]
		: [];
	const use = useSubject(accessCase);
	if (use !== undefined && find(proofs, 'use', use) !== undefined) {
		return { access: { from: 'record', proved: false }, notes };
	}
	if (accessCase.sideBySide) return { access: { from: 'ownRefresh' }, notes };
	const served = find(proofs, 'served', fingerprint);
	const detail = String(record.generation);
	if (served === undefined || served.notedAt < now - SERVED_ONCE_MS) {
		notes.push({ kind: 'served', subject: fingerprint, detail });
		return { access: { from: 'present' }, notes };
	}
	return { access: { from: served.detail === detail ? 'present' : 'ownRefresh' }, notes };
}

/** That this credential has used this authorization with a proved secret. */
function useNote(accessCase: AccessCase): AccessDecision['notes'] {
	const subject = useSubject(accessCase);
	if (subject === undefined || find(accessCase.proofs, 'use', subject) !== undefined) return [];
	return [{ kind: 'use', subject }];
}

function useSubject({ fingerprint, presenter }: AccessCase): string | undefined {
	const { credentialId, instanceId } = presenter;
	return credentialId === null
		? undefined
		: JSON.stringify([fingerprint, credentialId, instanceId]);
}

function find(proofs: readonly Proof[], kind: ProofKind, subject: string): Proof | undefined {
	return proofs.find((proof) => proof.kind === kind && proof.subject === subject);
}

function withoutNotes(access: Access): AccessDecision {
	return { access, notes: [] };
}

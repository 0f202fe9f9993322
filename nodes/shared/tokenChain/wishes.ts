import { parseObject } from '../http';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow, together } from '../vault/database/transaction';
import type { SeenAuthorization } from '../vault/rows/authorizations';
import {
	authorizationsOf,
	readAuthorization,
	saveAuthorization,
} from '../vault/rows/authorizations';
import type { EventOrigin } from '../vault/rows/events';
import { noteEvent, UNKNOWN_RUN } from '../vault/rows/events';
import type { Proof } from '../vault/rows/proofs';
import { dropProof, noteProof, proofsOf } from '../vault/rows/proofs';
import type { RecordOwner, VaultRecord } from '../vault/rows/records';
import { readRecord, updateRecord } from '../vault/rows/records';
import { clearReconnects } from '../vault/rows/rivals';
import { hasBrought, isProved, isIssued } from './access';
import type { GuardVerdict } from './duplicateGuard';
import { judge } from './duplicateGuard';
import type { Presenter } from './types';

/** Whether somebody has asked to share or to take over before he was proved, and is proved by now. */
export function hasProvedWish(proofs: readonly Proof[]): boolean {
	return proofs.some((one) => isWish(one) && isProved(proofs, one.subject));
}

/**
 * Notes that the service has accepted the pair of an authorization as that of this record's user, and
 * carries out what it has asked for before (docs/architecture.md, rule 10), in one transaction.
 * @param noted what `noteAccepted` has brought, where it has run in the same transaction.
 * @returns whether there was something to carry out.
 */
export function* prove(
	recordId: string,
	authorization: string,
	noted?: readonly Proof[],
): SqlTransaction<boolean> {
	return yield* carryOutWishes(recordId, noted ?? (yield* noteAccepted(recordId, authorization)));
}

/** The note alone, and all notes of the record after it: in one step. */
export function* noteAccepted(
	recordId: string,
	authorization: string,
): SqlTransaction<readonly Proof[]> {
	const note = noteProof(recordId, { kind: 'authorization', subject: authorization });
	const [, proofs] = yield* together(note, proofsOf(recordId));
	return proofs;
}

/**
 * Carries out what proved authorizations have asked for: share, or take over.
 * @returns whether there was anything.
 */
export function* carryOutWishes(
	recordId: string,
	proofs: readonly Proof[],
): SqlTransaction<boolean> {
	const due = proofs.filter((one) => isWish(one) && isProved(proofs, one.subject));
	for (const wish of due) yield* carryOut(recordId, wish, proofs);
	return due.length > 0;
}

function* carryOut(
	recordId: string,
	{ kind, subject, detail }: Proof,
	proofs: readonly Proof[],
): SqlTransaction<void> {
	yield* dropProof(recordId, kind, subject);
	const record = yield* readRecord(recordId);
	const presented = yield* readAuthorization(subject);
	if (record === undefined || presented === undefined) return;
	const { credentialId, credentialName, instanceId } = presented;
	const duplicatePolicy = kind === 'share' ? 'share' : 'takeOver';
	const verdict = judge({
		...guardFacts(record, proofs, yield* authorizationsOf(record.id)),
		presented,
		isNew: true,
		presenter: { credentialId, credentialName, instanceId, duplicatePolicy },
		now: yield* storeNow(),
		personTakesOver: kind === 'takeOver',
	});
	yield* writeVerdict(record, verdict, { origin: originIn(detail) });
}

/** The run in which somebody has asked for it, as the note of the wish tells. */
function originIn(detail: string | null): EventOrigin {
	const told = parseObject(detail ?? '') ?? {};
	const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);
	return {
		workflowId: textOrNull(told.workflowId),
		executionId: textOrNull(told.executionId),
	};
}

/** Forgets what an authorization has asked for: the service has refused what it brought. */
export function* dropWishes(recordId: string, authorization: string): SqlTransaction<void> {
	yield* dropProof(recordId, 'share', authorization);
	yield* dropProof(recordId, 'takeOver', authorization);
}

function isWish({ kind }: Proof): boolean {
	return kind === 'share' || kind === 'takeOver';
}

/** What the guard looks at besides the presented authorization. */
export function guardFacts(
	record: VaultRecord,
	proofs: readonly Proof[],
	lineage: SeenAuthorization[],
) {
	const unprovedOthers = lineage
		.map(({ fingerprint }) => fingerprint)
		.filter((one) => !hasBrought(record, one) && !isProved(proofs, one));
	return {
		owner: record.owner,
		ownerHasLapsed: hasOwnerLapsed(record, proofs, lineage),
		lineage,
		released: record.meta.released === true,
		unprovedOthers: record.provisional ? new Set<string>() : new Set(unprovedOthers),
	};
}

/** Whether the service has accepted any log-in of the credential that a record is registered to. */
export function isOwnerProved(
	owner: RecordOwner,
	{ lineage, proofs }: { lineage: readonly SeenAuthorization[]; proofs: readonly Proof[] },
): boolean {
	return lineage.some((one) => isOf(owner, one) && isProved(proofs, one.fingerprint));
}

function isOf({ credentialId, instanceId }: RecordOwner, one: SeenAuthorization): boolean {
	return one.credentialId === credentialId && one.instanceId === instanceId;
}

/**
 * Whether the registration holds nobody back: the service has refused the pair that the credential brought to
 * which it is registered, and has neither accepted one of it nor called one issued and replaced.
 */
function hasOwnerLapsed(
	record: VaultRecord,
	proofs: readonly Proof[],
	lineage: readonly SeenAuthorization[],
): boolean {
	const { state, provisional, owner } = record;
	if (state !== 'broken' || provisional) return false;
	if (owner !== null && isOwnerProved(owner, { lineage, proofs })) return false;
	// A pair of its own that has given way to another log-in's may still wait for the service's word.
	const isHis = (one: SeenAuthorization) =>
		owner === null || (isOf(owner, one) && hasBrought(record, one.fingerprint));
	if (!lineage.some(isHis)) return false;
	return !lineage.some(
		({ fingerprint }) =>
			isIssued(proofs, fingerprint) ||
			(owner === null && hasBrought(record, fingerprint) && isProved(proofs, fingerprint)),
	);
}

/** What is kept of an owner whose registration has lapsed. */
function lapsedOwner({
	credentialId,
	instanceId,
}: Pick<RecordOwner, 'credentialId' | 'instanceId'>): string {
	return JSON.stringify([credentialId, instanceId]);
}

/**
 * Whether a registration of this credential has lapsed and nobody has taken it over by a wish of his own. The
 * service may have said of a log-in that another one had ended what it says of an invented one
 * (docs/facts/exact-online.md 1.6), so a log-in of the same credential that it accepts has it back, unless the
 * administrator refuses every second credential.
 */
export function isLapsedOwner(
	{ meta }: Pick<VaultRecord, 'meta'>,
	{ credentialId, instanceId, duplicatesRefused }: Presenter,
): boolean {
	if (credentialId === null || duplicatesRefused === true) return false;
	return meta.lapsedOwner === lapsedOwner({ credentialId, instanceId });
}

/** What is known of a verdict besides. */
interface VerdictFacts {
	/** The run in which a person asked for a take-over. */
	origin?: EventOrigin | undefined;
	/** The registration has lapsed that the record had. */
	hasLapsed?: boolean;
}

/** Writes down what the guard has decided, and, as an event, that one credential has taken the registration from another. */
export function* writeVerdict(
	record: VaultRecord,
	verdict: GuardVerdict,
	{ origin = UNKNOWN_RUN, hasLapsed = false }: VerdictFacts = {},
): SqlTransaction<void> {
	yield* saveAuthorization({ ...verdict.presented, recordId: record.id });
	for (const other of verdict.others) yield* saveAuthorization(other);
	const { owner, presented, takesOver: isTakenOver = false } = verdict;
	// A credential that only the hook presents has no name, so that its registration is nobody's.
	if (isTakenOver) yield* noteEvent(record.id, 'takeOver', origin);
	else if (JSON.stringify(record.owner) === JSON.stringify(owner)) return;
	if (record.owner !== null || isTakenOver) yield* clearReconnects(record.id);
	// Whoever registers what was given up does so by a wish of his own as well.
	const endsLapse = isTakenOver || (owner !== null && record.meta.released === true);
	const lapsed = hasLapsed && record.owner !== null ? lapsedOwner(record.owner) : undefined;
	yield* updateRecord({
		...record,
		owner,
		meta: {
			...record.meta,
			released: false,
			...(lapsed === undefined ? {} : { lapsedOwner: lapsed }),
			...(endsLapse && 'lapsedOwner' in record.meta ? { lapsedOwner: null } : {}),
			// The log-in with which the record began counts no more than any other from then on.
			...(isTakenOver ? { firstOf: presented.fingerprint } : {}),
		},
	});
}

import type { SqlTransaction } from '../vault/database/transaction';
import { together } from '../vault/database/transaction';
import type { EventOrigin } from '../vault/rows/events';
import type { Proof } from '../vault/rows/proofs';
import { noteProof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import { markReconnect } from '../vault/rows/rivals';
import type { AccessDecision } from './access';
import type { GuardVerdict } from './duplicateGuard';
import type { Presenter } from './types';
import { writeVerdict } from './wishes';

/** What a presentation may leave in the store, and what that follows from. */
export interface PresentationWrites {
	record: VaultRecord;
	verdict: GuardVerdict;
	decision: AccessDecision;
	proofs: readonly Proof[];
	rival: Rival | undefined;
	presenter: Presenter;
	/** The run in which a person takes the registration over. */
	origin: EventOrigin | undefined;
	/** The registration has lapsed that the record had. */
	hasLapsed: boolean;
}

/** Whether a welcomed one leaves something besides the guard's verdict. */
export function isWorthWriting(writes: PresentationWrites): boolean {
	if (!writes.verdict.welcome) return false;
	return (
		writes.decision.notes.length > 0 || pendingNote(writes) !== undefined || isReconnect(writes)
	);
}

/** Whether that its credential has used the authorization is all that it leaves besides. */
export function hasOnlyUse(writes: PresentationWrites): boolean {
	const { notes } = writes.decision;
	if (!writes.verdict.welcome || notes.length === 0) return false;
	return (
		notes.every(({ kind }) => kind === 'use') &&
		pendingNote(writes) === undefined &&
		!isReconnect(writes)
	);
}

/** Writes it all down; of one that is refused the verdict alone. */
export function* writeDown(writes: PresentationWrites): SqlTransaction<void> {
	const { record, verdict, decision, rival } = writes;
	if (!verdict.welcome) return yield* writeVerdict(record, verdict);
	const pending = pendingNote(writes);
	const notes = [...decision.notes, ...(pending === undefined ? [] : [pending])];
	yield* together(
		writeVerdict(record, verdict, writes),
		...notes.map((note) => noteProof(record.id, note)),
		...(rival !== undefined && isReconnect(writes) ? [markReconnect(rival.id)] : []),
	);
}

/** What the guard has put off, unless it is noted already: the time of the first note stands. */
function pendingNote({ verdict, proofs, origin }: PresentationWrites) {
	const { pending, presented } = verdict;
	if (pending === undefined) return undefined;
	const { fingerprint: subject } = presented;
	const isNoted = proofs.some((one) => one.kind === pending && one.subject === subject);
	if (isNoted) return undefined;
	return { kind: pending, subject, ...(origin && { detail: JSON.stringify(origin) }) };
}

/** The owner's own credential, by its id from node code, brought this pair: a press on Connect. */
function isReconnect({ record, rival, presenter }: PresentationWrites): boolean {
	const { owner } = record;
	return (
		rival?.state === 'waiting' &&
		!rival.reconnect &&
		owner !== null &&
		presenter.credentialId === owner.credentialId &&
		presenter.instanceId === owner.instanceId
	);
}

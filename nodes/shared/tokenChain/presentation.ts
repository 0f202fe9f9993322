import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow, together } from '../vault/database/transaction';
import type { SeenAuthorization } from '../vault/rows/authorizations';
import { authorizationsOf, readAuthorization, readRefusal } from '../vault/rows/authorizations';
import type { EventOrigin } from '../vault/rows/events';
import { recordLease } from '../vault/rows/leases';
import { noteProof, proofsOf } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord, readRecordOfAuthorization } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import { rivalOfAuthorization } from '../vault/rows/rivals';
import type { Access, AccessCase, AccessDecision } from './access';
import { decideAccess, isEntitled } from './access';
import type { GuardVerdict } from './duplicateGuard';
import { judge } from './duplicateGuard';
import { secretFingerprint } from './fingerprints';
import { hasOnlyUse, isWorthWriting, writeDown } from './presentationWrites';
import type { Authorization, ChainContext, ChainPolicy, Presenter } from './types';
import type { ChainView } from './view';
import { chainRows } from './view';
import { carryOutWishes, guardFacts, hasProvedWish, isLapsedOwner, isOwnerProved } from './wishes';

/** An authorization the vault knows, the record it belongs to, and what it may do with it. */
export interface Presentation {
	record: VaultRecord;
	/** The guard's word. */
	verdict: GuardVerdict;
	/** From which pair it is served, where the guard welcomes it. */
	access: Access;
	/** The pair it brought, where that stands beside the record's own. */
	rival: Rival | undefined;
	/** The chain of that record, where it was read in the same round trip. */
	view?: ChainView | undefined;
	/** That this credential has used the authorization, where nothing else is to be written. */
	useToNote?: AccessDecision['notes'];
}

/** Who presents which authorization with which client secret. */
export interface PresentedQuestion {
	fingerprint: string;
	secretFingerprint: string;
	presenter: Presenter;
	policy: Pick<ChainPolicy, 'sideBySide' | 'defaultLifeMs' | 'issuedCode'>;
	/** A person takes the registration over, in this run. */
	personTakesOver?: EventOrigin;
	/** The record that it probably belongs to: what is known of that is read together with it. */
	probably?: string | undefined;
	/** The vault has never seen the authorization before. */
	isNew?: boolean;
}

/** The question that an authorization poses. */
export function questionOf(
	{ vault, policy }: ChainContext,
	authorization: Authorization,
	fingerprint: string,
): PresentedQuestion {
	return {
		fingerprint,
		secretFingerprint: secretFingerprint(vault, authorization),
		presenter: authorization.presenter,
		policy,
	};
}

/**
 * Looks an authorization up and lets the guard judge it; writes only where something changed.
 * @returns undefined where the vault has never seen it.
 */
export async function present(
	chain: ChainContext,
	question: PresentedQuestion,
): Promise<Presentation | undefined> {
	const { vault } = chain;
	const seen = await vault.read(() => look(question, chain));
	if (seen === undefined) return seen;
	const { id } = seen.record;
	const lock = recordLease(id);
	const { useToNote } = seen;
	if (useToNote !== undefined) {
		// It holds whatever else has changed meanwhile, so nothing is read again for it.
		await vault.write(() => together(...useToNote.map((note) => noteProof(id, note))), { lock });
	}
	if (!seen.verdict.changed) return seen;
	const written = await vault.write(() => writePresented(question, id), { lock });
	if (written === 'elsewhere') return await vault.write(() => judgePresented(question, 'write'));
	return written && { ...written, view: seen.view };
}

/** Under the lock of the record alone that it belongs to. */
function* writePresented(
	question: PresentedQuestion,
	recordId: string,
): SqlTransaction<Presentation | undefined | 'elsewhere'> {
	const read = yield* readWithFacts({ ...question, probably: recordId });
	return read?.found.id === recordId ? yield* judgePresented(question, 'write', read) : 'elsewhere';
}

/** With the chain of the record that it probably belongs to, all in one round trip. */
function* look(
	question: PresentedQuestion,
	chain: ChainContext,
): SqlTransaction<Presentation | undefined> {
	const { probably } = question;
	if (probably === undefined) return yield* judgePresented(question, 'look');
	const [seen, view] = yield* together(
		judgePresented(question, 'look'),
		chainRows(probably, chain),
	);
	return seen !== undefined && view?.record.id === seen.record.id ? { ...seen, view } : seen;
}

/**
 * As `present`, inside a transaction; `look` tells by `verdict.changed` whether there is something to write.
 * @param present what was read of it before, in the same transaction.
 */
export function* judgePresented(
	question: PresentedQuestion,
	mode: 'look' | 'write',
	present?: PresentedRows,
): SqlTransaction<Presentation | undefined> {
	const { fingerprint, presenter } = question;
	const read = present ?? (yield* readWithFacts(question));
	if (read === undefined) return undefined;
	const { found } = read;
	let { facts } = read;
	let record = found;
	const isDue = !found.provisional && hasProvedWish(facts.proofs);
	if (isDue && mode === 'write') {
		yield* carryOutWishes(found.id, facts.proofs);
		record = (yield* readRecord(found.id)) ?? found;
		facts = yield* factsOf(record.id, question);
	}
	const { proofs, presented, rival, refusal, lineage, now } = facts;
	if (presented === undefined) return undefined;
	// What a person has asked for before holds until it is carried out; a lapsed registration comes back so.
	const asksTakeOver =
		question.personTakesOver !== undefined ||
		(rival?.state === 'waiting' && isLapsedOwner(record, presenter)) ||
		proofs.some(({ kind, subject }) => kind === 'takeOver' && subject === fingerprint);
	const guarded = guardFacts(record, proofs, lineage);
	const verdict = judge({
		...guarded,
		presented,
		isNew: question.isNew === true,
		presenter,
		now,
		personTakesOver: asksTakeOver && !record.provisional,
		unproved: !isEntitled({ ...question, record, proofs }),
	});
	const seen = { presented: verdict.presented, lineage, proofs, rival, refusal, now };
	const decision = decide(question, { record, ...seen });
	const origin = question.personTakesOver;
	const { ownerHasLapsed: hasLapsed } = guarded;
	const writes = { record, verdict, decision, proofs, rival, presenter, origin, hasLapsed };
	const isOnlyUse = !isDue && !verdict.changed && mode === 'look' && hasOnlyUse(writes);
	const changed = !isOnlyUse && (isDue || verdict.changed || isWorthWriting(writes));
	if (mode === 'write' && changed) yield* writeDown(writes);
	return {
		record: { ...record, owner: verdict.owner },
		verdict: { ...verdict, changed },
		access: decision.access,
		rival,
		...(isOnlyUse ? { useToNote: decision.notes } : {}),
	};
}

/** What the store holds of an authorization. */
interface PresentedRows {
	found: VaultRecord;
	facts: PresentedFacts;
}

function* readWithFacts(question: PresentedQuestion): SqlTransaction<PresentedRows | undefined> {
	const { fingerprint, probably } = question;
	const [found, ofProbable] = yield* together(
		readPresented(fingerprint),
		...(probably === undefined ? [] : [factsOf(probably, question)]),
	);
	if (found === undefined) return undefined;
	const isIt = found.id === probably && ofProbable !== undefined;
	return { found, facts: isIt ? ofProbable : yield* factsOf(found.id, question) };
}

function* readPresented(fingerprint: string): SqlTransaction<VaultRecord | undefined> {
	const record = yield* readRecordOfAuthorization(fingerprint);
	return record?.state === 'merged' ? yield* readRecord(record.id) : record;
}

/** What is looked at besides the record. */
type PresentedFacts = Pick<AccessCase, 'proofs' | 'refusal' | 'now'> & {
	presented: SeenAuthorization | undefined;
	rival: Rival | undefined;
	lineage: SeenAuthorization[];
};

function* factsOf(recordId: string, question: PresentedQuestion): SqlTransaction<PresentedFacts> {
	const [proofs, presented, rival, refusal, lineage, now] = yield* together(
		proofsOf(recordId),
		readAuthorization(question.fingerprint),
		rivalOfAuthorization(recordId, question.fingerprint),
		readRefusal(recordId, question.secretFingerprint),
		authorizationsOf(recordId),
		storeNow(),
	);
	return { proofs, presented, rival, refusal, lineage, now };
}

function decide(
	question: PresentedQuestion,
	facts: Pick<AccessCase, 'proofs' | 'refusal' | 'now'> & {
		record: VaultRecord;
		presented: SeenAuthorization;
		lineage: readonly SeenAuthorization[];
		rival: Rival | undefined;
	},
): AccessDecision {
	const { lifeMs } = facts.record.meta;
	const { owner } = facts.record;
	return decideAccess({
		...question,
		...facts,
		isOwners:
			owner !== null &&
			facts.presented.credentialId === owner.credentialId &&
			facts.presented.instanceId === owner.instanceId,
		isOwnerProved: owner !== null && isOwnerProved(owner, facts),
		sideBySide: question.policy.sideBySide,
		issuedCode: question.policy.issuedCode,
		lifeMs: typeof lifeMs === 'number' && lifeMs > 0 ? lifeMs : question.policy.defaultLifeMs,
	});
}

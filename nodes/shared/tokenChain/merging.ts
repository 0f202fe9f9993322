import { randomUUID } from 'node:crypto';

import { attemptsAt, moveAttempts, RIVAL_ATTEMPT } from '../vault/rows/attempts';
import type { SeenAuthorization } from '../vault/rows/authorizations';
import {
	authorizationsOf,
	clearRefusals,
	readAuthorization,
	saveAuthorization,
} from '../vault/rows/authorizations';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow, together } from '../vault/database/transaction';
import { recordLease } from '../vault/rows/leases';
import { moveProofs, proofsOf } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord, readRecordByIdentity, updateRecord } from '../vault/rows/records';
import { insertRival } from '../vault/rows/rivals';
import { claimsIn } from '../vault/spending/claims';
import type { Vault } from '../vault/vault';
import { displacedPair, doubtfulSince } from './displacedPair';
import { refreshTokenFingerprint } from './fingerprints';
import type { PresentedQuestion, Presentation } from './presentation';
import { judgePresented } from './presentation';
import type { TokenPair } from './types';

/** What a merge has to be given; the caller holds the leases of both records. */
export interface MergeInput {
	provisionalId: string;
	identity: string;
	/** The generation of the pair whose access token the service was asked about. */
	generation: number;
	meta: Record<string, unknown>;
	question: PresentedQuestion;
}

/**
 * `again`: the records are not what the caller took leases for; look and try again. `askAgain`: the
 * provisional record holds another pair by now, of which the service has not said whose it is.
 */
export type MergeResult = { merged: Presentation } | 'again' | 'askAgain';

/** The record that a merge would go into, besides the provisional one; undefined where there is none. */
export async function mergeTarget(vault: Vault, identity: string): Promise<string | undefined> {
	return (await vault.read(() => readRecordByIdentity(identity)))?.id;
}

/**
 * Makes a provisional record the record of its identity, or brings its pair to the one that is there.
 * Only what the service has accepted replaces that record's pair; everything else stands beside it as a
 * rival (docs/architecture.md, rule 10). From then on the pair lives there alone, and the provisional
 * record is a signpost.
 *
 * @param targetId the record whose lease the caller holds besides the provisional one's.
 */
export async function merge(
	vault: Vault,
	input: MergeInput,
	targetId: string | undefined,
): Promise<MergeResult> {
	const merging = { ...input, rivalId: randomUUID() };
	const ids = [input.provisionalId, ...(targetId === undefined ? [] : [targetId])];
	const lock = ids.map(recordLease);
	const merged = await vault.write(
		() => mergeTransaction(vault, { ...merging, within: ids }, targetId),
		{ lock },
	);
	if (merged !== 'elsewhere') return merged;
	const result = await vault.write(() => mergeTransaction(vault, merging, targetId));
	return result === 'elsewhere' ? 'again' : result;
}

interface Merging extends MergeInput {
	/** The id of the pair beside the target's own, if it comes to that. */
	rivalId: string;
	/** The records under whose locks it runs; under that of the whole vault where it is left out. */
	within?: string[];
}

function* mergeTransaction(
	vault: Vault,
	input: Merging,
	targetId: string | undefined,
): SqlTransaction<MergeResult | 'elsewhere'> {
	const { question, within } = input;
	const [target, provisional, presented] = yield* together(
		readRecordByIdentity(input.identity),
		readRecord(input.provisionalId),
		readAuthorization(question.fingerprint),
	);
	// Somebody else has merged it: what is touched now may be another record.
	const touched = [provisional?.id, presented?.recordId];
	if (within !== undefined && touched.some((id) => id !== undefined && !within.includes(id))) {
		return 'elsewhere';
	}
	if (provisional === undefined || presented === undefined) return 'again';
	if (target?.id !== targetId) return 'again';
	const isNew = provisional.provisional;
	if (isNew && provisional.generation !== input.generation) return 'askAgain';
	if (isNew) {
		const recordId =
			target === undefined
				? yield* promote(yield* withAge(provisional), input)
				: yield* join(vault, target, { provisional, presented }, input);
		yield* saveAuthorization({ ...presented, recordId });
	}
	const merged = yield* judgePresented({ ...question, isNew }, 'write');
	return merged === undefined ? 'again' : { merged };
}

/**
 * A provisional record with an age. Where nobody knows it, the service has just taken the access
 * token, so it ends at most one life from now; a refresh one window from now is never too early.
 */
function* withAge(provisional: VaultRecord): SqlTransaction<VaultRecord> {
	if (provisional.receivedAt !== null) return provisional;
	const now = yield* storeNow();
	const meta = { ...provisional.meta, ageUncertain: true };
	return { ...provisional, requestedAt: now, receivedAt: now, meta };
}

function* promote(provisional: VaultRecord, input: Merging): SqlTransaction<string> {
	const { fingerprint } = input.question;
	yield* updateRecord({
		...provisional,
		identity: input.identity,
		provisional: false,
		meta: {
			...provisional.meta,
			...input.meta,
			pairOf: fingerprint,
			firstOf: fingerprint,
			firstKept: true,
		},
	});
	return provisional.id;
}

/** A provisional record and the authorization that it was made for. */
interface Newcomer {
	provisional: VaultRecord;
	presented: SeenAuthorization;
}

function* join(
	vault: Vault,
	target: VaultRecord,
	newcomer: Newcomer,
	input: Merging,
): SqlTransaction<string> {
	const { provisional } = newcomer;
	const replaces = !input.question.policy.sideBySide && isNewer(provisional, target);
	const signpost = replaces
		? yield* replacePair(vault, target, provisional, input)
		: yield* standBeside(vault, target, newcomer, input);
	yield* moveProofs(provisional.id, target.id);
	yield* updateRecord({
		...provisional,
		state: 'merged',
		sealed: '',
		meta: { mergedInto: target.id, ...signpost },
	});
	return target.id;
}

/** The identity's record goes on with the pair that was accepted, as its next generation. */
function* replacePair(
	vault: Vault,
	target: VaultRecord,
	provisional: VaultRecord,
	input: Merging,
): SqlTransaction<Record<string, unknown>> {
	const generation = target.generation + 1;
	const triedAt = yield* doubtfulSince(target);
	const displaced = displacedPair(vault, target, yield* proofsOf(target.id), triedAt);
	yield* updateRecord({
		...target,
		generation,
		state: provisional.state,
		brokenCode: provisional.brokenCode,
		sealed: vault.sealSecret(target.id, generation, vault.openSecret(provisional)),
		meta: { ...target.meta, ...provisional.meta, ...input.meta, firstKept: true },
		requestedAt: provisional.requestedAt,
		receivedAt: provisional.receivedAt,
		originAt: provisional.originAt,
	});
	if (displaced !== undefined) yield* insertRival(displaced, claimsIn(vault.sealer));
	yield* clearRefusals(target.id);
	yield* moveAttempts(
		{ recordId: provisional.id, generation: provisional.generation },
		{ recordId: target.id, generation, identity: target.identity },
	);
	return { mergedAsGeneration: generation };
}

/** The pair is kept beside the record's own; what is known of its attempts goes with it. */
function* standBeside(
	vault: Vault,
	target: VaultRecord,
	{ provisional, presented }: Newcomer,
	input: Merging,
): SqlTransaction<Record<string, unknown>> {
	const { rivalId, question } = input;
	const pair = vault.openSecret(provisional) as TokenPair;
	const isAccepted = provisional.generation > 1;
	const leftOver = yield* isLeftOver(presented, target.id);
	const attempts = yield* attemptsAt(provisional.id, provisional.generation);
	yield* insertRival(
		{
			id: rivalId,
			recordId: target.id,
			generation: 1,
			origin: isAccepted ? 'healed' : 'claimed',
			state: provisional.state === 'broken' ? 'setAside' : 'waiting',
			reconnect: false,
			fingerprint: refreshTokenFingerprint(vault, pair.refreshToken),
			authorization: question.fingerprint,
			secretFingerprint: question.secretFingerprint,
			sealed: vault.sealSecret(rivalId, 1, pair),
			lifeMs: pair.lifeMs,
			at: leftOver && !isAccepted ? null : provisional.receivedAt,
			triedAt: attempts.at(-1)?.startedAt ?? null,
			note: provisional.brokenCode,
		},
		claimsIn(vault.sealer),
	);
	yield* moveAttempts(
		{ recordId: provisional.id, generation: provisional.generation },
		{ recordId: target.id, generation: target.generation, identity: target.identity },
		RIVAL_ATTEMPT,
	);
	return { mergedRival: rivalId, mergedGeneration: provisional.generation };
}

/** Two notes of n8n that differ by less than this are one note, in milliseconds. */
const SAME_NOTE_MS = 1_000;

/**
 * n8n leaves its note of an earlier log-in behind where an answer has no `expires_in`; a log-in that
 * claims the moment of an earlier one therefore has no age that anybody knows.
 */
function* isLeftOver(presented: SeenAuthorization, recordId: string): SqlTransaction<boolean> {
	const { issuedAt, fingerprint } = presented;
	if (issuedAt === null) return false;
	const lineage = yield* authorizationsOf(recordId);
	return lineage.some(
		(one) =>
			one.fingerprint !== fingerprint &&
			one.issuedAt !== null &&
			Math.abs(one.issuedAt - issuedAt) < SAME_NOTE_MS,
	);
}

/**
 * Whether a provisional record's pair has taken the place of the record's own at a service that keeps
 * one live log-in: it was accepted, by a request that was made after the record's last answer. What is
 * claimed of log-ins proves nothing.
 */
export function isNewer(provisional: VaultRecord, target: VaultRecord): boolean {
	if (provisional.generation === 1 || provisional.state === 'broken') return false;
	if (target.state === 'broken') return true;
	return (provisional.requestedAt ?? 0) > (target.receivedAt ?? 0);
}

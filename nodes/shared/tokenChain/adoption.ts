import { randomUUID } from 'node:crypto';

import { moveAttempts } from '../vault/rows/attempts';
import type { SeenAuthorization } from '../vault/rows/authorizations';
import {
	authorizationsOf,
	clearRefusals,
	readAuthorization,
	saveAuthorization,
} from '../vault/rows/authorizations';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow } from '../vault/database/transaction';
import type { VaultRecord } from '../vault/rows/records';
import {
	insertRecord,
	readRecord,
	readRecordByIdentity,
	updateRecord,
} from '../vault/rows/records';
import type { Vault } from '../vault/vault';
import type { GuardVerdict } from './duplicateGuard';
import { judge } from './duplicateGuard';
import { provisionalKey } from './identityKey';
import type { Presentation } from './presentation';
import { judgePresented } from './presentation';
import type { Authorization, ChainContext, Presenter } from './types';

/**
 * Takes an authorization in whose identity is not known yet: under a provisional record of its own,
 * which has the full contract (docs/architecture.md, "The state of a token chain").
 * @returns the provisional record's id, or that of the record if another process was faster.
 */
export async function takeIn(
	{ vault, policy: { service } }: ChainContext,
	authorization: Authorization,
	fingerprint: string,
): Promise<string> {
	const id = randomUUID();
	const identity = provisionalKey({ ...authorization, service }, fingerprint);
	const { pair, presenter } = authorization;
	const sealed = vault.sealSecret(id, 1, pair);
	const wallNow = Date.now();
	return await vault.write(function* (): SqlTransaction<string> {
		const known = yield* readAuthorization(fingerprint);
		if (known !== undefined) return known.recordId;
		const now = yield* storeNow();
		// The credential tells the moment by n8n's clock; the store may be on another machine.
		const issuedAt =
			authorization.issuedAt === null || pair.lifeMs === null
				? null
				: Math.min(now, now - (wallNow - authorization.issuedAt));
		yield* insertRecord({
			id,
			service,
			identity,
			provisional: true,
			generation: 1,
			state: 'active',
			brokenCode: null,
			sealed,
			meta: { lifeMs: pair.lifeMs },
			requestedAt: issuedAt,
			receivedAt: issuedAt,
			originAt: issuedAt ?? now,
			owner: null,
		});
		yield* saveAuthorization(newAuthorization(fingerprint, id, now, issuedAt, presenter));
		return id;
	});
}

function newAuthorization(
	fingerprint: string,
	recordId: string,
	now: number,
	issuedAt: number | null,
	presenter: Presenter,
): SeenAuthorization {
	return {
		fingerprint,
		recordId,
		firstSeenAt: now,
		issuedAt,
		credentialId: presenter.credentialId,
		credentialName: presenter.credentialName,
		instanceId: presenter.instanceId,
		policy: 'refuse',
		refusedAt: null,
	};
}

/** What a merge has to be given; the caller holds the leases of both records. */
export interface MergeInput {
	provisionalId: string;
	identity: string;
	meta: Record<string, unknown>;
	presenter: Presenter;
	fingerprint: string;
}

/** `again`: the records are not what the caller took leases for; look and try again. */
export type MergeResult = { merged: Presentation } | 'again';

/** The record that a merge would go into, besides the provisional one; undefined where there is none. */
export async function mergeTarget(vault: Vault, identity: string): Promise<string | undefined> {
	return (await vault.read(() => readRecordByIdentity(identity)))?.id;
}

/**
 * Makes a provisional record the record of its identity, or brings its authorization into the one
 * that is there. The newer log-in wins, whichever answer came last: a log-in kills every earlier
 * refresh token of that app and user (docs/facts/exact-online.md 1.5).
 *
 * @param targetId the record whose lease the caller holds besides the provisional one's.
 */
export async function merge(
	vault: Vault,
	input: MergeInput,
	targetId: string | undefined,
): Promise<MergeResult> {
	return await vault.write(() => mergeTransaction(vault, input, targetId));
}

function* mergeTransaction(
	vault: Vault,
	input: MergeInput,
	targetId: string | undefined,
): SqlTransaction<MergeResult> {
	const target = yield* readRecordByIdentity(input.identity);
	const provisional = yield* readRecord(input.provisionalId);
	const presented = yield* readAuthorization(input.fingerprint);
	if (provisional === undefined || presented === undefined) return 'again';
	if (target?.id !== targetId) return 'again';
	if (!provisional.provisional) {
		const known = yield* judgePresented({ ...input, personTakesOver: false, write: true });
		return known === undefined ? 'again' : { merged: known };
	}
	const verdict = judge({
		presented,
		isNew: true,
		presenter: input.presenter,
		owner: target?.owner ?? null,
		lineage: target === undefined ? [presented] : yield* authorizationsOf(target.id),
		now: yield* storeNow(),
		released: target?.meta.released === true,
	});
	const dated = yield* withAge(provisional, presented, target);
	const record =
		target === undefined
			? yield* promote(dated, input, verdict)
			: yield* joinInto(vault, target, dated, input, verdict);
	yield* saveAuthorization({ ...verdict.presented, recordId: record.id });
	for (const other of verdict.others) yield* saveAuthorization(other);
	return { merged: { record, verdict } };
}

/** Two notes of n8n that differ by less than this are one note, in milliseconds. */
const SAME_NOTE_MS = 1_000;

/**
 * The provisional record with an age. Where nobody knows it, the service has just taken the access
 * token, so it ends at most one life from now; a refresh one window from now is never too early.
 * n8n leaves its note of an earlier log-in behind where an answer has no `expires_in`; a log-in that
 * claims the moment of an earlier one is therefore taken for a new one.
 */
function* withAge(
	provisional: VaultRecord,
	presented: SeenAuthorization,
	target: VaultRecord | undefined,
): SqlTransaction<VaultRecord> {
	const now = yield* storeNow();
	const lineage = target === undefined ? [] : yield* authorizationsOf(target.id);
	const { issuedAt } = presented;
	const isLeftOver =
		issuedAt !== null &&
		lineage.some(
			(one) => one.issuedAt !== null && Math.abs(one.issuedAt - issuedAt) < SAME_NOTE_MS,
		);
	const originAt = isLeftOver ? now : provisional.originAt;
	if (provisional.receivedAt !== null) return { ...provisional, originAt };
	return {
		...provisional,
		originAt,
		requestedAt: now,
		receivedAt: now,
		meta: { ...provisional.meta, ageUncertain: true },
	};
}

function* promote(
	provisional: VaultRecord,
	input: MergeInput,
	verdict: GuardVerdict,
): SqlTransaction<VaultRecord> {
	const record: VaultRecord = {
		...provisional,
		identity: input.identity,
		provisional: false,
		meta: { ...provisional.meta, ...input.meta },
		owner: verdict.owner,
	};
	yield* updateRecord(record);
	return record;
}

function* joinInto(
	vault: Vault,
	target: VaultRecord,
	provisional: VaultRecord,
	input: MergeInput,
	verdict: GuardVerdict,
): SqlTransaction<VaultRecord> {
	const wins = isNewer(provisional, target);
	const chain = wins ? withNewerChain(vault, target, provisional, input) : target;
	const record: VaultRecord = { ...chain, owner: verdict.owner };
	const { generation } = record;
	yield* updateRecord({
		...record,
		meta: { ...record.meta, released: record.owner === null && target.meta.released === true },
	});
	if (wins) {
		yield* clearRefusals(target.id);
		yield* moveAttempts(
			{ recordId: provisional.id, generation: provisional.generation },
			{ recordId: target.id, generation, identity: target.identity },
		);
	}
	yield* updateRecord({
		...provisional,
		state: 'merged',
		sealed: '',
		meta: { mergedInto: target.id, ...(wins ? { mergedAsGeneration: generation } : {}) },
	});
	return record;
}

/** The identity's record with the chain of the newer log-in, as its next generation. */
function withNewerChain(
	vault: Vault,
	target: VaultRecord,
	provisional: VaultRecord,
	input: MergeInput,
): VaultRecord {
	const generation = target.generation + 1;
	return {
		...target,
		generation,
		state: provisional.state,
		brokenCode: provisional.brokenCode,
		sealed: vault.sealSecret(target.id, generation, vault.openSecret(provisional)),
		meta: { ...target.meta, ...provisional.meta, ...input.meta },
		requestedAt: provisional.requestedAt,
		receivedAt: provisional.receivedAt,
		originAt: provisional.originAt,
	};
}

/**
 * Which chain is alive at the service: never one that is known to be dead, else that of the later
 * log-in. A provisional chain whose refresh was asked for after the record's last answer has proved
 * that it lives, whatever the clocks said about the log-ins; one that was merely answered then may
 * have been asked before the log-in that killed it.
 */
export function isNewer(provisional: VaultRecord, target: VaultRecord): boolean {
	if (provisional.state !== target.state) return target.state === 'broken';
	const targetOrigin = target.originAt ?? 0;
	if ((provisional.originAt ?? 0) > targetOrigin) return true;
	return provisional.generation > 1 && (provisional.requestedAt ?? 0) > (target.receivedAt ?? 0);
}

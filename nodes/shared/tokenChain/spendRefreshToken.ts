import { randomUUID } from 'node:crypto';

import { holdExitDuring } from '../process/exitHold';
import { closeAttempt, insertAttempt } from '../vault/rows/attempts';
import { saveRefusal } from '../vault/rows/authorizations';
import type { SqlTransaction } from '../vault/database/transaction';
import { thisHolder } from '../process/holder';
import type { LeaseHolding } from '../vault/leaseHolding';
import { holdsLease } from '../vault/rows/leases';
import { markBroken, readRecord } from '../vault/rows/records';
import type { Vault } from '../vault/vault';
import type { RememberedToken } from './chainMemory';
import { chainMemory } from './chainMemory';
import type { ChainView } from './chainView';
import { tokenKey } from './chainView';
import { watchStandstill } from '../vault/spending/standstill';
import type { ChainPolicy, FailedAnswer, GrantedAnswer, TokenClient, TokenPair } from './types';

/** Longest text of an answer that the log of attempts keeps. */
const DETAIL_LENGTH = 300;

/** One attempt to spend the refresh token of a record, under its lease. */
export interface SpendOrder {
	vault: Vault;
	policy: ChainPolicy;
	client: TokenClient;
	/** The record as it was read under the lease. */
	view: ChainView;
	holding: LeaseHolding;
	/** True for the one probe of a chain in doubt; it is logged as such. */
	probe: boolean;
}

/**
 * What came of it. `overtaken`: another generation stands already, nothing was sent or its answer
 * is out of date. `leaseLost`: the lease had passed on, nothing was sent.
 */
export type SpendResult =
	| { kind: 'granted'; token: RememberedToken; stoodStillMs: number }
	| { kind: 'failed'; answer: FailedAnswer }
	| { kind: 'overtaken' }
	| { kind: 'leaseLost' };

/**
 * Spends a refresh token once: writes the attempt ahead, sends, and saves what came (DESIGN.md,
 * vault contract 4). From the request to the save an orderly end of the process waits.
 * @throws ConnectorError of the vault
 */
export async function spendRefreshToken(order: SpendOrder): Promise<SpendResult> {
	const { vault, policy, client, view } = order;
	const pair = vault.openSecret(view.record) as TokenPair;
	const attemptId = randomUUID();
	const begun = await begin(order, attemptId, pair);
	if (begun !== 'begun') return { kind: begun };
	return await holdExitDuring(async () => {
		const endWatch = watchStandstill();
		const answer = await policy.requestTokens(client, pair.refreshToken);
		const stoodStillMs = endWatch();
		if (answer.kind !== 'granted') {
			await recordFailure(order, attemptId, answer);
			return { kind: 'failed', answer };
		}
		const token = await keep(order, attemptId, pair, answer);
		return token === undefined ? { kind: 'overtaken' } : { kind: 'granted', token, stoodStillMs };
	});
}

/** Keyed digest of app and client secret: what a refusal of the service is bound to. */
export function secretFingerprint(vault: Vault, client: TokenClient): string {
	return vault.sealer.fingerprint(
		'client secret',
		client.host,
		client.clientId,
		client.clientSecret,
	);
}

type Begun = 'begun' | 'leaseLost' | 'overtaken';

async function begin(order: SpendOrder, attemptId: string, pair: TokenPair): Promise<Begun> {
	const { vault } = order;
	const spent = vault.sealer.fingerprint('refresh token', pair.refreshToken);
	return await vault
		.write(() => beginAttempt(order, attemptId, spent))
		.catch(async (error: unknown) => {
			// Where the answer to the commit was lost the row may stand, though nothing is sent.
			await vault.write(() => closeAttempt(attemptId, 'notSent', null)).catch(() => undefined);
			throw error;
		});
}

function* beginAttempt(
	{ holding, view, probe }: SpendOrder,
	attemptId: string,
	spentFingerprint: string,
): SqlTransaction<Begun> {
	if (!(yield* holdsLease(holding.name, holding.token))) return 'leaseLost';
	const { id, identity, generation } = view.record;
	const record = yield* readRecord(id);
	if (record?.id !== id || record.generation !== generation) return 'overtaken';
	yield* insertAttempt({
		id: attemptId,
		recordId: id,
		identity,
		generation,
		kind: probe ? 'probe' : 'refresh',
		spentFingerprint,
		holder: thisHolder(),
	});
	return 'begun';
}

/** Saves the new pair before anybody may use it. @returns undefined where a newer one stands. */
async function keep(
	{ vault, policy, view }: SpendOrder,
	attemptId: string,
	spent: TokenPair,
	answer: GrantedAnswer,
): Promise<RememberedToken | undefined> {
	const { record } = view;
	const lifeMs = answer.pair.lifeMs ?? spent.lifeMs ?? policy.defaultLifeMs;
	const pair: TokenPair = { ...answer.pair, lifeMs };
	const generation = record.generation + 1;
	const toWall = (monotonic: number) => Math.round(Date.now() - (performance.now() - monotonic));
	const result = await vault.saveSecret(
		{
			recordId: record.id,
			spentGeneration: record.generation,
			sealed: vault.sealSecret(record.id, generation, pair),
			meta: { lifeMs, ageUncertain: false },
			requestedAt: toWall(answer.requestedAt),
			receivedAt: toWall(answer.receivedAt),
			attemptId,
		},
		() => ({
			requestedAgoMs: performance.now() - answer.requestedAt,
			receivedAgoMs: performance.now() - answer.receivedAt,
		}),
	);
	if (result === 'superseded') return undefined;
	const token: RememberedToken = {
		recordId: record.id,
		generation,
		accessToken: pair.accessToken,
		lifeMs,
		requestedAt: answer.requestedAt,
		receivedAt: answer.receivedAt,
		ageUncertain: false,
		validUntilWall: toWall(answer.requestedAt) + lifeMs,
	};
	chainMemory().tokens.set(tokenKey(vault, record.id), token);
	return token;
}

async function recordFailure(
	{ vault, client, view }: SpendOrder,
	attemptId: string,
	answer: FailedAnswer,
): Promise<void> {
	const { id, generation } = view.record;
	const fingerprint = secretFingerprint(vault, client);
	const words = `${answer.code}: ${answer.detail}`.slice(0, DETAIL_LENGTH);
	await vault.write(function* (): SqlTransaction<void> {
		yield* closeAttempt(attemptId, answer.kind, words);
		if (answer.kind === 'lost') yield* markBroken(id, generation, answer.code);
		if (answer.kind === 'configuration') {
			yield* saveRefusal(id, fingerprint, answer.code, answer.detail);
		}
	});
}

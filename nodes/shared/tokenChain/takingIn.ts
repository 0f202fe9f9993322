import { randomUUID } from 'node:crypto';

import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow } from '../vault/database/transaction';
import type { SeenAuthorization } from '../vault/rows/authorizations';
import {
	authorizationLock,
	readAuthorization,
	saveAuthorization,
} from '../vault/rows/authorizations';
import { insertRecord } from '../vault/rows/records';
import { provisionalKey } from './identityKey';
import type { Authorization, ChainContext, Presenter } from './types';

/** The record of an authorization that was taken in; `isNew`: just now, so nobody has asked about it yet. */
export interface TakenIn {
	/** Of the provisional record, or of the record if the authorization was known already. */
	recordId: string;
	isNew: boolean;
}

/**
 * Takes an authorization in whose identity is not known yet: under a provisional record of its own,
 * which has the full contract (docs/architecture.md, "The state of a token chain").
 */
export async function takeIn(
	{ vault, policy: { service } }: ChainContext,
	authorization: Authorization,
	fingerprint: string,
): Promise<TakenIn> {
	const id = randomUUID();
	const identity = provisionalKey({ ...authorization, service }, fingerprint);
	const { pair, presenter } = authorization;
	const sealed = vault.sealSecret(id, 1, pair);
	const wallNow = Date.now();
	function* insert(): SqlTransaction<string> {
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
			meta: { lifeMs: pair.lifeMs, pairOf: fingerprint },
			requestedAt: issuedAt,
			receivedAt: issuedAt,
			originAt: issuedAt ?? now,
			owner: null,
		});
		yield* saveAuthorization(newAuthorization(fingerprint, id, now, issuedAt, presenter));
		return id;
	}
	// Nobody knows the new record yet.
	const recordId = await vault.write(insert, { lock: authorizationLock(fingerprint) });
	return { recordId, isNew: recordId === id };
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

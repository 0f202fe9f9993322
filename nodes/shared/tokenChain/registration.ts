import type { SqlTransaction } from '../vault/database/transaction';
import type { Attempt } from '../vault/rows/attempts';
import { latestAttempts } from '../vault/rows/attempts';
import { authorizationsOf, saveAuthorization } from '../vault/rows/authorizations';
import type { EventOrigin } from '../vault/rows/events';
import { noteEvent } from '../vault/rows/events';
import type { VaultRecord } from '../vault/rows/records';
import { listRecords, readRecord, updateRecord } from '../vault/rows/records';
import { clearReconnects } from '../vault/rows/rivals';
import type { Vault } from '../vault/vault';
import { forgetAuthorizations } from './authorizationMemory';
import { authorizationFingerprint } from './fingerprints';
import { identityFacts } from './identityKey';
import type { Presentation } from './presentation';
import { present, questionOf } from './presentation';
import type { Authorization, ChainContext } from './types';
import type { ChainView } from './view';
import { readChain } from './view';

/** A chain as it stands in the store. */
export interface ChainStatus {
	view: ChainView;
	/** Newest first. */
	attempts: Attempt[];
	vault: Vault;
}

/** The chain of a record with its latest attempts. @throws ConnectorError of the policy or the vault */
export async function readStatus(
	chain: ChainContext,
	{ id, identity }: VaultRecord,
	attemptLimit: number,
): Promise<ChainStatus> {
	const { vault, policy } = chain;
	const view = await readChain(chain, id);
	const attempts = await vault.read(() => latestAttempts(id, attemptLimit));
	if (view !== undefined) return { view, attempts, vault };
	throw policy.errors.unknownAuthorization(identityFacts(identity), null);
}

/** All identities of this service that are registered from one n8n instance, or by nobody. */
export async function readRegistered(
	chain: ChainContext,
	instanceId: string | null,
): Promise<ChainView[]> {
	const records = await chain.vault.read(() => listRecords(chain.policy.service));
	const views: ChainView[] = [];
	for (const { id, owner } of records) {
		if (owner !== null && owner.instanceId !== instanceId) continue;
		const view = await readChain(chain, id);
		if (view) views.push(view);
	}
	return views;
}

/**
 * Gives the registration of a record up: the next credential that uses the identity becomes its
 * owner, also one that was refused before. The chain goes on.
 */
export async function releaseRegistration(
	vault: Vault,
	recordId: string,
	origin: EventOrigin,
): Promise<void> {
	await vault.writeAt(recordId, function* (): SqlTransaction<void> {
		const record = yield* readRecord(recordId);
		if (record === undefined) return;
		yield* updateRecord({ ...record, owner: null, meta: { ...record.meta, released: true } });
		yield* clearReconnects(record.id);
		for (const one of yield* authorizationsOf(record.id)) {
			if (one.refusedAt !== null) yield* saveAuthorization({ ...one, refusedAt: null });
		}
		yield* noteEvent(record.id, 'release', origin);
	});
	forgetAuthorizations();
}

/**
 * Registers the credential of an authorization whose identity is known in place of the owner; where the
 * authorization is not proved yet, as soon as it is.
 * @returns undefined where the vault no longer knows it.
 */
export async function takeOverRegistration(
	chain: ChainContext,
	authorization: Authorization,
	origin: EventOrigin,
): Promise<Presentation | undefined> {
	const fingerprint = authorizationFingerprint(chain.vault, authorization);
	const question = questionOf(chain, authorization, fingerprint);
	const taken = await present(chain, { ...question, personTakesOver: origin });
	forgetAuthorizations();
	return taken;
}

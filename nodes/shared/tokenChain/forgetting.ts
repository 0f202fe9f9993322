import { holdExitDuring } from '../process/exitHold';
import type { SqlTransaction } from '../vault/database/transaction';
import { LEASE_WAIT_MS } from '../vault/leaseHolding';
import type { EventOrigin } from '../vault/rows/events';
import { noteEvent } from '../vault/rows/events';
import { forgetRecord, forgottenAt, forgottenIdentity, forgetRival } from '../vault/rows/forgotten';
import { recordLease } from '../vault/rows/leases';
import type { VaultRecord } from '../vault/rows/records';
import { FORGOTTEN, readRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import { rivalsOf } from '../vault/rows/rivals';
import { forgetAuthorizations } from './authorizationMemory';
import { identityFacts } from './identityKey';
import { forgetToken } from './memory';
import type { Presentation } from './presentation';
import { revokeAll } from './revocation';
import { requireProof } from './requireProof';
import type { Authorization, ChainContext } from './types';

/** How a person wants a log-in to be forgotten. */
export interface ForgetOrder {
	origin: EventOrigin;
	/** Also where the service does not confirm that it has taken the refresh tokens back. Default false. */
	anyway?: boolean;
}

/** A log-in that has ended for good. */
export interface Forgotten {
	/** The record as it stood before. */
	record: VaultRecord;
	/** `connection`: everything of the identity. `ownLogIn`: the pair that this authorization brought. */
	scope: 'connection' | 'ownLogIn';
	/** Store clock, milliseconds. */
	at: number;
	/** Whether the service has taken every refresh token back. */
	revoked: boolean;
}

/** Other processes may merge the record meanwhile; then its lease is another one. */
const MOST_TRIES = 5;

/**
 * Ends a log-in for good, because a person asks for it: under the record's lease, so that a refresh under
 * way ends first. The refresh tokens are taken back where the service can do that, everything sealed is
 * overwritten, and the authorizations are known as forgotten from then on. The identity is free for a
 * new log-in.
 *
 * @param look presents the authorization, which must be welcome.
 * @throws ConnectorError of the policy's errors (`unproved`), of its `revokeTokens`, or of the vault.
 */
export async function forgetLogIn(
	chain: ChainContext,
	authorization: Authorization,
	look: () => Promise<Presentation>,
	order: ForgetOrder,
): Promise<Forgotten> {
	let { record } = await look();
	for (let tries = 0; tries < MOST_TRIES; tries += 1) {
		const { id } = record;
		const done = await chain.vault.withLease(
			recordLease(id),
			{ waitMs: LEASE_WAIT_MS },
			async (holding) =>
				await holdExitDuring(async () => {
					// Received secrets come in first, so that nothing of this log-in is left behind.
					await chain.vault.replayUnsaved(undefined, holding);
					const presentation = await look();
					({ record } = presentation);
					if (record.id !== id) return undefined;
					return await forgetUnderLease(chain, authorization, presentation, order);
				}),
		);
		if (done !== undefined) return done;
	}
	const why = 'other processes kept changing this connection';
	throw chain.policy.errors.unavailable(identityFacts(record.identity), why, Date.now());
}

async function forgetUnderLease(
	chain: ChainContext,
	authorization: Authorization,
	presentation: Presentation,
	{ origin, anyway = false }: ForgetOrder,
): Promise<Forgotten | undefined> {
	const { vault } = chain;
	const { record, rival } = presentation;
	const earlier = forgottenAt(record);
	if (earlier !== undefined) {
		return { record, scope: 'connection', at: earlier, revoked: false };
	}
	const scope = presentation.access.from === 'rival' ? 'ownLogIn' : 'connection';
	if (scope === 'connection') await requireProof(chain, presentation);
	const beside = await vault.read(() => rivalsOf(record.id));
	const places =
		scope === 'connection' ? [record, ...beside] : beside.filter(({ id }) => id === rival?.id);
	const revoked = await revokeAll(chain, authorization, places, anyway);
	const at = await vault.writeAt(record.id, () =>
		forgetRows(record.id, scope === 'connection' ? undefined : rival, origin),
	);
	if (at === undefined) return undefined;
	await vault.forgetSecrets(new Set(places.map(({ id }) => id)));
	for (const { id } of places) forgetToken(vault, id);
	forgetAuthorizations();
	return { record, scope, at, revoked };
}

function* forgetRows(
	recordId: string,
	rival: Rival | undefined,
	origin: EventOrigin,
): SqlTransaction<number | undefined> {
	const record = yield* readRecord(recordId);
	if (record?.id !== recordId) return undefined;
	yield* noteEvent(recordId, 'forget', origin);
	if (rival !== undefined) return yield* forgetRival(rival);
	return yield* forgetRecord(record, {
		identity: forgottenIdentity(record),
		provisional: false,
		state: 'broken',
		brokenCode: FORGOTTEN,
	});
}

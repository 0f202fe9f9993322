import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow } from '../vault/database/transaction';
import {
	authorizationsOf,
	readAuthorization,
	saveAuthorization,
} from '../vault/rows/authorizations';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord, updateRecord } from '../vault/rows/records';
import type { Vault } from '../vault/vault';
import type { GuardVerdict } from './duplicateGuard';
import { judge } from './duplicateGuard';
import type { Authorization, Presenter } from './types';

/** An authorization the vault knows, the record it belongs to, and the guard's word on it. */
export interface Presentation {
	record: VaultRecord;
	verdict: GuardVerdict;
}

/** Keyed digest of an authorization: host, client id and the refresh token that Connect brought. */
export function authorizationFingerprint(vault: Vault, authorization: Authorization): string {
	return vault.sealer.fingerprint(
		'authorization',
		authorization.host,
		authorization.clientId,
		authorization.pair.refreshToken,
	);
}

/**
 * Looks an authorization up and lets the guard judge it; writes only where something changed.
 * @returns undefined where the vault has never seen it.
 */
export async function present(
	vault: Vault,
	fingerprint: string,
	presenter: Presenter,
	personTakesOver = false,
): Promise<Presentation | undefined> {
	const ask = { fingerprint, presenter, personTakesOver };
	const seen = await vault.read(() => judgePresented({ ...ask, write: false }));
	if (!seen?.verdict.changed) return seen;
	return await vault.write(() => judgePresented({ ...ask, write: true }));
}

/** Who presents which authorization, and whether what changes by it is written down. */
interface PresentedQuestion {
	fingerprint: string;
	presenter: Presenter;
	personTakesOver: boolean;
	write: boolean;
}

/** As `present`, inside a transaction. */
export function* judgePresented({
	fingerprint,
	presenter,
	personTakesOver,
	write,
}: PresentedQuestion): SqlTransaction<Presentation | undefined> {
	const presented = yield* readAuthorization(fingerprint);
	if (presented === undefined) return undefined;
	const record = yield* readRecord(presented.recordId);
	if (record === undefined) return undefined;
	const verdict = judge({
		presented,
		isNew: false,
		presenter,
		owner: record.owner,
		lineage: yield* authorizationsOf(record.id),
		now: yield* storeNow(),
		released: record.meta.released === true,
		personTakesOver: personTakesOver && !record.provisional,
	});
	if (write && verdict.changed) yield* writeVerdict(record, verdict);
	return { record: { ...record, owner: verdict.owner }, verdict };
}

function* writeVerdict(record: VaultRecord, verdict: GuardVerdict): SqlTransaction<void> {
	yield* saveAuthorization({ ...verdict.presented, recordId: record.id });
	for (const other of verdict.others) yield* saveAuthorization(other);
	if (JSON.stringify(record.owner) !== JSON.stringify(verdict.owner)) {
		yield* updateRecord({
			...record,
			owner: verdict.owner,
			meta: { ...record.meta, released: false },
		});
	}
}

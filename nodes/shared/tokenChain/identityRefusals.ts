import { passOn } from '../errors';
import { parseJson, isRecord } from '../http';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow, together } from '../vault/database/transaction';
import { itemLock, putItem, readItem } from '../vault/rows/items';
import { itemScope } from '../vault/rows/itemScopes';
import type { Vault } from '../vault/vault';
import { isVaultTrouble } from '../vault/vaultErrors';

/** So many refusals are tried again at once: right after a log-in a token is not known everywhere yet. */
const FREE_REFUSALS = 5;

/**
 * How long the service is not asked again after that, in milliseconds. Exact Online blocks an app after ten
 * errors of an endpoint in an hour (docs/facts/exact-online.md 1.7).
 */
const PAUSE_MS = 900_000;

/** By record: how often all processes were refused, and when last. A refusal of days ago says nothing. */
const SCOPE = itemScope('identityRefusals1', 7 * 86_400_000);

interface Refusals {
	count: number;
	/** Store's clock, milliseconds. */
	lastAt: number;
}

/**
 * Until when (store's clock, ms) no process asks the service whose the pairs of this log-in are; undefined where this
 * one may, which is then noted, so that several processes do not ask at once.
 */
export async function notAskedUntil(vault: Vault, recordId: string): Promise<number | undefined> {
	return await changed(vault, recordId, function* (known, now) {
		if (known.count < FREE_REFUSALS) return undefined;
		if (now < known.lastAt + PAUSE_MS) return known.lastAt + PAUSE_MS;
		yield* put(recordId, { ...known, lastAt: now });
		return undefined;
	});
}

/** The service has refused the access token by which it was asked whose it is. */
export async function noteIdentityRefused(vault: Vault, recordId: string): Promise<void> {
	await changed(vault, recordId, function* ({ count }, now) {
		yield* put(recordId, { count: count + 1, lastAt: now });
		return undefined;
	});
}

/** Runs a step on what is known of a record; a store in trouble knows nothing, and keeps nothing. */
async function changed<T>(
	vault: Vault,
	recordId: string,
	step: (known: Refusals, now: number) => SqlTransaction<T | undefined>,
): Promise<T | undefined> {
	const transaction = function* (): SqlTransaction<T | undefined> {
		const [item, now] = yield* together(readItem(SCOPE, recordId), storeNow());
		return yield* step(parsed(item?.value), now);
	};
	return await vault
		.write(transaction, { lock: itemLock(SCOPE, recordId) })
		.catch((error: unknown) => (isVaultTrouble(error) ? undefined : passOn(error)));
}

function* put(recordId: string, refusals: Refusals): SqlTransaction<void> {
	yield* putItem(SCOPE, recordId, JSON.stringify(refusals));
}

function parsed(text: string | undefined): Refusals {
	const value = text === undefined ? undefined : parseJson(text);
	if (!isRecord(value)) return { count: 0, lastAt: 0 };
	const { count, lastAt } = value;
	return { count: Number(count) || 0, lastAt: Number(lastAt) || 0 };
}

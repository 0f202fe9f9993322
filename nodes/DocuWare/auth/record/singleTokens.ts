import { parseObject } from '../../../shared/http';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { tokenDigest } from './madeTokens';
import type { StoredLoginToken } from './sessionRecord';

/** Longer than any login token lives (docs/facts/docuware.md 4.2). */
const SCOPE = itemScope('docuware single token', 400 * 86_400_000);

/**
 * What is known of a login token that opens one session. It is kept beside the records, because one token
 * may come by way of several: as the newest of its user, given to an operation, in a credential.
 */
interface SingleToken {
	/** Whether the vault has had it made so; else somebody said so, and may correct it. */
	made: boolean;
	/** Set before it goes out, so that it is never sent twice. */
	spent: boolean;
}

/** Notes that a token was made for one use. */
export function* noteSingleMade(vault: Vault, token: string): SqlTransaction<void> {
	const spent = (yield* known(vault, token))?.spent ?? false;
	yield* put(vault, token, { made: true, spent });
}

/** Notes that a token for one use goes out, or that it provably was not used after all. */
export function* noteSingleSpent(
	vault: Vault,
	token: string,
	spent: boolean,
): SqlTransaction<void> {
	const made = (yield* known(vault, token))?.made ?? false;
	yield* put(vault, token, { made, spent });
}

/** A token with what is known of it, whoever says what of it. */
export function* knownToken<T extends StoredLoginToken | null>(
	vault: Vault,
	token: T,
): SqlTransaction<T> {
	if (token === null) return token;
	const { made = false, spent = false } = (yield* known(vault, token.value)) ?? {};
	return { ...token, usage: made ? 'Single' : token.usage, spent: token.spent || spent };
}

function* known(vault: Vault, token: string): SqlTransaction<SingleToken | undefined> {
	const item = yield* readItem(SCOPE, tokenDigest(vault, token));
	return item && (parseObject(item.value) as SingleToken | undefined);
}

function* put(vault: Vault, token: string, what: SingleToken): SqlTransaction<void> {
	yield* putItem(SCOPE, tokenDigest(vault, token), JSON.stringify(what));
}

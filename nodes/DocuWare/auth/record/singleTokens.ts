import { parseObject } from '../../../shared/http';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { compareAndSetItem, readItem } from '../../../shared/vault/rows/items';
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
	yield* change(vault, token, ({ spent }) => ({ made: true, spent }));
}

/**
 * Notes that a token for one use goes out.
 * @returns false where it has gone out already: it came to somebody else by another way, and is not sent again.
 */
export function* noteSingleSpent(vault: Vault, token: string): SqlTransaction<boolean> {
	return yield* change(vault, token, ({ made, spent }) =>
		spent ? undefined : { made, spent: true },
	);
}

/** Notes that a token provably was not used after all, by whoever had noted that it goes out. */
export function* noteSingleUnspent(vault: Vault, token: string): SqlTransaction<void> {
	yield* change(vault, token, ({ made }) => ({ made, spent: false }));
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
	return item && parseToken(item.value);
}

/**
 * The records by way of which a token comes are locked one by one, so that two of them may change what is
 * known of it at the same time: each on top of the other.
 * @returns false where nothing was to be changed.
 */
function* change(
	vault: Vault,
	token: string,
	next: (now: SingleToken) => SingleToken | undefined,
): SqlTransaction<boolean> {
	const name = tokenDigest(vault, token);
	for (;;) {
		const item = yield* readItem(SCOPE, name);
		const now = (item && parseToken(item.value)) ?? { made: false, spent: false };
		const changed = next(now);
		if (changed === undefined) return false;
		const value = JSON.stringify(changed);
		if (yield* compareAndSetItem(SCOPE, name, value, item?.version ?? 0)) return true;
	}
}

function parseToken(value: string): SingleToken | undefined {
	return parseObject(value) as SingleToken | undefined;
}

import type { SqlTransaction } from '../../../../shared/vault/database/transaction';
import type { Vault } from '../../../../shared/vault/vault';
import type { SessionSecret } from '../../record/sessionRecord';
import { changeSession } from '../../record/sessionRecord';
import { noteSingleSpent } from '../../record/singleTokens';
import type { OpeningMeans } from './openingMeans';
import type { OpeningAttempt } from './openingTypes';

/**
 * Marks the single-use token of a log-on as spent, before it goes out, or as unspent again where it
 * provably did not: in its record, and for every other way by which it may come.
 */
export function* markToken(
	vault: Vault,
	{ view, means }: Pick<OpeningAttempt, 'view' | 'means'>,
	spent: boolean,
): SqlTransaction<void> {
	if (!('token' in means) || means.token.usage !== 'Single') return;
	yield* noteSingleSpent(vault, means.token.value, spent);
	const { id, generation } = view.record;
	yield* changeSession(vault, id, generation, (secret, meta) => {
		const marked = markSpent(secret, means, spent);
		return marked === secret ? undefined : [marked, meta];
	});
}

/** The secrets of a record with that mark. Another token that has come in its place stays as it is. */
export function markSpent(
	secret: SessionSecret,
	means: OpeningMeans,
	spent: boolean,
): SessionSecret {
	if (!('token' in means) || means.token.usage !== 'Single') return secret;
	const place = means.kind === 'storedToken' ? 'loginToken' : 'sourceToken';
	const present = secret[place];
	return present?.value === means.token.value
		? { ...secret, [place]: { ...present, spent } }
		: secret;
}

import type { SqlTransaction } from '../../../../shared/vault/database/transaction';
import type { Vault } from '../../../../shared/vault/vault';
import type { SessionSecret } from '../../record/sessionRecord';
import { changeSession } from '../../record/sessionRecord';
import { noteSingleSpent, noteSingleUnspent } from '../../record/singleTokens';
import type { OpeningMeans } from './openingMeans';
import type { OpeningAttempt } from './openingTypes';

/**
 * Marks the single-use token of a log-on as spent, before it goes out: in its record, and for every other
 * way by which it may come.
 * @returns `overtaken` where it has gone out by another way meanwhile.
 */
export function* markTokenSpent(
	vault: Vault,
	attempt: MarkedAttempt,
): SqlTransaction<'overtaken' | void> {
	const { means } = attempt;
	if (!isSingle(means)) return;
	if (!(yield* noteSingleSpent(vault, means.token.value))) return 'overtaken';
	yield* markInRecord(vault, attempt, true);
}

/** Takes that mark back where the token provably did not go out, or was not looked at. */
export function* markTokenUnspent(vault: Vault, attempt: MarkedAttempt): SqlTransaction<void> {
	const { means } = attempt;
	if (!isSingle(means)) return;
	yield* noteSingleUnspent(vault, means.token.value);
	yield* markInRecord(vault, attempt, false);
}

type MarkedAttempt = Pick<OpeningAttempt, 'view' | 'means'>;

type TokenMeans = Extract<OpeningMeans, { token: unknown }>;

function isSingle(means: OpeningMeans): means is TokenMeans {
	return 'token' in means && means.token.usage === 'Single';
}

function* markInRecord(
	vault: Vault,
	{ view, means }: MarkedAttempt,
	spent: boolean,
): SqlTransaction<void> {
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
	if (!isSingle(means)) return secret;
	const place = means.kind === 'storedToken' ? 'loginToken' : 'sourceToken';
	const present = secret[place];
	return present?.value === means.token.value
		? { ...secret, [place]: { ...present, spent } }
		: secret;
}

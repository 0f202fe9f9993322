import type { SqlTransaction } from '../../../../shared/vault/database/transaction';
import type { AttemptEnd } from '../../../../shared/vault/spending/attempt';
import type { Conclusion, GrantedSecret } from '../../../../shared/vault/spending/spendSecret';
import type { Vault } from '../../../../shared/vault/vault';
import type { SessionAccount } from '../../account/sessionAccount';
import type { ReplacedSession, SessionSecret, SessionView } from '../../record/sessionRecord';
import { changeSession, secretsOf, withTokenFacts } from '../../record/sessionRecord';
import type { LogOnAnswer } from '../../wire/logOnAnswers';
import { isDeadToken } from '../../wire/logOnAnswers';
import type { TimedLogOnAnswer } from '../../wire/logOnRequests';
import type { OpeningMeans } from './openingMeans';
import { openedBy } from './openingMeans';
import type { OpeningAttempt } from './openingTypes';
import { markSpent, markTokenUnspent } from './tokenMarks';

/** Who logs on, and the digest of the secret that proves it. */
export interface Opener {
	vault: Vault;
	account: SessionAccount;
	proof: string;
	credentialId: string | null;
}

/** What is written down about the answer to a log-on. */
export function concludeLogOn(
	opener: Opener,
	attempt: OpeningAttempt,
	timed: TimedLogOnAnswer,
): Conclusion {
	const { answer } = timed;
	if (answer.kind === 'opened') {
		return { kind: 'granted', granted: grantedSession(opener, attempt, timed, answer) };
	}
	const end = endWithoutSession(answer, attempt.means);
	if (answer.kind === 'refused' && isDeadToken(answer) && attempt.means.kind === 'storedToken') {
		return { kind: 'ended', end: { ...end, also: () => dropStoredToken(opener.vault, attempt) } };
	}
	return {
		kind: 'ended',
		end: provesUnspent(answer)
			? { ...end, also: () => markTokenUnspent(opener.vault, attempt) }
			: end,
	};
}

/**
 * Whether a single-use token that was sent is good all the same: the way in is gone or not there, the
 * server was too busy to look, or the client was refused before the token was. Whatever else came may
 * have come after it was spent, also "no licence".
 */
export function provesUnspent(answer: LogOnAnswer): boolean {
	if (answer.kind === 'failed') return answer.status === 404;
	return answer.kind === 'gone' || answer.kind === 'throttled' || answer.kind === 'client';
}

/** Outcome and detail of an attempt that opened no session. */
export function endWithoutSession(
	answer: Exclude<LogOnAnswer, { kind: 'opened' }>,
	means: OpeningMeans,
): Pick<AttemptEnd, 'outcome' | 'detail'> {
	switch (answer.kind) {
		case 'refused':
			return means.kind === 'storedToken' && isDeadToken(answer)
				? { outcome: 'lost', detail: answer.detail || 'the login token was refused' }
				: { outcome: 'configuration', detail: answer.detail || 'HTTP 401' };
		case 'noLicence':
			return { outcome: 'refused', detail: 'no free licence' };
		case 'gone':
			return { outcome: 'refused', detail: 'HTTP 410' };
		case 'throttled':
			return { outcome: 'refused', detail: 'HTTP 429' };
		case 'client':
			return { outcome: 'configuration', detail: answer.detail };
		case 'noCookies':
			return { outcome: 'unknown', detail: 'HTTP 200 without session cookies' };
		case 'noToken':
			return { outcome: 'unknown', detail: 'HTTP 200 without a token' };
		case 'failed':
			return {
				outcome: provesUnspent(answer) ? 'refused' : 'unknown',
				detail: `HTTP ${answer.status}`,
			};
	}
}

function grantedSession(
	{ vault, account, proof, credentialId }: Opener,
	{ view, means, way, failedToken }: OpeningAttempt,
	{ requestedAt, receivedAt }: TimedLogOnAnswer,
	{ credential }: Extract<LogOnAnswer, { kind: 'opened' }>,
): GrantedSecret {
	const kept = markSpent(secretsOf(vault, view.record), means, true);
	// A login token of other log-in data must not open a session for these.
	const isOwn = view.meta.proof === null || view.meta.proof === proof;
	const replaced = replacedWith(view, kept);
	const hasFailed = kept.loginToken?.value === failedToken;
	const loginToken = isOwn && !hasFailed ? kept.loginToken : null;
	const secret = { ...kept, loginToken, session: credential, replaced };
	const meta = withTokenFacts(
		{
			...view.meta,
			label: account.label,
			state: 'open',
			proof,
			madeTokens: isOwn ? view.meta.madeTokens : [],
			loggedOffBy: null,
			openedByCredential: credentialId,
			replacedSessions: replaced.length,
			wayIn: way.wayIn,
			wayInReason: way.reason,
			openedBy: openedBy(means),
			lifeMs: credential.kind === 'bearer' ? credential.lifeMs : null,
		},
		secret,
	);
	return { secret, meta: { ...meta }, requestedAt, receivedAt };
}

/** The sessions to be logged off, with the one that was open until now; a bearer token has no log-off. */
function replacedWith({ meta, storeNow }: SessionView, secret: SessionSecret): ReplacedSession[] {
	const { session, replaced = [] } = secret;
	if (meta.state === 'none' || session?.kind !== 'cookie') return replaced;
	return [...replaced, { session, replacedAt: storeNow }];
}

/** Takes the login token of the vault that was tried out of its record. */
export function* dropStoredToken(
	vault: Vault,
	{ view, means }: Pick<OpeningAttempt, 'view' | 'means'>,
): SqlTransaction<void> {
	const { id, generation } = view.record;
	const spent = 'token' in means ? means.token.value : undefined;
	yield* changeSession(vault, id, generation, (secret, meta) =>
		secret.loginToken?.value === spent ? [{ ...secret, loginToken: null }, meta] : undefined,
	);
}

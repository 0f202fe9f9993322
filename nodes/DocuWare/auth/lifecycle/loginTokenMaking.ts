import type { HttpResponse } from '../../../shared/http';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import type { LeaseHolding } from '../../../shared/vault/leaseHolding';
import { LEASE_WAIT_MS } from '../../../shared/vault/leaseHolding';
import { recordLease } from '../../../shared/vault/rows/leases';
import { wasForgottenSince } from '../../../shared/vault/rows/forgotten';
import type { VaultRecord } from '../../../shared/vault/rows/records';
import { readRecord } from '../../../shared/vault/rows/records';
import type { AttemptEnd, NotBegun } from '../../../shared/vault/spending/attempt';
import { runLogged } from '../../../shared/vault/spending/spendSecret';
import type { Vault } from '../../../shared/vault/vault';
import { isMadeToken, withMadeToken } from '../record/madeTokens';
import { changeSession, metaOf, secretsOf } from '../record/sessionRecord';
import { noteSingleMade } from '../record/singleTokens';
import type { LoginTokenDescription } from '../wire/loginTokenRequest';
import { loginTokenRefused } from '../wire/loginTokenRequest';

/** What a login token is asked for with, and its life in milliseconds. */
export interface LoginTokenTerms extends LoginTokenDescription {
	lifetimeMs: number;
}

/** What came of asking for a login token; `sessionIsOver`: the server no longer knows the session. */
export type LoginTokenReply =
	{ kind: 'made'; token: string } | { kind: 'failed'; error: Error; sessionIsOver: boolean };

/** One login token to be made with a session that the vault keeps. */
export interface LoginTokenOrder {
	vault: Vault;
	/** The session's record as it was read. */
	record: VaultRecord;
	/** The lease under which alone it may be asked for; left out where others may ask as well. */
	holding?: LeaseHolding;
	terms: LoginTokenTerms;
	/** Asks the server; throws only where nothing was sent. */
	ask: () => Promise<LoginTokenReply>;
	/** Changed together with the end of the attempt. */
	also?: (reply: LoginTokenReply) => SqlTransaction<void>;
	/** Run where the request provably never left. */
	unmark?: () => SqlTransaction<void>;
	/** Aborted before the request leaves: nothing is sent. */
	signal?: AbortSignal;
}

/**
 * Has a login token made, written down before. One that can begin a session of this package is in the
 * vault as the newest one when this returns. No secret is spent, so there is nothing to take up
 * again: an attempt without an answer has at most left a token behind that nobody knows.
 * @throws ConnectorError of the vault, and what `ask` throws.
 */
export async function makeLoginToken(order: LoginTokenOrder): Promise<LoginTokenReply | NotBegun> {
	const { vault, record, holding, ask, unmark, signal } = order;
	let before: string | undefined;
	const result = await runLogged<LoginTokenReply>({
		vault,
		record,
		kind: 'loginToken',
		spentFingerprint: '',
		holding,
		unmark,
		signal,
		send: ask,
		conclude: (reply): AttemptEnd => ({
			...endOf(reply),
			*also() {
				if (reply.kind === 'made') before = yield* storeLoginToken(order, reply.token);
				if (order.also !== undefined) yield* order.also(reply);
			},
		}),
	});
	if (typeof result === 'string') return result;
	if (holding === undefined && result.answer.kind === 'made') {
		await putBack(order, result.answer.token, before);
	}
	return result.answer;
}

/**
 * A log-on that was under way meanwhile has saved the record as it had read it before, without the token
 * that was made without the lease. Never throws: the token itself is made.
 *
 * @param before the newest token until then; a token that is neither was made later, and stays the newest.
 */
async function putBack(
	order: LoginTokenOrder,
	token: string,
	before: string | undefined,
): Promise<void> {
	const { vault, record } = order;
	const putWhereLost = function* (): SqlTransaction<void> {
		const present = yield* readRecord(record.id);
		if (present === undefined || isMadeToken(vault, metaOf(present), token)) return;
		const newest = secretsOf(vault, present).loginToken?.value;
		if (newest === undefined || newest === before) yield* storeLoginToken(order, token);
	};
	await vault
		.withLease(recordLease(record.id), { waitMs: LEASE_WAIT_MS }, async () => {
			await vault.writeAt(record.id, putWhereLost);
		})
		.catch(() => undefined);
}

/** The answer of the server, or the failure of the request, as a reply. */
export async function replyTo(
	asked: Promise<{ token: string } | { refused: HttpResponse }>,
	isSessionEnd: (answer: HttpResponse) => Promise<boolean> = async () => false,
): Promise<LoginTokenReply> {
	try {
		const made = await asked;
		if ('token' in made) return { kind: 'made', token: made.token };
		const { refused } = made;
		const error = loginTokenRefused(refused);
		return { kind: 'failed', error, sessionIsOver: await isSessionEnd(refused) };
	} catch (failure) {
		const error = failure instanceof Error ? failure : new Error('no token');
		return { kind: 'failed', error, sessionIsOver: false };
	}
}

function endOf(reply: LoginTokenReply): Pick<AttemptEnd, 'outcome' | 'detail'> {
	if (reply.kind === 'made') return { outcome: 'saved', detail: null };
	const detail = reply.sessionIsOver ? 'the session has ended' : reply.error.message;
	return { outcome: 'refused', detail };
}

/**
 * Puts a token into the vault as the newest one, unless it is for other products only, or its session was
 * forgotten while it was made.
 * @returns the newest one until then.
 */
function* storeLoginToken(
	{ vault, record, terms }: LoginTokenOrder,
	value: string,
): SqlTransaction<string | undefined> {
	if (!terms.targetProducts.some((product) => /^platformservice$/i.test(product))) return undefined;
	if (terms.usage === 'Single') yield* noteSingleMade(vault, value);
	const present = yield* readRecord(record.id);
	if (present !== undefined && wasForgottenSince(present.meta, record.generation)) return undefined;
	let before: string | undefined;
	const expiresAt = (yield* storeNow()) + terms.lifetimeMs;
	const { proof } = metaOf(record);
	yield* changeSession(vault, record.id, null, (secret, meta) => {
		// Made by a session of other log-in data than those of today: it is no token of theirs.
		if (meta.proof !== proof) return undefined;
		before = secret.loginToken?.value;
		const loginToken = { value, usage: terms.usage, expiresAt, spent: false };
		return [{ ...secret, loginToken }, withMadeToken(vault, meta, value)];
	});
	return before;
}

import { isConnectorError } from '../../../shared/errors';
import { isSwitchedOff } from '../../../shared/process/environment';
import type { Pauses } from '../../../shared/process/pauses';
import { isPaused, pauseFor } from '../../../shared/process/pauses';
import { processState } from '../../../shared/process/processState';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import type { LeaseHolding } from '../../../shared/vault/leaseHolding';
import { recordLease } from '../../../shared/vault/rows/leases';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { openedFrom } from '../record/openSession';
import type { SessionMeta, SessionView } from '../record/sessionRecord';
import { changeSession, readSession } from '../record/sessionRecord';
import { requestLoginToken, senderWith } from '../wire/loginTokenRequest';
import { isSessionOver } from '../wire/sessionProbe';
import type { LoginTokenReply, LoginTokenTerms } from './loginTokenMaking';
import { makeLoginToken, replyTo } from './loginTokenMaking';

const VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_START_TOKEN';

const HOUR_MS = 3_600_000;

/** Opens the next session should the server end this one; it gets the licence back at once (KBA-36918). */
const TERMS: LoginTokenTerms = {
	usage: 'Multi',
	lifetime: '1.00:00:00',
	lifetimeMs: 24 * HOUR_MS,
	targetProducts: ['PlatformService'],
};

/** With less life left a new one is made: at the first use after 18 hours. */
const RENEW_BELOW_MS = 6 * HOUR_MS;

/** So long a server that refuses such tokens is not asked again. */
const REFUSAL_HOLDS_MS = 24 * HOUR_MS;

/** Pause after a failure that says nothing, in milliseconds. */
const FAILURE_PAUSE_MS = 10 * 60_000;

/** So many records are remembered that were looked at. */
const MOST_REMEMBERED = 1_000;

const LEASE_WAIT_MS = 1_000;

/** By vault and record: it is not looked at again. */
function pauses(): Pauses {
	return processState('docuWareStartTokens1', () => new Map<string, number>());
}

/**
 * Sees to it that the vault holds a login token for the next start of a cookie session that is kept, in
 * the background: a session that the server ends (restart, idle limit) then comes back to its licence
 * at once. Never throws, and nobody waits for it. `N8N_EXACTONLINE_DOCUWARE_START_TOKEN=off` switches it off.
 */
export function keepStartToken(
	vault: Vault,
	connection: ServerConnection,
	view: SessionView,
): void {
	if (isSwitchedOff(process.env[VARIABLE]) || !isDue(view.meta, view.storeNow)) return;
	const key = `${vault.vaultId}|${view.record.id}`;
	if (isPaused(pauses(), key)) return;
	pauseFor(pauses(), key, FAILURE_PAUSE_MS, MOST_REMEMBERED);
	void vault
		.withLease(
			recordLease(view.record.id),
			{ waitMs: LEASE_WAIT_MS },
			async (holding) => await make(vault, connection, view.record.id, holding),
		)
		.catch(() => undefined);
}

function isDue(meta: SessionMeta, now: number): boolean {
	if (meta.state !== 'open' || meta.wayIn !== 'cookie') return false;
	const { loginToken, startTokenRefusedAt = null } = meta;
	if (startTokenRefusedAt !== null && now - startTokenRefusedAt < REFUSAL_HOLDS_MS) return false;
	if (loginToken === null || loginToken.usage === 'Single') return true;
	return loginToken.expiresAt !== null && loginToken.expiresAt - now < RENEW_BELOW_MS;
}

async function make(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
	holding: LeaseHolding,
): Promise<void> {
	const view = await readSession(vault, recordId);
	const credential = view && openedFrom(vault, view)?.credential;
	if (view === undefined || credential === undefined || !isDue(view.meta, view.storeNow)) return;
	const send = senderWith(connection, credential);
	await makeLoginToken({
		vault,
		record: view.record,
		holding,
		terms: TERMS,
		ask: async () =>
			await replyTo(
				requestLoginToken(vault, connection, TERMS, send),
				async (answer) => await isSessionOver(connection, answer, credential),
			),
		*also(reply) {
			if (isRefusal(reply)) yield* noteRefusal(vault, recordId, view.record.generation);
		},
	});
}

/** Only a clear answer is remembered; what passes is tried again. */
function isRefusal(reply: LoginTokenReply): boolean {
	if (reply.kind === 'made' || reply.sessionIsOver || !isConnectorError(reply.error)) return false;
	const { httpStatus = 0 } = reply.error;
	return httpStatus >= 400 && httpStatus < 500 && ![408, 429].includes(httpStatus);
}

function* noteRefusal(vault: Vault, recordId: string, generation: number): SqlTransaction<void> {
	const startTokenRefusedAt = yield* storeNow();
	yield* changeSession(vault, recordId, generation, (secret, meta) => [
		secret,
		{ ...meta, startTokenRefusedAt },
	]);
}

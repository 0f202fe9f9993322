import { passOn } from '../../../shared/errors';
import type { HttpResponse } from '../../../shared/http';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import type { LeaseHolding } from '../../../shared/vault/leaseHolding';
import { holdsLease, recordLease } from '../../../shared/vault/rows/leases';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import { endUse } from '../../../shared/vault/rows/uses';
import { runLogged } from '../../../shared/vault/spending/spendSecret';
import type { Vault } from '../../../shared/vault/vault';
import { quoted } from '../../../shared/errorText';
import { docuWareError } from '../../platform/docuWareErrors';
import { platformMessage } from '../../platform/platformAnswers';
import type { ServerConnection } from '../../platform/serverAddress';
import { forgetSession, openedFrom } from '../record/openSession';
import type { SessionView } from '../record/sessionRecord';
import { changeSession, sessionRows } from '../record/sessionRecord';
import type { LogOffAnswer } from '../wire/logOffRequest';
import { readyLogOff } from '../wire/logOffRequest';
import type { TokenServer } from '../wire/loginTokenRequest';
import { patientSender, requestLoginToken, senderWith } from '../wire/loginTokenRequest';
import type { SessionCredential } from '../wire/sessionCredential';
import { isSessionOver } from '../wire/sessionProbe';
import type { LoginTokenTerms } from './loginTokenMaking';
import { makeLoginToken, replyTo } from './loginTokenMaking';

/** The token that is made before each log-off: opens the next session for a day (KBA-36918). */
const TOKEN_BEFORE_LOG_OFF: LoginTokenTerms = {
	usage: 'Multi',
	lifetime: '1.00:00:00',
	lifetimeMs: 86_400_000,
	targetProducts: ['PlatformService'],
};

/** How a session is to be ended. */
export interface ClosingRequest {
	createTokenFirst: boolean;
	/**
	 * Digest of the secret of whoever asks: a session that was begun with another one is left alone
	 * (docs/architecture.md, rule 10). Null for a session of an earlier copy of this package.
	 */
	proof: string | null;
	/** The execution whose operation asks for it; noted in the record. */
	endedBy?: string;
	/** Whether a use of the session stands in the way. */
	hinders: (use: RecordUse) => boolean;
	/** Leaves the session open where others use it; `endedBy` then ends its own use all the same. */
	leaveOpen?: boolean;
	/** How long to wait for the lease, in milliseconds. */
	waitMs: number;
	/** After it has said stop nothing more is sent; the session then stays open. */
	signal?: AbortSignal;
}

/** Uses that stand in the way, and the store's clock when they were read, in milliseconds. */
export interface InUse {
	kind: 'inUse';
	uses: RecordUse[];
	storeNow: number;
}

/** What became of it. */
export type ClosingResult =
	{ kind: 'closed'; loggedOff: boolean; tokenCreated: boolean } | InUse | { kind: 'othersSession' };

/** A session that is being ended under its lease. */
interface Closing {
	vault: Vault;
	connection: ServerConnection & TokenServer;
	recordId: string;
	holding: LeaseHolding;
	signal: AbortSignal | undefined;
	endedBy: string | undefined;
}

const NOTHING_TO_CLOSE: ClosingResult = { kind: 'closed', loggedOff: false, tokenCreated: false };

/**
 * Ends a session under the lease: marks it as closing, so that nobody begins to use it; puts a new
 * login token durably into the vault; logs off; and forgets the session. What is written ahead for
 * the log-off is that mark: a process that dies on the way leaves it behind, and the next user asks
 * the server whether the session still lives. Nothing is ever sent again for it.
 *
 * @throws ConnectorError DOCUWARE_LOGIN_TOKEN_FAILED (the session stays open), DOCUWARE_LOGOFF_FAILED;
 * the signal's reason.
 */
export async function closeSession(
	vault: Vault,
	connection: ServerConnection & TokenServer,
	recordId: string,
	request: ClosingRequest,
): Promise<ClosingResult> {
	const { waitMs, signal, endedBy } = request;
	return await vault.withLease(recordLease(recordId), { waitMs, signal }, async (holding) => {
		const closing: Closing = { vault, connection, recordId, holding, signal, endedBy };
		// Who held the lease before may have died with a session on this disk, which books a licence.
		await vault.replayUnsaved(undefined, holding);
		const begun = await vault.writeAt(recordId, () => beginRows(closing, request));
		if (begun === 'nothing') return NOTHING_TO_CLOSE;
		if (begun === 'others') return { kind: 'othersSession' };
		if ('kind' in begun) return begun;
		return await end(closing, { ...begun, monotonicNow: performance.now() }, request);
	});
}

function* beginRows(
	{ vault, recordId, holding }: Closing,
	{ hinders, proof, endedBy, leaveOpen = false }: ClosingRequest,
): SqlTransaction<Omit<SessionView, 'monotonicNow'> | InUse | 'nothing' | 'others'> {
	if (!(yield* holdsLease(holding.name, holding.token))) return 'nothing';
	const rows = yield* sessionRows(recordId);
	const uses = rows?.uses.filter(hinders) ?? [];
	// The execution may go on for long, and of several that end together the last one has to find no use.
	if (endedBy !== undefined && (leaveOpen || uses.length === 0))
		yield* endUse(recordId, endedBy, 0);
	if (rows === undefined || rows.meta.state === 'none') return 'nothing';
	if (proof !== null && rows.meta.proof !== proof) return 'others';
	if (uses.length > 0) return { kind: 'inUse', uses, storeNow: rows.storeNow };
	yield* changeSession(vault, recordId, rows.record.generation, (secret, meta) => [
		secret,
		{ ...meta, state: 'closing' },
	]);
	return rows;
}

async function end(
	closing: Closing,
	view: SessionView,
	{ createTokenFirst }: ClosingRequest,
): Promise<ClosingResult> {
	const { vault, recordId } = closing;
	const credential = openedFrom(vault, view)?.credential;
	if (credential === undefined) return NOTHING_TO_CLOSE;
	forgetSession(vault, recordId);
	if (createTokenFirst) {
		await stopIfCancelled(closing, view);
		if (!(await keepToken(closing, view, credential))) return NOTHING_TO_CLOSE;
	}
	await stopIfCancelled(closing, view);
	let loggedOff = true;
	// A bearer token has no log-off; it is forgotten here and ends by itself.
	if (credential.kind === 'bearer') await noteState(closing, view, 'none');
	else loggedOff = await sendLogOff(closing, view, credential);
	return { kind: 'closed', loggedOff, tokenCreated: createTokenFirst };
}

/** @returns false where the session has ended already, or the lease has passed on. */
async function keepToken(
	closing: Closing,
	view: SessionView,
	credential: SessionCredential,
): Promise<boolean> {
	const { vault, connection, holding, signal } = closing;
	const once = senderWith(connection, credential);
	// A run waits for its log-off; who logs off because nobody uses the session must not hold up the next one.
	const send = closing.endedBy === undefined ? once : patientSender(once, signal);
	const made = makeLoginToken({
		vault,
		record: view.record,
		holding,
		terms: TOKEN_BEFORE_LOG_OFF,
		signal,
		ask: async () => {
			const asked = requestLoginToken(vault, connection, TOKEN_BEFORE_LOG_OFF, send);
			const isOver = async (answer: HttpResponse) =>
				await isSessionOver(connection, answer, credential);
			return await replyTo(asked, isOver);
		},
		*also(answered) {
			if (answered.kind === 'made') return;
			yield* stateRows(closing, view, answered.sessionIsOver ? 'none' : 'open');
		},
		unmark: () => stateRows(closing, view, 'open'),
	});
	const reply = await made.catch(async (error: unknown) => await stayOpen(closing, view, error));
	if (typeof reply === 'string') return false;
	if (reply.kind === 'made') return true;
	return reply.sessionIsOver ? false : passOn(reply.error);
}

/** @returns false where the lease has passed on, so that nothing was sent. */
async function sendLogOff(
	closing: Closing,
	view: SessionView,
	credential: SessionCredential,
): Promise<boolean> {
	const { vault, connection, holding, signal } = closing;
	const send = await readyLogOff(vault, connection, credential);
	const result = await runLogged<LogOffAnswer>({
		vault,
		record: view.record,
		kind: 'logOff',
		spentFingerprint: '',
		holding,
		unmark: () => stateRows(closing, view, 'open'),
		signal,
		send,
		conclude: ({ answer, isOver }) =>
			isOver
				? { outcome: 'saved', detail: null, also: () => stateRows(closing, view, 'none') }
				: {
						outcome: 'refused',
						detail: `HTTP ${answer.status}`,
						also: () => stateRows(closing, view, 'open'),
					},
	});
	if (typeof result === 'string') return false;
	if (!result.answer.isOver) throw logOffFailed(result.answer.answer);
	return true;
}

/** The end of the closing. A session that somebody else has judged meanwhile is not opened again. */
function* stateRows(
	{ vault, recordId, endedBy }: Closing,
	{ record }: SessionView,
	state: 'open' | 'none',
): SqlTransaction<void> {
	yield* changeSession(vault, recordId, record.generation, (secret, meta) => {
		if (state === 'none')
			return [
				{ ...secret, session: null },
				{ ...meta, state, loggedOffBy: endedBy ?? null },
			];
		return meta.state === 'closing' ? [secret, { ...meta, state }] : undefined;
	});
}

async function noteState(
	closing: Closing,
	view: SessionView,
	state: 'open' | 'none',
): Promise<void> {
	await closing.vault.writeAt(closing.recordId, () => stateRows(closing, view, state));
}

/** No log-off follows: the session is as it was before, as far as the store takes that. @throws `error` */
async function stayOpen(closing: Closing, view: SessionView, error: unknown): Promise<never> {
	await noteState(closing, view, 'open').catch(() => undefined);
	passOn(error);
}

/** Leaves the session open where the caller has gone away. @throws the signal's reason */
async function stopIfCancelled(closing: Closing, view: SessionView): Promise<void> {
	if (closing.signal?.aborted !== true) return;
	await noteState(closing, view, 'open');
	closing.signal.throwIfAborted();
}

function logOffFailed(answer: HttpResponse): Error {
	return docuWareError(
		'DOCUWARE_LOGOFF_FAILED',
		'The log-off failed, and the session stays open: DocuWare answered HTTP ' +
			`${answer.status}${quoted(platformMessage(answer.body))}.`,
		'Run Session > Log Off again.',
		{ httpStatus: answer.status, retryable: true },
	);
}

import { passOn } from '../../../shared/errors';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { LEASE_WAIT_MS } from '../../../shared/vault/leaseHolding';
import type { EventOrigin } from '../../../shared/vault/rows/events';
import { noteEvent } from '../../../shared/vault/rows/events';
import { forgetRecord } from '../../../shared/vault/rows/forgotten';
import { recordLease } from '../../../shared/vault/rows/leases';
import { readRecord } from '../../../shared/vault/rows/records';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import type { Vault } from '../../../shared/vault/vault';
import { isVaultTrouble } from '../../../shared/vault/vaultErrors';
import { docuWareError } from '../../platform/docuWareErrors';
import type { ServerConnection } from '../../platform/serverAddress';
import { forgetSession } from '../record/openSession';
import { emptiedMeta, metaOf, secretsOf, sessionRows } from '../record/sessionRecord';
import { endReplacedSessions } from './replacedSessions';
import type { ClosingResult } from './sessionClosing';
import { closeSession } from './sessionClosing';

/** So often a session that was begun in between is logged off too. */
const MOST_TRIES = 5;

/** Which session is to be forgotten, and for whom. */
export interface SessionForgetting {
	connection: ServerConnection;
	recordId: string;
	/** Digest of the secret of whoever asks (docs/architecture.md, rule 10). */
	proof: string;
	/** The execution that asks. */
	useId: string;
	/** Also where others use the session, or DocuWare does not confirm the log-off. */
	force: boolean;
	/** Whether a use of the session stands in the way. */
	hinders: (use: RecordUse) => boolean;
	origin: EventOrigin;
	/** After it has said stop nothing more is sent, and nothing is forgotten. */
	signal?: AbortSignal;
}

export type ForgettingResult =
	| {
			kind: 'forgotten';
			/** Store clock, milliseconds. */
			at: number;
			/**
			 * Whether there was a session, and DocuWare has confirmed its end; false where one was overwritten that
			 * was open still. Null for one without a log-off.
			 */
			loggedOff: boolean | null;
	  }
	| Exclude<ClosingResult, { kind: 'closed' }>;

/**
 * Ends a session for good: logs it off, and every one whose place it has taken, and overwrites cookie, tokens
 * and login tokens in the vault. Nothing is overwritten before DocuWare has confirmed the log-off, unless
 * it is forced. The account begins anew with its own log-in data.
 * @throws ConnectorError DOCUWARE_LOGOFF_FAILED or HTTP_*, where it is not forced; VAULT_*; the signal's reason.
 */
export async function forgetSessionRecord(
	vault: Vault,
	forgetting: SessionForgetting,
): Promise<ForgettingResult> {
	let loggedOff = false;
	// Somebody may log on again between the log-off and the overwriting.
	for (let tries = 1; ; tries += 1) {
		const closed = await close(vault, forgetting);
		const isConfirmed = closed !== 'notConfirmed';
		if (isConfirmed && closed.kind !== 'closed') return closed;
		loggedOff ||= isConfirmed && closed.loggedOff;
		const alsoOpen = forgetting.force && (!isConfirmed || tries >= MOST_TRIES);
		const done = await overwrite(vault, forgetting, alsoOpen);
		if (done === 'others') return { kind: 'othersSession' };
		if (done !== undefined) {
			const isOver = loggedOff && !done.wasOpen;
			return { kind: 'forgotten', at: done.at, loggedOff: done.hasLogOff ? isOver : null };
		}
		if (tries >= MOST_TRIES) throw begunAgain();
	}
}

/** @returns `notConfirmed` where that hinders nothing, because it is forced */
async function close(
	vault: Vault,
	{ connection, recordId, proof, useId, force, hinders, signal }: SessionForgetting,
): Promise<ClosingResult | 'notConfirmed'> {
	const closing = closeSession(vault, connection, recordId, {
		createTokenFirst: false,
		proof,
		endedBy: useId,
		hinders,
		waitMs: LEASE_WAIT_MS,
		signal,
	});
	return await closing.catch((error: unknown) => {
		// What the vault says tells nothing of the session: whoever has the lease may be logging on.
		if (!force || signal?.aborted === true || isVaultTrouble(error)) passOn(error);
		return 'notConfirmed' as const;
	});
}

function begunAgain(): Error {
	return docuWareError(
		'DOCUWARE_LOGOFF_FAILED',
		`The session was logged off ${MOST_TRIES} times, and each time begun anew before it could be forgotten.`,
		'Run Session > Forget again while no other execution uses this account.',
		{ retryable: true },
	);
}

interface Overwritten {
	at: number;
	hasLogOff: boolean;
	/** Whether the session in it was open, so that its licence stays booked. */
	wasOpen: boolean;
}

/**
 * @param alsoOpen also the secrets of a session that is open.
 * @returns undefined where one is open again.
 */
async function overwrite(
	vault: Vault,
	forgetting: SessionForgetting,
	alsoOpen: boolean,
): Promise<Overwritten | 'others' | undefined> {
	const { connection, recordId, force } = forgetting;
	const done = await vault.withLease(
		recordLease(recordId),
		{ waitMs: LEASE_WAIT_MS },
		async (holding) => {
			// Whoever logged on in between may have died before the store had the session.
			await vault.replayUnsaved(undefined, holding);
			if (!(await isOwn(vault, forgetting))) return 'others';
			const ended = endReplacedSessions({ vault, connection, holding }, recordId);
			await ended.catch((error: unknown) => (force ? undefined : passOn(error)));
			return await vault.writeAt(recordId, () => forgetRows(vault, forgetting, alsoOpen));
		},
	);
	if (done === undefined || done === 'others') return done;
	await vault.forgetSecrets(new Set([recordId]));
	forgetSession(vault, recordId);
	return done;
}

/** Whether the record may be forgotten by whoever asks; before anything of it is ended. */
async function isOwn(vault: Vault, { recordId, proof }: SessionForgetting): Promise<boolean> {
	const record = await vault.read(() => readRecord(recordId));
	const known = record && metaOf(record).proof;
	return known == null || known === proof;
}

function* forgetRows(
	vault: Vault,
	{ recordId, proof, origin }: SessionForgetting,
	alsoOpen: boolean,
): SqlTransaction<Overwritten | 'others' | undefined> {
	const rows = yield* sessionRows(recordId);
	if (rows === undefined) return undefined;
	const { record, meta } = rows;
	if (meta.proof !== null && meta.proof !== proof) return 'others';
	if (meta.state !== 'none' && !alsoOpen) return undefined;
	yield* noteEvent(record.id, 'forget', origin);
	const emptied = emptiedMeta(meta, secretsOf(vault, record));
	const at = yield* forgetRecord(record, { meta: { ...emptied } });
	// A bearer token ends by itself.
	const hasLogOff = meta.wayIn === null || meta.wayIn === 'cookie';
	return { at, hasLogOff, wasOpen: meta.state !== 'none' };
}

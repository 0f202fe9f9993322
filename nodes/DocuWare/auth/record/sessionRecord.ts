import { randomUUID } from 'node:crypto';

import { thisHolder } from '../../../shared/process/holder';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow, together } from '../../../shared/vault/database/transaction';
import { recordLease } from '../../../shared/vault/rows/leases';
import type { VaultRecord } from '../../../shared/vault/rows/records';
import {
	insertRecord,
	noteUsed,
	readRecord,
	readRecordByIdentity,
	updateRecord,
} from '../../../shared/vault/rows/records';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import { deleteExpiredUses, liveUses, markUse } from '../../../shared/vault/rows/uses';
import type { Vault } from '../../../shared/vault/vault';
import type { PresentRecord } from '../../../shared/vault/writeAt';
import type { SessionWayIn } from '../account/credentialTypes';
import type { SessionAccount } from '../account/sessionAccount';
import { SESSION_SERVICE, identityOf } from '../account/sessionAccount';
import type { SessionCredential } from '../wire/sessionCredential';
import { markKept } from './sessionUses';

/** A login token in the vault; a secret. */
export interface StoredLoginToken {
	value: string;
	usage: 'Single' | 'Multi';
	/** Store clock, milliseconds; null where nobody knows. */
	expiresAt: number | null;
	/** Set before a single-use token goes out, so that it is never sent twice. */
	spent: boolean;
}

/** A login token that somebody hands over, of those that the vault has had made for the account. */
export type GivenToken = Pick<StoredLoginToken, 'value' | 'usage'>;

/** The sealed part of a session's record. */
export interface SessionSecret {
	session: SessionCredential | null;
	/** The newest token that was made for this identity. */
	loginToken: StoredLoginToken | null;
	/** The token that the record itself was made for, where it is one of a login token. */
	sourceToken: StoredLoginToken | null;
	/** Sessions that a new log-on has taken the place of, and that are to be logged off. */
	replaced?: ReplacedSession[];
}

/** A session that is nobody's any more and still books a licence. */
export interface ReplacedSession {
	session: SessionCredential;
	/** Store clock, milliseconds. */
	replacedAt: number;
}

/** The part of a session's record that is no secret. */
export interface SessionMeta {
	/** `HostID` of every log-on: random, one per identity (docs/facts/docuware.md 2). */
	hostId: string;
	baseUrl: string;
	/** Who and where, for people. */
	label: string;
	/**
	 * `closing`: somebody is about to log off, or died at it; the session may or may not live.
	 */
	state: 'none' | 'open' | 'closing';
	/** Digest of the secret that opened the session (docs/architecture.md, rule 10). */
	proof: string | null;
	wayIn: SessionWayIn | null;
	wayInReason: string;
	openedBy: 'password' | 'loginToken' | 'clientCredentials' | null;
	/** Life of a bearer token in milliseconds, counted from `requestedAt`; null for cookies. */
	lifeMs: number | null;
	loginToken: { expiresAt: number | null; usage: 'Single' | 'Multi' } | null;
	/** Digests of the login tokens that the vault has had made for this account, the latest last. */
	madeTokens?: string[];
	/** The organization that the service named for a credential that names none. */
	organization?: string | null;
	/** When the server refused a login token for the next start, store clock in milliseconds. */
	startTokenRefusedAt?: number | null;
	/** How many sessions are to be logged off because another took their place. */
	replacedSessions?: number;
	/** The credential that opened the session, where n8n told it. */
	openedByCredential?: string | null;
	/** The secrets were overwritten, and the login token of the record had been used up by then. */
	sourceTokenSpent?: boolean;
	/** The execution whose operation *Log Off* ended the last session; absent where none did. */
	loggedOffBy?: string | null;
}

/** A record as the store has it, with its clock and this process's clock at the same moment. */
export interface SessionView {
	record: VaultRecord;
	meta: SessionMeta;
	/** Store clock when this was read, milliseconds. */
	storeNow: number;
	/** Monotonic clock when this was read. */
	monotonicNow: number;
	/** The uses that count, all of them. */
	uses: RecordUse[];
}

const NOTHING: SessionSecret = { session: null, loginToken: null, sourceToken: null };

/** The record of exactly this account, as its credential spells it; undefined where there is none yet. */
export async function knownSessionRecord(
	vault: Vault,
	account: SessionAccount,
): Promise<VaultRecord | undefined> {
	const identity = identityOf(vault, account);
	return await vault.read(() => readRecordByIdentity(identity));
}

/** Finds the record of an account, or makes an empty one. */
export async function findSessionRecord(vault: Vault, account: SessionAccount): Promise<string> {
	const identity = identityOf(vault, account);
	const present = await vault.read(() => readRecordByIdentity(identity));
	if (present !== undefined) return present.id;
	const record = emptyRecord(vault, account, identity);
	const insert = function* (): SqlTransaction<string> {
		yield* insertRecord(record);
		return (yield* readRecordByIdentity(identity))?.id ?? record.id;
	};
	// Where another process makes it just now, the store's unique index lets one of them stand.
	return await vault.write(insert, { lock: recordLease(record.id) });
}

function emptyRecord(vault: Vault, account: SessionAccount, identity: string): VaultRecord {
	const id = randomUUID();
	const meta: SessionMeta = {
		hostId: randomUUID(),
		baseUrl: account.address.baseUrl,
		label: account.label,
		state: 'none',
		proof: null,
		wayIn: null,
		wayInReason: '',
		openedBy: null,
		lifeMs: null,
		loginToken: null,
	};
	return {
		id,
		service: SESSION_SERVICE,
		identity,
		provisional: false,
		generation: 0,
		state: 'active',
		brokenCode: null,
		sealed: vault.sealSecret(id, 0, firstSecret(account)),
		meta: { ...meta },
		requestedAt: null,
		receivedAt: null,
		originAt: null,
		owner: null,
	};
}

/** Nothing but the login token that the record is made for, where there is one. */
function firstSecret(account: SessionAccount): SessionSecret {
	if (account.kind !== 'loginToken') return NOTHING;
	const { token: value, usage } = account;
	return { ...NOTHING, sourceToken: { value, usage, expiresAt: null, spent: false } };
}

/** A mark that somebody uses the session. */
export interface UseMark {
	useId: string;
	/** How long it counts, in milliseconds. */
	lifeMs: number;
	/** The mark of the policy *keep*, left at once because a killed process leaves none at its end; else null. */
	keepMark: string | null;
	/** Digest of the secret of whoever uses it: of a session begun with another one there is no use to mark. */
	proof: string;
}

/** Reads a record; with `mark`, the use is marked in the same transaction, before its uses are read. */
export async function readSession(
	vault: Vault,
	recordId: string,
	mark?: UseMark,
): Promise<SessionView | undefined> {
	const rows =
		mark === undefined
			? await vault.read(() => sessionRows(recordId))
			: await vault.writeAt(recordId, (present) => markedSessionRows(recordId, mark, present));
	return rows && { ...rows, monotonicNow: performance.now() };
}

type SessionRows = Omit<SessionView, 'monotonicNow'>;

function* markedSessionRows(
	recordId: string,
	mark: UseMark,
	present: PresentRecord | undefined,
): SqlTransaction<SessionRows | undefined> {
	const record = present?.record ?? (yield* readRecord(recordId));
	if (record !== undefined && metaOf(record).proof === mark.proof) {
		yield* together(
			markUse(recordId, mark.useId, thisHolder(), mark.lifeMs),
			...(mark.keepMark === null ? [] : [markKept(recordId, mark.keepMark)]),
			deleteExpiredUses(recordId),
			noteUsed(recordId),
		);
	}
	return yield* sessionRows(recordId, record);
}

/**
 * The record, its uses and the store's clock, inside a transaction.
 * @param known the record, where this transaction has read it already.
 */
export function* sessionRows(
	recordId: string,
	known?: VaultRecord,
): SqlTransaction<SessionRows | undefined> {
	const record = known ?? (yield* readRecord(recordId));
	if (record === undefined) return undefined;
	const [uses, now] = yield* together(liveUses(recordId), storeNow());
	return { record, meta: metaOf(record), uses, storeNow: now };
}

/** The part of a record that is no secret, typed. */
export function metaOf(record: VaultRecord): SessionMeta {
	return record.meta as unknown as SessionMeta;
}

/** The sealed part of a record; nothing, where it was overwritten. @throws ConnectorError VAULT_KEY_MISMATCH */
export function secretsOf(vault: Vault, record: VaultRecord): SessionSecret {
	return record.sealed === '' ? NOTHING : (vault.openSecret(record) as SessionSecret);
}

/** What stays in the clear of a record whose secrets are overwritten. */
export function emptiedMeta(meta: SessionMeta, { sourceToken }: SessionSecret): SessionMeta {
	const isSpent = sourceToken?.spent ?? meta.sourceTokenSpent ?? false;
	return {
		...meta,
		state: 'none',
		lifeMs: null,
		loginToken: null,
		replacedSessions: 0,
		...(isSpent && { sourceTokenSpent: true }),
	};
}

/** Puts the login token of the credential back into a record of it whose secrets were overwritten. */
export async function refillSourceToken(
	vault: Vault,
	account: SessionAccount,
	{ record }: Pick<SessionView, 'record'>,
): Promise<void> {
	const { sourceToken } = firstSecret(account);
	if (sourceToken === null) return;
	await vault.writeAt(record.id, () =>
		changeSession(vault, record.id, record.generation, (secret, meta) =>
			secret.sourceToken === null
				? [
						{ ...secret, sourceToken: { ...sourceToken, spent: meta.sourceTokenSpent === true } },
						meta,
					]
				: undefined,
		),
	);
}

/**
 * Changes a record without a new log-on (its generation stays). Runs inside a transaction.
 * @param generation the change is made only where the record stands there; null: wherever it stands.
 * @returns the changed record, or undefined where it is gone or has moved on.
 */
export function* changeSession(
	vault: Vault,
	recordId: string,
	generation: number | null,
	change: (secret: SessionSecret, meta: SessionMeta) => [SessionSecret, SessionMeta] | undefined,
): SqlTransaction<VaultRecord | undefined> {
	const record = yield* readRecord(recordId);
	if (record === undefined) return undefined;
	if (generation !== null && record.generation !== generation) return undefined;
	const changed = change(secretsOf(vault, record), metaOf(record));
	if (changed === undefined) return undefined;
	const [secret, meta] = changed;
	const next: VaultRecord = {
		...record,
		sealed: vault.sealSecret(record.id, record.generation, secret),
		meta: { ...withTokenFacts(meta, secret) },
	};
	yield* updateRecord(next);
	return next;
}

/** Meta with what may be known of the login token in the sealed part. */
export function withTokenFacts(meta: SessionMeta, secret: SessionSecret): SessionMeta {
	const { loginToken } = secret;
	const isThere = loginToken !== null && !(loginToken.usage === 'Single' && loginToken.spent);
	return {
		...meta,
		loginToken: isThere ? { expiresAt: loginToken.expiresAt, usage: loginToken.usage } : null,
	};
}

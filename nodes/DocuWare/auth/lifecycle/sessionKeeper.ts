import { isConnectorError, passOn } from '../../../shared/errors';
import { processState } from '../../../shared/process/processState';
import { released } from '../../../shared/process/singleFlight';
import type { Vault } from '../../../shared/vault/vault';
import { sessionEnded } from '../../platform/docuWareErrors';
import type { SessionAccount } from '../account/sessionAccount';
import { identityOf, proofOf } from '../account/sessionAccount';
import type { LiveSession } from '../record/openSession';
import { rememberSession, rememberedSession, sessionInView } from '../record/openSession';
import type { SessionView } from '../record/sessionRecord';
import { findSessionRecord, readSession } from '../record/sessionRecord';
import type { SessionUse } from '../record/sessionUses';
import { USE_MARK_MS, isMarkDue, noteMarked } from '../record/sessionUses';
import { watchIdleSession } from './idleLogOff';
import type { OpeningRequest } from './opening/openingTypes';
import { openSession } from './opening/sessionOpening';

/** How a session is wanted. */
export interface ObtainOptions extends OpeningRequest {
	signal?: AbortSignal;
}

/**
 * The session of one account: from memory where its use is marked and the secret fits, else from
 * the vault, else newly opened. Every caller in every process goes through here.
 */
export class SessionKeeper {
	private constructor(
		readonly vault: Vault,
		readonly account: SessionAccount,
		readonly recordId: string,
	) {}

	/** @throws ConnectorError DOCUWARE_SESSION_ENDED where a reference leads nowhere; VAULT_*. */
	static async create(vault: Vault, account: SessionAccount): Promise<SessionKeeper> {
		const identity = identityOf(vault, account);
		const key = `${vault.vaultId}|${identity ?? ''}`;
		const known = identity === undefined ? undefined : knownRecords().get(key);
		const recordId = known ?? (await findSessionRecord(vault, account));
		if (recordId === undefined) {
			throw sessionEnded(account.label, 'and nothing is known of it');
		}
		if (identity !== undefined) knownRecords().set(key, recordId);
		return new SessionKeeper(vault, account, recordId);
	}

	/**
	 * A session for one request.
	 * @param signal releases the caller; a log-on under way goes on and is saved.
	 * @throws ConnectorError DOCUWARE_*, VAULT_*, HTTP_*
	 */
	async obtain(use: SessionUse, options: ObtainOptions = {}): Promise<LiveSession> {
		const { signal, ...request } = options;
		return await released(this.find(use, request), signal);
	}

	private async find(use: SessionUse, request: OpeningRequest): Promise<LiveSession> {
		const isPlain = request.deadGeneration === undefined && request.forcedFrom === undefined;
		const remembered = rememberedSession(this.vault, this.recordId);
		if (isPlain && !isMarkDue(use) && remembered && this.mayUse(remembered)) {
			use.lastUsedAt = performance.now();
			return remembered;
		}
		// Marked before it is looked at: from here on nobody logs the session off for being idle.
		let view: SessionView | undefined;
		try {
			view = await readSession(this.vault, this.recordId, {
				useId: use.useId,
				lifeMs: USE_MARK_MS,
			});
		} catch (error) {
			// A store that is away must not stop those who have a session in memory.
			if (isPlain && remembered && this.mayUse(remembered) && isStoreAway(error)) return remembered;
			passOn(error);
		}
		noteMarked(use);
		const present = isPlain && view ? sessionInView(this.vault, view) : undefined;
		const session =
			present && this.mayUse(present)
				? rememberSession(this.vault, present)
				: await openSession(this.vault, this.account, this.recordId, request);
		if (this.isWatched(session)) {
			watchIdleSession(this.vault, this.account, this.recordId, USE_MARK_MS);
		}
		return session;
	}

	/** Whether a session is logged off when idle: only one of cookies has a log-off. */
	isWatched(session: LiveSession | undefined): boolean {
		return this.account.policy === 'logOffWhenIdle' && session?.credential.kind === 'cookie';
	}

	private mayUse(session: LiveSession): boolean {
		const proof = proofOf(this.vault, this.account, this.recordId);
		return (
			(proof === undefined || session.proof === proof) && performance.now() < session.validUntil
		);
	}
}

/** Ids of the records this process has met, by vault and identity; a record keeps its id. */
function knownRecords(): Map<string, string> {
	return processState('docuWareRecords1', () => new Map<string, string>());
}

function isStoreAway(error: unknown): boolean {
	return isConnectorError(error) && error.code.startsWith('VAULT_') && error.retryable;
}

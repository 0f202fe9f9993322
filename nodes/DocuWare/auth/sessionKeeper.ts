import { released } from '../../shared/tokenChain/chainMemory';
import type { Vault } from '../../shared/vault/vault';
import { sessionEnded } from './docuWareErrors';
import { watchIdleSession } from './idleLogOff';
import type { LiveSession } from './liveSession';
import { rememberSession, rememberedSession, sessionInView } from './liveSession';
import type { SessionAccount } from './sessionAccount';
import { proofOf } from './sessionAccount';
import type { OpeningRequest } from './openingTypes';
import { openSession } from './sessionOpening';
import { findSessionRecord, readSession } from './sessionRecord';
import type { SessionUse } from './sessionUses';
import { USE_MARK_MS, isMarkDue, noteMarked } from './sessionUses';

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
		const recordId = await findSessionRecord(vault, account);
		if (recordId === undefined) {
			throw sessionEnded(account.label, 'and nothing is known of it');
		}
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
		const view = await readSession(this.vault, this.recordId, {
			useId: use.useId,
			lifeMs: USE_MARK_MS,
		});
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

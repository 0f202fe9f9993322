import { isConnectorError, passOn } from '../../../shared/errors';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { released } from '../../../shared/process/singleFlight';
import type { Vault } from '../../../shared/vault/vault';
import type { SessionAccount } from '../account/sessionAccount';
import { identityOf, proofOf, secretOf } from '../account/sessionAccount';
import type { LiveSession } from '../record/openSession';
import { rememberSession, rememberedSession, sessionInView } from '../record/openSession';
import type { SessionView } from '../record/sessionRecord';
import { readSession } from '../record/sessionRecord';
import type { SessionUse } from '../record/sessionUses';
import { USE_MARK_MS, isMarkDue, keepMark, noteMarked, releaseUse } from '../record/sessionUses';
import { watchIdleSession } from './idleLogOff';
import type { OpeningRequest } from './opening/openingTypes';
import { openSession } from './opening/sessionOpening';
import { watchReplacedSessions } from './replacedSessions';
import { recordOf } from './sessionRecords';
import { keepStartToken } from './startToken';

/** How a session is wanted. */
export interface ObtainOptions extends OpeningRequest {
	signal?: AbortSignal;
}

/**
 * The session of one account: from memory where its use is marked and the secret fits, else from
 * the vault, else newly opened. Every caller in every process goes through here.
 */
export class SessionKeeper {
	/** Keyed digest of the account's secret: what the session must have been begun with. */
	readonly proof: string;

	private constructor(
		readonly vault: Vault,
		readonly account: SessionAccount,
		readonly recordId: string,
		private readonly credentialId: string | null,
		private readonly keepName: string | null,
	) {
		this.proof = proofOf(vault, account, recordId);
	}

	/**
	 * @param credentialId the credential that names the account, where n8n tells.
	 * @param keepName tells its policy from that of others; by default that id.
	 * @throws ConnectorError VAULT_*.
	 */
	static async create(
		vault: Vault,
		account: SessionAccount,
		credentialId: string | null = null,
		keepName: string | null = credentialId,
	): Promise<SessionKeeper> {
		const key = `${vault.vaultId}|${identityOf(vault, account)}`;
		// Which record it is may depend on the secret; what an earlier copy has noted does not.
		const ownKey = `${key}|${vault.sealer.fingerprint('docuware account', secretOf(account))}`;
		const known = knownRecords().get(ownKey) ?? earlierRecords().get(key);
		const recordId = known ?? (await recordOf(vault, account));
		rememberLatest(knownRecords(), ownKey, recordId, MOST_REMEMBERED);
		return new SessionKeeper(vault, account, recordId, credentialId, keepName);
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
				: await openSession(this.vault, this.account, this.recordId, {
						...request,
						...(this.credentialId !== null && { credentialId: this.credentialId }),
					});
		if ((view?.meta.replacedSessions ?? 0) > 0) {
			watchReplacedSessions(this.vault, this.account, this.recordId);
		}
		if (view?.record.generation === session.generation && this.account.policy === 'keep') {
			keepStartToken(this.vault, this.account, view);
		}
		if (this.isWatched(session)) {
			this.watchIdle(USE_MARK_MS);
		}
		return session;
	}

	/** Whether a session is logged off when idle: only one of cookies has a log-off. */
	isWatched(session: LiveSession | undefined): boolean {
		return this.account.policy === 'logOffWhenIdle' && session?.credential.kind === 'cookie';
	}

	/**
	 * Ends the use of a session that was obtained: what remains of it is what the policy of the credential
	 * says. A use without a session leaves nothing, so that nobody's wrong password holds or ends it.
	 *
	 * @param useMs how long the use still counts after this, in milliseconds.
	 */
	async release(use: SessionUse, useMs = 0): Promise<void> {
		const session = rememberedSession(this.vault, this.recordId);
		const isOwn = session?.proof === this.proof;
		const { policy, idleMs: ownIdleMs } = this.account;
		const logsOff = policy === 'logOffWhenIdle';
		const idleMs = isOwn && logsOff ? Math.max(useMs, ownIdleMs) : 0;
		const keep = { mark: keepMark(this.keepName), holds: !logsOff };
		const isLast = await releaseUse(use, {
			useMs: isOwn ? useMs : 0,
			idleMs,
			...(isOwn && { keep }),
		});
		if (isLast && isOwn && logsOff) this.watchIdle(idleMs);
	}

	private watchIdle(delayMs: number): void {
		const { vault, account: connection, recordId, proof } = this;
		const ownKeepMark = keepMark(this.keepName);
		watchIdleSession({ vault, connection, recordId, proof, ownKeepMark }, delayMs);
	}

	/** Whether what the record holds was begun with this account's secret; true where it holds nothing. */
	owns({ meta }: Pick<SessionView, 'meta'>): boolean {
		return meta.proof === null || meta.proof === this.proof;
	}

	private mayUse(session: LiveSession): boolean {
		return session.proof === this.proof && performance.now() < session.validUntil;
	}
}

/** So many accounts are remembered. */
const MOST_REMEMBERED = 1_000;

/** Ids of the records this process has met, by vault, identity and secret; a record keeps its id. */
function knownRecords(): Map<string, string> {
	return processState('docuWareRecords2', () => new Map<string, string>());
}

/** What copies of the package that were loaded earlier have met, by vault and identity. */
function earlierRecords(): Map<string, string> {
	return processState('docuWareRecords1', () => new Map<string, string>());
}

function isStoreAway(error: unknown): boolean {
	return isConnectorError(error) && error.code.startsWith('VAULT_') && error.retryable;
}

import { presentMeanwhile } from '../../../shared/process/presentMeanwhile';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { released, singleFlight } from '../../../shared/process/singleFlight';
import type { Vault } from '../../../shared/vault/vault';
import { isVaultTrouble } from '../../../shared/vault/vaultErrors';
import type { SessionAccount } from '../account/sessionAccount';
import { identityOf, proofOf, secretOf } from '../account/sessionAccount';
import type { LiveSession } from '../record/openSession';
import { rememberSession, rememberedSession, sessionInView } from '../record/openSession';
import type { SessionSecret, SessionView } from '../record/sessionRecord';
import { changeSession, readSession } from '../record/sessionRecord';
import type { SessionUse } from '../record/sessionUses';
import { USE_MARK_MS, isMarkDue, keepMark, noteMarked, releaseUse } from '../record/sessionUses';
import { watchIdleSession } from './idleLogOff';
import type { OpenedSession, OpeningRequest } from './opening/openingTypes';
import { openSession } from './opening/sessionOpening';
import { watchReplacedSessions } from './replacedSessions';
import { recordOf } from './sessionRecords';
import { keepStartToken } from './startToken';

/** How a session is wanted. */
export interface ObtainOptions extends OpeningRequest {
	signal?: AbortSignal;
}

/** The record as the store has it, or what is remembered of it. */
type Found = { view: SessionView | undefined } | { remembered: LiveSession };

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
		/** By what its record is remembered. */
		private readonly key: string,
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
		// Which record it is may depend on secret and credential; what an earlier copy has noted does not.
		const who = [secretOf(account), credentialId ?? ''];
		const ownKey = `${key}|${vault.sealer.fingerprint('docuware account', ...who)}`;
		const known = knownRecords().get(ownKey) ?? earlierRecords().get(key);
		const recordId = known ?? (await recordOf(vault, account, credentialId));
		rememberLatest(knownRecords(), ownKey, recordId, MOST_REMEMBERED);
		return new SessionKeeper(vault, account, recordId, credentialId, keepName, ownKey);
	}

	/** The keeper of the same account at another record, that of a session which it was given. */
	at(recordId: string): SessionKeeper {
		const { vault, account, credentialId, keepName, key } = this;
		return new SessionKeeper(vault, account, recordId, credentialId, keepName, key);
	}

	/**
	 * A session for one request. It may be one of another record, which another spelling of the account has made, or
	 * which stands for one that the store has lost: then the account belongs to that (`at`), and nothing was marked.
	 * @param signal releases the caller; a log-on under way goes on and is saved.
	 * @throws ConnectorError DOCUWARE_*, VAULT_*, HTTP_*
	 */
	async obtain(use: SessionUse, options: ObtainOptions = {}): Promise<OpenedSession> {
		const { signal, ...request } = options;
		return await released(this.find(use, request), signal);
	}

	private async find(use: SessionUse, request: OpeningRequest): Promise<OpenedSession> {
		const isPlain = request.deadGeneration === undefined && request.forcedFrom === undefined;
		const remembered = rememberedSession(this.vault, this.recordId);
		if (isPlain && !isMarkDue(use, this.ownKeepMark) && remembered && this.mayUse(remembered)) {
			use.lastUsedAt = performance.now();
			return remembered;
		}
		const found = isPlain ? await this.lookMeanwhile(use) : { view: await this.look(use) };
		if ('remembered' in found) return found.remembered;
		const { view } = found;
		const present = isPlain && view ? sessionInView(this.vault, view) : undefined;
		const session =
			present && this.mayUse(present)
				? rememberSession(this.vault, present)
				: await this.opened(use, request);
		if (session.recordId !== this.recordId) return session;
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

	/** A store that is away or silent does not hold up those who have a session in memory. */
	private async lookMeanwhile(use: SessionUse): Promise<Found> {
		const { vault, recordId } = this;
		const key = `docuware use|${vault.vaultId}|${recordId}|${use.useId}|${this.proof}|${this.ownKeepMark ?? ''}`;
		const view = singleFlight(key, async () => await this.look(use));
		const found = view.then((read): Found => ({ view: read }));
		return await this.inTime(found, () => {
			const remembered = rememberedSession(vault, recordId);
			return remembered && this.mayUse(remembered) ? { remembered } : undefined;
		});
	}

	/** The record. The use is marked before: from here on nobody logs the session off for being idle. */
	private async look(use: SessionUse): Promise<SessionView | undefined> {
		const { useId } = use;
		const { proof, ownKeepMark } = this;
		const mark = { useId, lifeMs: USE_MARK_MS, keepMark: ownKeepMark, proof };
		const view = await readSession(this.vault, this.recordId, mark);
		// One that ended while the store was silent is not renewed; its mark ends by itself.
		if (view?.meta.proof === proof && use.open > 0) noteMarked(use, ownKeepMark);
		return view;
	}

	/** The mark that the policy of the credential leaves with each use; null where it leaves none. */
	private get ownKeepMark(): string | null {
		return this.account.policy === 'keep' ? keepMark(this.keepName) : null;
	}

	/** A session as the request wants it, with its use marked: only now it is known to be the account's own. */
	private async opened(use: SessionUse, request: OpeningRequest): Promise<OpenedSession> {
		const session = await openSession(this.vault, this.account, this.recordId, {
			...request,
			...(this.credentialId !== null && { credentialId: this.credentialId }),
		});
		rememberLatest(knownRecords(), this.key, session.recordId, MOST_REMEMBERED);
		if (session.recordId === this.recordId && isMarkDue(use, this.ownKeepMark)) {
			const marked = this.look(use).then(() => session);
			await this.inTime(marked, () => session);
		}
		return session;
	}

	/**
	 * What the store brings in time; else what is at hand, while it goes on.
	 * @see presentMeanwhile
	 */
	private async inTime<T>(work: Promise<T>, present: () => T | undefined): Promise<T> {
		const key = `docuware store|${this.vault.vaultId}|${this.recordId}`;
		return await presentMeanwhile(key, work, { present, excuses: isVaultTrouble });
	}

	/** Keeps a session that was renewed by an answer. A store that is away or silent is not waited for. */
	async keepRenewed(generation: number, session: SessionSecret['session']): Promise<void> {
		const { vault, recordId } = this;
		const saved = vault.writeAt(recordId, () =>
			changeSession(vault, recordId, generation, (secret, meta) => [{ ...secret, session }, meta]),
		);
		await this.inTime<unknown>(saved, () => 'later');
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
		const remainder = { useMs: isOwn ? useMs : 0, idleMs, ...(isOwn && { keep }) };
		const ended = releaseUse(use, remainder).then((isLast) => {
			if (isLast && isOwn && logsOff) this.watchIdle(idleMs);
		});
		// A mark that is not taken back in time ends by itself.
		await this.inTime<unknown>(ended, () => 'later');
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

/**
 * Ids of the records this process has met, by vault, identity and secret; a record keeps its id, as long as the
 * store keeps the record.
 */
function knownRecords(): Map<string, string> {
	return processState('docuWareRecords2', () => new Map<string, string>());
}

/** What copies of the package that were loaded earlier have met, by vault and identity. */
function earlierRecords(): Map<string, string> {
	return processState('docuWareRecords1', () => new Map<string, string>());
}

import type { ConnectorError } from '../../../../shared/errors';
import type { NotBegun } from '../../../../shared/vault/spending/attempt';
import type { SpendResult } from '../../../../shared/vault/spending/spendSecret';
import type { Vault } from '../../../../shared/vault/vault';
import { throttled } from '../../../platform/docuWareErrors';
import { logOnFailed, tokenRefused } from '../../../platform/logOnErrors';
import { noLicence } from '../../../platform/missingLicence';
import { platformSend } from '../../../platform/platformRequest';
import { licencePause, throttlePause } from '../../../platform/throttle';
import type { PasswordAccount, SessionAccount } from '../../account/sessionAccount';
import type { LiveSession } from '../../record/openSession';
import { endOf, forgetSession, rememberSession } from '../../record/openSession';
import { latestLostLogOn } from '../../record/lostLogOns';
import { noteOrganization } from '../organizationName';
import { replaceSession, watchReplacedSessions } from '../replacedSessions';
import { outdatedRecordsOf } from '../sessionRecords';
import { changeSession } from '../../record/sessionRecord';
import type { LogOnAnswer } from '../../wire/logOnAnswers';
import { isDeadToken } from '../../wire/logOnAnswers';
import type { TimedLogOnAnswer } from '../../wire/logOnRequests';
import { grantByPassword } from '../../wire/logOnRequests';
import type { ServerFacts } from '../../wire/serverDiscovery';
import { discoverServer, rememberServer } from '../../wire/serverDiscovery';
import { authHeaders } from '../../wire/sessionCredential';
import { chooseWay } from '../../wire/wayIn';
import { dropStoredToken } from './logOnConclusion';
import { hasOtherMeans } from './openingMeans';
import type { OpeningAttempt, OpeningRequest, OpeningStep } from './openingTypes';
import { AGAIN } from './openingTypes';
import type { RefusedLogOn } from './refusedLogOn';

/** Turns of the loop in which the server is found to be another one than was known. */
const MAX_REDISCOVERIES = 2;

/**
 * Answers that open nothing and may be about the means alone: success without a session, a client that may not
 * use this grant, or an error within the server. What a gateway says (502 to 504) is about the server.
 */
function mayBeOfMeans(answer: Exclude<LogOnAnswer, { kind: 'opened' }>): boolean {
	if (answer.kind === 'failed') return answer.status === 500;
	return answer.kind === 'client' || answer.kind === 'noCookies' || answer.kind === 'noToken';
}

/** Goes on from the answer to each log-on of one opening, after it was written down. */
export class OpeningAnswers {
	private readonly startedAt = performance.now();

	private throttles = 0;

	private rediscoveries = 0;

	private endedEarlier = false;

	private askedToAdopt = false;

	private earlierWasInUse = false;

	/** The login token of the vault that has opened nothing in this opening. */
	failedToken: string | undefined;

	constructor(
		private readonly vault: Vault,
		private readonly account: SessionAccount,
		private readonly recordId: string,
		private readonly request: OpeningRequest,
		/** Digest of the account's secret. */
		private readonly proof: string,
		private readonly refused: RefusedLogOn,
	) {}

	/** What a log-on came to: a session, another turn, or an error. */
	async handle(
		attempt: OpeningAttempt,
		result: Exclude<SpendResult<TimedLogOnAnswer>, NotBegun>,
	): Promise<OpeningStep> {
		const { answer } = result.answer;
		if (answer.kind !== 'opened') return await this.withoutSession(attempt, answer);
		if (result.kind === 'saved') {
			return await this.opened(attempt, result.generation, result.answer, answer);
		}
		await this.giveBack(answer.credential, attempt.facts);
		return AGAIN;
	}

	private async withoutSession(
		attempt: OpeningAttempt,
		answer: Exclude<LogOnAnswer, { kind: 'opened' }>,
	): Promise<OpeningStep> {
		if (mayBeOfMeans(answer) && this.goesOnWithoutToken(attempt)) return AGAIN;
		switch (answer.kind) {
			case 'refused':
				return await this.afterRefusal(attempt, answer);
			case 'noLicence':
				return await this.afterNoLicence(attempt, answer.detail);
			case 'gone':
				await this.rediscover(attempt, { cookieLogOnGone: true });
				return AGAIN;
			case 'throttled':
				return this.afterThrottle(answer.retryAfterMs);
			case 'client':
				throw await this.refused.client(answer);
			case 'noCookies':
			case 'noToken':
				throw await this.refused.openedNothing(attempt, answer);
			case 'failed':
				if (answer.status === 404 && attempt.facts && this.rediscoveries < MAX_REDISCOVERIES) {
					await this.rediscover(attempt, {});
					return AGAIN;
				}
				if (answer.isShut)
					return await this.stop(attempt, await this.refused.shut(attempt, answer));
				throw this.failed(attempt, answer);
		}
	}

	/**
	 * The login token of the vault may itself be what opens nothing, and it would be tried first for as long as it
	 * lives: what else the account has is tried in its place. Where that opens a session, the token is given up.
	 */
	private goesOnWithoutToken({ means }: OpeningAttempt): boolean {
		const isLast = this.request.storedTokenOnly !== undefined || !hasOtherMeans(this.account);
		if (means.kind !== 'storedToken' || isLast) return false;
		this.failedToken = means.token.value;
		return true;
	}

	private failed(
		{ way }: OpeningAttempt,
		{ status, detail }: Extract<LogOnAnswer, { kind: 'failed' }>,
	): ConnectorError {
		const identityUrl = way.wayIn === 'identityService' ? way.service.url : undefined;
		return logOnFailed(this.account.label, status, detail, identityUrl);
	}

	/** The session of an earlier secret is used; it may be ended in a later turn. */
	earlierIsInUse(): void {
		this.endedEarlier = false;
		this.earlierWasInUse = true;
	}

	/** The session is in the vault and may be used. */
	private async opened(
		{ facts, view, means }: OpeningAttempt,
		generation: number,
		{ requestedAt }: TimedLogOnAnswer,
		{ credential, version }: Extract<LogOnAnswer, { kind: 'opened' }>,
	): Promise<OpeningStep> {
		const { proof } = this;
		const session = rememberSession(this.vault, {
			recordId: this.recordId,
			generation,
			credential,
			validUntil: endOf(credential, requestedAt),
			proof,
		});
		await this.refused.forget();
		const { account } = this;
		if (account.kind === 'password') {
			const organization =
				account.organization ||
				(view.meta.organization ??
					(await noteOrganization(this.vault, account, this.recordId, credential)));
			// A changed password leaves the session of the one before to nobody, also where that was spelled otherwise.
			if (means.kind === 'password' && organization) {
				await this.replaceOutdated(account, organization).catch(() => undefined);
			}
		}
		if (view.meta.state !== 'none' || (view.meta.replacedSessions ?? 0) > 0) {
			watchReplacedSessions(this.vault, this.account, this.recordId);
		}
		if (facts !== undefined && version !== null && version !== facts.version) {
			await discoverServer(this.vault, this.account, true).catch(() => undefined);
		}
		return { kind: 'session', session };
	}

	private async replaceOutdated(account: PasswordAccount, organization: string): Promise<void> {
		const { vault, recordId } = this;
		for (const outdated of await outdatedRecordsOf(vault, account, recordId, organization)) {
			await replaceSession(vault, account, outdated);
		}
	}

	/** A session that nobody will use: its licence must not stay booked. */
	private async giveBack(
		credential: LiveSession['credential'],
		facts: ServerFacts | undefined,
	): Promise<void> {
		if (credential.kind !== 'cookie' || facts === undefined) return;
		await platformSend(this.account, {
			method: 'GET',
			url: facts.logOffUrl,
			headers: authHeaders(credential, facts.logOffUrl),
		}).catch(() => undefined);
	}

	private async afterRefusal(
		attempt: OpeningAttempt,
		answer: Extract<LogOnAnswer, { kind: 'refused' }>,
	): Promise<OpeningStep> {
		const { detail } = answer;
		if (attempt.means.kind === 'storedToken' && isDeadToken(answer)) {
			if (this.request.storedTokenOnly === undefined) return AGAIN;
			throw tokenRefused(this.account.label, detail, true);
		}
		return await this.stop(attempt, await this.refused.after(attempt, answer));
	}

	/** Ends an opening with what is remembered of it. */
	private async stop(attempt: OpeningAttempt, error: ConnectorError): Promise<never> {
		// Words that nobody knows may be about the token alone; but one that is all there is may be taken later.
		const mayGo = attempt.means.kind === 'storedToken' && hasOtherMeans(this.account);
		if (mayGo && (await this.refused.isLasting())) {
			await this.vault.writeAt(this.recordId, () => dropStoredToken(this.vault, attempt));
		}
		throw error;
	}

	private async afterNoLicence(attempt: OpeningAttempt, detail: string): Promise<OpeningStep> {
		if (await this.adopt(attempt)) return AGAIN;
		const limit = this.account.licenceWaitMs;
		const waited = performance.now() - this.startedAt;
		const { means } = attempt;
		const isLastChance = means.kind === 'sourceToken' && means.token.usage === 'Single';
		const isOver = waited >= limit || isLastChance || this.request.waits === false;
		const earlier = this.ownEarlierSession(attempt);
		if (earlier !== undefined && !(isOver && this.earlierWasInUse)) {
			return { kind: 'endEarlier', proof: earlier };
		}
		if (isOver) {
			const hasOthersSession = attempt.view.meta.state === 'open';
			const lostLogOn = await this.vault.read(() => latestLostLogOn(this.recordId, Date.now()));
			throw noLicence(this.account.label, {
				logsOffWhenIdle: this.account.policy === 'logOffWhenIdle',
				// The session of a single-use token is begun at once or not at all.
				waitLimitMs: isLastChance ? null : limit,
				...{ waitedMs: waited, detail, hasOthersSession, lostLogOn },
			});
		}
		return { kind: 'again', pauseMs: Math.min(licencePause(limit), limit - waited + 1) };
	}

	/**
	 * The proof of the open session that the very same credential began with an earlier secret: its
	 * password was changed, and the session books the licence that the new one needs. Ended once, in one
	 * opening; a session of anybody else is left alone.
	 */
	private ownEarlierSession({ view: { meta } }: OpeningAttempt): string | undefined {
		const { credentialId } = this.request;
		const isOwn = credentialId != null && meta.openedByCredential === credentialId;
		if (this.endedEarlier || !isOwn || meta.state !== 'open' || meta.wayIn !== 'cookie') {
			return undefined;
		}
		if (meta.proof === null || meta.proof === this.proof) return undefined;
		this.endedEarlier = true;
		return meta.proof;
	}

	/**
	 * The licence may be booked by the open session of this very user, begun with the password before
	 * the present one. Where the Identity Service confirms the present password, that session is used. It is
	 * asked once, since the password is not proved yet.
	 */
	private async adopt(attempt: OpeningAttempt): Promise<boolean> {
		const { view, means, facts } = attempt;
		const { account, proof } = this;
		const isOthers = view.meta.state === 'open' && view.meta.proof !== proof;
		if (!isOthers || account.kind !== 'password' || means.kind !== 'password') return false;
		const service = facts?.identityService;
		if (!service || this.askedToAdopt) return false;
		this.askedToAdopt = true;
		const asked = await grantByPassword(account, service).catch(() => undefined);
		if (asked?.answer.kind === 'refused' && !asked.answer.isVague) {
			throw await this.refused.after(attempt, asked.answer, true);
		}
		if (asked?.answer.kind !== 'opened') return false;
		const adopted = await this.vault.writeAt(this.recordId, () =>
			changeSession(this.vault, this.recordId, view.record.generation, (secret, meta) => [
				{ ...secret, loginToken: null },
				{ ...meta, proof, madeTokens: [], openedByCredential: this.request.credentialId ?? null },
			]),
		);
		if (adopted !== undefined) forgetSession(this.vault, this.recordId);
		return adopted !== undefined;
	}

	private afterThrottle(asked: number | null): OpeningStep {
		const pauseMs = throttlePause(this.throttles, asked);
		this.throttles += 1;
		if (pauseMs === undefined || this.request.waits === false) {
			throw throttled(this.account.address.baseUrl, asked);
		}
		return { kind: 'again', pauseMs };
	}

	/** The server is no longer the one that is remembered. */
	private async rediscover(
		{ facts }: OpeningAttempt,
		{ cookieLogOnGone = false }: { cookieLogOnGone?: boolean },
	): Promise<void> {
		this.rediscoveries += 1;
		if (facts === undefined || this.rediscoveries > MAX_REDISCOVERIES) {
			throw logOnFailed(this.account.label, 410, '');
		}
		const fresh = await discoverServer(this.vault, this.account, true);
		if (!cookieLogOnGone || !fresh.cookieLogOn) return;
		const known = { ...fresh, cookieLogOn: false };
		// What the server does not tell clearly now stops this run, and is not kept.
		if (fresh.doubt !== undefined) chooseWay(this.account, known);
		await rememberServer(this.vault, this.account, known);
	}
}

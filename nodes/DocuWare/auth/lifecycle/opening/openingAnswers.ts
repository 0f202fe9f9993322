import type { ConnectorError } from '../../../../shared/errors';
import { closeAttempt } from '../../../../shared/vault/rows/attempts';
import { saveRefusal } from '../../../../shared/vault/rows/authorizations';
import type { Vault } from '../../../../shared/vault/vault';
import {
	appRegistrationRequired,
	clientRefused,
	docuWareError,
	logOnFailed,
	noLicence,
	organizationUnknown,
	throttled,
	tokenRefused,
	wrongPassword,
} from '../../../platform/docuWareErrors';
import type { LiveSession } from '../../record/openSession';
import { endOf, forgetSession, rememberSession } from '../../record/openSession';
import type { LogOnAnswer } from '../../wire/logOnAnswers';
import type { TimedLogOnAnswer } from '../../wire/logOnRequests';
import { grantByPassword } from '../../wire/logOnRequests';
import { markSpent, openedBy } from './openingMeans';
import type { OpeningAttempt, OpeningRequest, OpeningStep } from './openingTypes';
import { AGAIN } from './openingTypes';
import { platformSend } from '../../../platform/platformRequest';
import type { ServerFacts } from '../../wire/serverDiscovery';
import { discoverServer, rememberServer } from '../../wire/serverDiscovery';
import type { SessionAccount } from '../../account/sessionAccount';
import { changeSession, clearRefusal, secretsOf, withTokenFacts } from '../../record/sessionRecord';
import { LONGEST_THROTTLE_MS, THROTTLE_PAUSES_MS, licencePause } from '../../../platform/throttle';
import { authHeaders } from '../../wire/sessionCredential';

/** Turns of the loop in which the server is found to be another one than was known. */
const MAX_REDISCOVERIES = 2;

/** Draws the conclusion from the answer to each log-on of one opening. */
export class OpeningAnswers {
	private readonly startedAt = performance.now();

	private throttles = 0;

	private rediscoveries = 0;

	constructor(
		private readonly vault: Vault,
		private readonly account: SessionAccount,
		private readonly recordId: string,
		private readonly request: OpeningRequest,
		/** Digest of the account's secret; undefined for a reference. */
		private readonly proof: string | undefined,
	) {}

	/** What the answer means: a session, another turn, or an error. */
	async handle(attempt: OpeningAttempt, timed: TimedLogOnAnswer): Promise<OpeningStep> {
		const { answer } = timed;
		switch (answer.kind) {
			case 'opened':
				return await this.keep(attempt, timed, answer);
			case 'refused':
				return await this.afterRefusal(attempt, answer.detail);
			case 'noLicence':
				return await this.afterNoLicence(attempt, answer.detail);
			case 'gone':
				await this.close(attempt, 'refused', 'HTTP 410');
				await this.rediscover(attempt, { cookieLogOnGone: true });
				return AGAIN;
			case 'throttled':
				await this.close(attempt, 'refused', 'HTTP 429');
				return this.afterThrottle(answer.retryAfterMs);
			case 'client':
				await this.close(attempt, 'configuration', answer.detail);
				throw await this.clientError(answer.detail);
			case 'noCookies':
				await this.close(attempt, 'unknown', 'HTTP 200 without session cookies');
				throw docuWareError(
					'DOCUWARE_NO_COOKIES',
					`The log-on of ${this.account.label} was answered with HTTP 200${answer.detail === '' ? '' : ` and ${answer.detail}`}, but without the session cookies.`,
					'Check that the address in the credential leads to the DocuWare server itself and not to a log-in page before it, and that no proxy takes cookies away.',
					{ httpStatus: 200 },
				);
			case 'failed':
				await this.close(
					attempt,
					answer.status >= 500 ? 'unknown' : 'refused',
					`HTTP ${answer.status}`,
				);
				if (answer.status === 404 && this.rediscoveries < MAX_REDISCOVERIES) {
					await this.rediscover(attempt, {});
					return AGAIN;
				}
				throw logOnFailed(this.account.label, answer.status, answer.detail);
		}
	}

	/** A remembered refusal as an error. */
	refusalError(code: string, detail: string | null): ConnectorError {
		const { account } = this;
		switch (code) {
			case 'DOCUWARE_TOKEN_REFUSED':
				return tokenRefused(account.label, detail);
			case 'DOCUWARE_CLIENT_REFUSED':
				return clientRefused(account.label, detail);
			case 'DOCUWARE_ORGANIZATION_UNKNOWN':
				return organizationUnknown(
					account.label,
					account.kind === 'password' ? account.organization : '',
				);
			default:
				return wrongPassword(account.label, detail);
		}
	}

	private async keep(
		attempt: OpeningAttempt,
		timed: TimedLogOnAnswer,
		{ credential, version }: Extract<LogOnAnswer, { kind: 'opened' }>,
	): Promise<OpeningStep> {
		const { view, means, way, facts } = attempt;
		const generation = view.record.generation + 1;
		const secret = {
			...markSpent(secretsOf(this.vault, view.record), means, true),
			session: credential,
		};
		const meta = withTokenFacts(
			{
				...view.meta,
				label: this.proof === undefined ? view.meta.label : this.account.label,
				state: 'open',
				proof: this.proof ?? view.meta.proof,
				wayIn: way.wayIn,
				wayInReason: way.reason,
				openedBy: openedBy(means),
				lifeMs: credential.kind === 'bearer' ? credential.lifeMs : null,
			},
			secret,
		);
		const toWall = (monotonic: number) => Math.round(Date.now() - (performance.now() - monotonic));
		const result = await this.vault.saveSecret(
			{
				recordId: this.recordId,
				spentGeneration: view.record.generation,
				sealed: this.vault.sealSecret(this.recordId, generation, secret),
				meta: { ...meta },
				requestedAt: toWall(timed.requestedAt),
				receivedAt: toWall(timed.receivedAt),
				attemptId: attempt.id,
			},
			() => ({
				requestedAgoMs: performance.now() - timed.requestedAt,
				receivedAgoMs: performance.now() - timed.receivedAt,
			}),
		);
		if (result === 'superseded') {
			await this.giveBack(credential, facts);
			return AGAIN;
		}
		const { proof } = this;
		if (proof !== undefined) await this.vault.write(() => clearRefusal(this.recordId, proof));
		const session = rememberSession(this.vault, {
			recordId: this.recordId,
			generation,
			credential,
			validUntil: endOf(credential, timed.requestedAt),
			proof: meta.proof,
		});
		if (facts !== undefined && version !== null && version !== facts.version) {
			await discoverServer(this.vault, this.account, true).catch(() => undefined);
		}
		return { kind: 'session', session };
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

	private async afterRefusal(attempt: OpeningAttempt, detail: string): Promise<OpeningStep> {
		const { means, view } = attempt;
		if (means.kind === 'storedToken') {
			await this.close(attempt, 'lost', detail || 'the login token was refused');
			await this.vault.write(() =>
				changeSession(this.vault, this.recordId, view.record.generation, (secret, meta) => [
					{ ...secret, loginToken: null },
					meta,
				]),
			);
			if (this.request.storedTokenOnly === true) throw tokenRefused(this.account.label, detail);
			return AGAIN;
		}
		await this.close(attempt, 'configuration', detail || 'HTTP 401');
		throw await this.remember(await this.refusalCode(attempt), detail);
	}

	/**
	 * A 401 does not say whether the password or the organization is wrong. Where the server has an
	 * Identity Service, that one tells: it does not ask for an organization and books no licence.
	 */
	private async refusalCode({ means, facts, way }: OpeningAttempt): Promise<string> {
		if (means.kind === 'sourceToken') return 'DOCUWARE_TOKEN_REFUSED';
		const { account } = this;
		if (account.kind !== 'password' || account.organization === '')
			return 'DOCUWARE_WRONG_PASSWORD';
		const service = facts?.identityService;
		if (way.wayIn !== 'cookie' || !service) return 'DOCUWARE_WRONG_PASSWORD';
		const proof = await grantByPassword(account, service).catch(() => undefined);
		return proof?.answer.kind === 'opened'
			? 'DOCUWARE_ORGANIZATION_UNKNOWN'
			: 'DOCUWARE_WRONG_PASSWORD';
	}

	private async remember(code: string, detail: string): Promise<ConnectorError> {
		const { proof } = this;
		if (proof !== undefined) {
			await this.vault.write(() => saveRefusal(this.recordId, proof, code, detail || null));
		}
		return this.refusalError(code, detail || null);
	}

	private async clientError(detail: string): Promise<ConnectorError> {
		return this.account.kind === 'clientCredentials'
			? await this.remember('DOCUWARE_CLIENT_REFUSED', detail)
			: appRegistrationRequired(this.account.address.baseUrl, detail);
	}

	private async afterNoLicence(attempt: OpeningAttempt, detail: string): Promise<OpeningStep> {
		await this.close(attempt, 'refused', 'no free licence');
		if (await this.adopt(attempt)) return AGAIN;
		const limit = this.account.licenceWaitMs;
		const waited = performance.now() - this.startedAt;
		const { means } = attempt;
		const isLastChance = means.kind === 'sourceToken' && means.token.usage === 'Single';
		if (waited >= limit || isLastChance) throw noLicence(this.account.label, waited, detail);
		return { kind: 'again', pauseMs: Math.min(licencePause(limit), limit - waited + 1) };
	}

	/**
	 * The licence may be booked by the open session of this very user, begun with the password before
	 * the present one. Where the Identity Service confirms the present password, that session is used.
	 */
	private async adopt({ view, means, facts }: OpeningAttempt): Promise<boolean> {
		const { account, proof } = this;
		const isOthers = view.meta.state === 'open' && view.meta.proof !== proof;
		if (!isOthers || account.kind !== 'password' || means.kind !== 'password') return false;
		const service = facts?.identityService;
		const asked = service
			? await grantByPassword(account, service).catch(() => undefined)
			: undefined;
		if (asked?.answer.kind !== 'opened' || proof === undefined) return false;
		const adopted = await this.vault.write(() =>
			changeSession(this.vault, this.recordId, view.record.generation, (secret, meta) => [
				secret,
				{ ...meta, proof },
			]),
		);
		if (adopted !== undefined) forgetSession(this.vault, this.recordId);
		return adopted !== undefined;
	}

	private afterThrottle(asked: number | null): OpeningStep {
		const pauseMs = asked ?? THROTTLE_PAUSES_MS[this.throttles];
		this.throttles += 1;
		const giveUp = this.throttles > THROTTLE_PAUSES_MS.length;
		if (giveUp || pauseMs === undefined || pauseMs > LONGEST_THROTTLE_MS) {
			throw throttled(this.account.address.baseUrl, asked);
		}
		return { kind: 'again', pauseMs: Math.max(pauseMs, 1) };
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
		if (cookieLogOnGone && fresh.cookieLogOn) {
			await rememberServer(this.vault, this.account.address.baseUrl, {
				...fresh,
				cookieLogOn: false,
			});
		}
	}

	private async close(
		attempt: OpeningAttempt,
		outcome: 'refused' | 'lost' | 'configuration' | 'unknown',
		detail: string,
	): Promise<void> {
		await this.vault.write(() => closeAttempt(attempt.id, outcome, detail.slice(0, 300)));
	}
}

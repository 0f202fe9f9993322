import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { ConnectorError } from '../../shared/errors';
import { passOn } from '../../shared/errors';
import { isHttpTransportError } from '../../shared/http';
import { holdExitDuring } from '../../shared/processExit';
import { singleFlight } from '../../shared/tokenChain/chainMemory';
import { closeAttempt, insertAttempt } from '../../shared/vault/attempts';
import { saveRefusal } from '../../shared/vault/authorizations';
import type { SqlTransaction } from '../../shared/vault/database/transaction';
import { thisHolder } from '../../shared/vault/holder';
import type { LeaseHolding } from '../../shared/vault/leaseHolding';
import { holdsLease } from '../../shared/vault/leases';
import type { Vault } from '../../shared/vault/vault';
import {
	appRegistrationRequired,
	clientRefused,
	docuWareError,
	logOnFailed,
	noLicence,
	organizationUnknown,
	sessionEnded,
	throttled,
	tokenRefused,
	tokenUsed,
	wrongPassword,
} from './docuWareErrors';
import type { LiveSession } from './liveSession';
import {
	authHeaders,
	endOf,
	forgetSession,
	openedFrom,
	rememberSession,
	sessionInView,
} from './liveSession';
import type { LogOnAnswer } from './logOnAnswers';
import type { TimedLogOnAnswer } from './logOnRequests';
import { grantByPassword } from './logOnRequests';
import type { OpeningMeans } from './openingMeans';
import { attemptKind, chooseMeans, openedBy, sendLogOn } from './openingMeans';
import { platformSend } from './platformRequest';
import type { ServerFacts } from './serverDiscovery';
import { discoverServer, rememberServer } from './serverDiscovery';
import type { SessionAccount } from './sessionAccount';
import { proofOf, secretOf } from './sessionAccount';
import { probeSession } from './sessionProbe';
import type { SessionView } from './sessionRecord';
import {
	changeSession,
	clearRefusal,
	readSession,
	refusalOf,
	secretsOf,
	sessionLease,
	withTokenFacts,
} from './sessionRecord';
import type { ChosenWay } from './wayIn';
import { chooseWay } from './wayIn';

/** How long a caller may wait for another process's log-on, in milliseconds. */
const LEASE_WAIT_MS = 130_000;

/** Pauses after 429, where the server names none, in milliseconds (facts/docuware.md 8.4). */
export const THROTTLE_PAUSES_MS = [5_000, 10_000, 20_000, 30_000];

/** Longest pause that a server may ask for and still be waited for, in milliseconds. */
export const LONGEST_THROTTLE_MS = 90_000;

/** Turns of the loop in which the server is found to be another one than was known. */
const MAX_REDISCOVERIES = 2;

/** What an opening is for. */
export interface OpeningRequest {
	/** Generation of a session that the server has just refused. */
	deadGeneration?: number;
	/** A new session, although one of this generation is open; past refusals do not count. */
	forcedFrom?: number;
	/** A person asks: past refusals do not count. */
	ignoreRefusal?: boolean;
	/** Nothing but the newest login token of the vault will do. */
	storedTokenOnly?: boolean;
}

/** Pause between two looks for a free licence: a thirteenth of the limit, 0.25 s to 10 s. */
export function licencePause(limitMs: number): number {
	return Math.min(10_000, Math.max(250, limitMs / 13));
}

/**
 * A session of this record that is good: the open one, one that another process has opened, or a new
 * one, opened under the lease with the attempt written ahead. One flight per process and secret: a
 * wrong password cannot fail those who hold the right one.
 *
 * Where the generation that was called dead still lives, that very session is returned.
 */
export async function openSession(
	vault: Vault,
	account: SessionAccount,
	recordId: string,
	request: OpeningRequest,
): Promise<LiveSession> {
	const key = [
		'docuware',
		vault.vaultId,
		recordId,
		proofOf(vault, account, recordId) ?? 'reference',
		account.licenceWaitMs,
		account.wayIn,
		JSON.stringify(request),
	].join('|');
	return await singleFlight(
		key,
		async () => await new SessionOpening(vault, account, recordId, request).run(),
	);
}

type Step = { kind: 'session'; session: LiveSession } | { kind: 'again'; pauseMs: number };

const AGAIN: Step = { kind: 'again', pauseMs: 0 };

/** One attempt that is written down, and what it spends. */
interface Attempt {
	id: string;
	view: SessionView;
	means: OpeningMeans;
	way: ChosenWay;
	facts: ServerFacts | undefined;
}

class SessionOpening {
	private readonly startedAt = performance.now();

	private readonly proof: string | undefined;

	private throttles = 0;

	private rediscoveries = 0;

	constructor(
		private readonly vault: Vault,
		private readonly account: SessionAccount,
		private readonly recordId: string,
		private readonly request: OpeningRequest,
	) {
		this.proof = proofOf(vault, account, recordId);
	}

	async run(): Promise<LiveSession> {
		await this.vault.replayUnsaved(this.recordId);
		for (;;) {
			const step = await this.vault.withLease<Step>(
				sessionLease(this.recordId),
				{
					waitMs: LEASE_WAIT_MS,
					doneMeanwhile: async () => this.present(await this.load()),
				},
				async (holding) => await this.step(holding),
			);
			if (step.kind === 'session') return step.session;
			// The lease is given back for the pause: somebody else may be luckier, or fail sooner.
			if (step.pauseMs > 0) await delay(step.pauseMs);
		}
	}

	/** Holds the lease: reads again, decides, sends at most one log-on. */
	private async step(holding: LeaseHolding): Promise<Step> {
		const view = await this.load();
		const present = this.present(view) ?? (await this.revived(view));
		if (present) return present;
		await this.throwIfRefusedBefore();
		const facts =
			this.account.kind === 'clientCredentials'
				? undefined
				: await discoverServer(this.vault, this.account);
		const way = this.wayFor(facts);
		const means = this.meansFor(view);
		const attempt: Attempt = { id: randomUUID(), view, means, way, facts };
		const begun = await this.vault.write(() => this.begin(attempt, holding));
		if (!begun) return AGAIN;
		// An orderly end of the process waits: an answer that nobody reads would leave a licence booked.
		return await holdExitDuring(async () => await this.handle(attempt, await this.send(attempt)));
	}

	private async load(): Promise<SessionView> {
		const view = await readSession(this.vault, this.recordId);
		if (view === undefined) throw sessionEnded(this.account.label, 'and nothing is known of it');
		return view;
	}

	/** The session in the store, where it will do. */
	private present(view: SessionView): Step | undefined {
		const { generation } = view.record;
		const { deadGeneration, forcedFrom } = this.request;
		if (generation === deadGeneration || generation === forcedFrom) return undefined;
		const session = this.owns(view) ? sessionInView(this.vault, view) : undefined;
		return session && { kind: 'session', session: rememberSession(this.vault, session) };
	}

	/** Whether the account has proved that it may use what the record holds (contract 10). */
	private owns(view: SessionView): boolean {
		return this.proof === undefined || view.meta.proof === this.proof;
	}

	/**
	 * A session of which it is not certain that it is dead: the server refused a request, or a process
	 * died while logging off. Asked about once, for all who wait; a session that lives is used on, so
	 * that no other refusal costs a licence.
	 */
	private async revived(view: SessionView): Promise<Step | undefined> {
		const { record, meta } = view;
		const isDoubtful = record.generation === this.request.deadGeneration;
		if (meta.state === 'none' || !this.owns(view)) return undefined;
		if (meta.state === 'open' && !isDoubtful) return undefined;
		const session = openedFrom(this.vault, view);
		if (session === undefined || performance.now() >= session.validUntil) return undefined;
		const found = await probeSession(this.account, session.credential);
		// A doubt that the server does not resolve is no reason to log on anew.
		const lives = found !== 'dead';
		await this.vault.write(() =>
			changeSession(this.vault, record.id, record.generation, (secret, now) => [
				lives ? secret : { ...secret, session: null },
				{ ...now, state: lives ? 'open' : 'none' },
			]),
		);
		if (!lives) forgetSession(this.vault, record.id);
		return lives ? { kind: 'session', session: rememberSession(this.vault, session) } : undefined;
	}

	private async throwIfRefusedBefore(): Promise<void> {
		const { forcedFrom, ignoreRefusal } = this.request;
		if (this.proof === undefined || forcedFrom !== undefined || ignoreRefusal === true) return;
		const refusal = await refusalOf(this.vault, this.recordId, this.proof);
		if (refusal !== undefined) throw this.refusalError(refusal.code, refusal.detail);
	}

	private wayFor(facts: ServerFacts | undefined): ChosenWay {
		if (facts !== undefined) return chooseWay(this.account, facts);
		const url = this.account.kind === 'clientCredentials' ? this.account.identityUrl : '';
		return {
			wayIn: 'identityService',
			service: { url, tokenEndpoint: `${url}/connect/token` },
			reason: 'The credential names an app registration.',
		};
	}

	private meansFor(view: SessionView): OpeningMeans {
		const secret = secretsOf(this.vault, view.record);
		const means = chooseMeans(this.account, view, secret, {
			ownsTokens: this.account.kind === 'loginToken' || this.owns(view),
			storedTokenOnly: this.request.storedTokenOnly === true,
		});
		if (means !== undefined) return means;
		if (this.request.storedTokenOnly === true) {
			throw docuWareError(
				'DOCUWARE_NO_LOGIN_TOKEN',
				`The vault holds no usable login token for ${this.account.label}.`,
				'Run Session > Create Login Token (or Log Off with "Create Login Token First") before, or give Token Log On a token.',
			);
		}
		if (secret.sourceToken?.spent === true) throw tokenUsed(this.account.label);
		throw sessionEnded(this.account.label, 'and the vault holds no login token to begin it anew');
	}

	/** Writes the attempt down; a single-use token is spent from this moment on. */
	private *begin(attempt: Attempt, holding: LeaseHolding): SqlTransaction<boolean> {
		if (!(yield* holdsLease(holding.name, holding.token))) return false;
		const { record } = attempt.view;
		const marked = yield* changeSession(
			this.vault,
			record.id,
			record.generation,
			(secret, meta) => [markSpent(secret, attempt.means, true), meta],
		);
		if (marked === undefined) return false;
		yield* insertAttempt({
			id: attempt.id,
			recordId: record.id,
			identity: record.identity,
			generation: record.generation,
			kind: attemptKind(attempt.means),
			spentFingerprint: this.vault.sealer.fingerprint(
				'docuware spent',
				spentText(attempt, this.account),
			),
			holder: thisHolder(),
		});
		return true;
	}

	private async send(attempt: Attempt): Promise<TimedLogOnAnswer> {
		const { facts, way, means, view } = attempt;
		try {
			return await sendLogOn(this.account, facts, way, means, view.meta.hostId);
		} catch (error) {
			const notSent = isHttpTransportError(error) && !error.requestSent;
			const detail = error instanceof Error ? error.message : 'the request failed';
			await this.vault.write(() => this.closeUnanswered(attempt, notSent, detail));
			passOn(error);
		}
	}

	private *closeUnanswered(
		attempt: Attempt,
		notSent: boolean,
		detail: string,
	): SqlTransaction<void> {
		yield* closeAttempt(attempt.id, notSent ? 'notSent' : 'unknown', detail.slice(0, 300));
		const { record } = attempt.view;
		if (!notSent) return;
		yield* changeSession(this.vault, record.id, record.generation, (secret, meta) => [
			markSpent(secret, attempt.means, false),
			meta,
		]);
	}

	private async handle(attempt: Attempt, timed: TimedLogOnAnswer): Promise<Step> {
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

	private async keep(
		attempt: Attempt,
		timed: TimedLogOnAnswer,
		{ credential, version }: Extract<LogOnAnswer, { kind: 'opened' }>,
	): Promise<Step> {
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

	private async afterRefusal(attempt: Attempt, detail: string): Promise<Step> {
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
	private async refusalCode({ means, facts, way }: Attempt): Promise<string> {
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

	private refusalError(code: string, detail: string | null): ConnectorError {
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

	private async clientError(detail: string): Promise<ConnectorError> {
		return this.account.kind === 'clientCredentials'
			? await this.remember('DOCUWARE_CLIENT_REFUSED', detail)
			: appRegistrationRequired(this.account.address.baseUrl, detail);
	}

	private async afterNoLicence(attempt: Attempt, detail: string): Promise<Step> {
		await this.close(attempt, 'refused', 'no free licence');
		const limit = this.account.licenceWaitMs;
		const waited = performance.now() - this.startedAt;
		const { means } = attempt;
		const isLastChance = means.kind === 'sourceToken' && means.token.usage === 'Single';
		if (waited >= limit || isLastChance) throw noLicence(this.account.label, waited, detail);
		return { kind: 'again', pauseMs: Math.min(licencePause(limit), limit - waited + 1) };
	}

	private afterThrottle(asked: number | null): Step {
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
		{ facts }: Attempt,
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
		attempt: Attempt,
		outcome: 'refused' | 'lost' | 'configuration' | 'unknown',
		detail: string,
	): Promise<void> {
		await this.vault.write(() => closeAttempt(attempt.id, outcome, detail.slice(0, 300)));
	}
}

function markSpent<
	T extends {
		loginToken: { usage: string; spent: boolean } | null;
		sourceToken: { usage: string; spent: boolean } | null;
	},
>(secret: T, means: OpeningMeans, spent: boolean): T {
	if (means.kind === 'storedToken' && secret.loginToken?.usage === 'Single') {
		return { ...secret, loginToken: { ...secret.loginToken, spent } };
	}
	if (means.kind === 'sourceToken' && secret.sourceToken?.usage === 'Single') {
		return { ...secret, sourceToken: { ...secret.sourceToken, spent } };
	}
	return secret;
}

function spentText({ means }: Attempt, account: SessionAccount): string {
	return 'token' in means ? means.token.value : (secretOf(account) ?? '');
}

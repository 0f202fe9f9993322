import { randomUUID } from 'node:crypto';

import { passOn } from '../../../shared/errors';
import type { HttpBodyTypes, HttpResponse, HttpResponseType } from '../../../shared/http';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { closeAttempt } from '../../../shared/vault/rows/attempts';
import { sessionInUse } from '../../platform/docuWareErrors';
import { watchIdleSession } from '../lifecycle/idleLogOff';
import type { LiveSession } from '../record/openSession';
import { rememberSession } from '../record/openSession';
import { readLifetime } from '../wire/loginTokenLifetime';
import { loginTokenRefused, requestLoginToken } from '../wire/loginTokenRequest';
import type { LoginTokenAccount } from '../account/sessionAccount';
import { closeSession, insertSessionAttempt, storeLoginToken } from '../lifecycle/sessionClosing';
import { SessionCookies } from '../wire/sessionCookies';
import { SessionKeeper } from '../lifecycle/sessionKeeper';
import type { OpeningRequest } from '../lifecycle/opening/openingTypes';
import { probeSession } from '../wire/sessionProbe';
import { changeSession, readSession } from '../record/sessionRecord';
import { sendWithSession } from './sessionRequests';
import { sessionStatus } from '../record/sessionStatus';
import type {
	CreatedLoginToken,
	DocuWareRequest,
	DocuWareSession,
	LogOffOptions,
	LogOffResult,
	LogOnOptions,
	LoginTokenOptions,
	SessionSecretView,
} from './sessionTypes';
import { isHttpUse, isInUse, openUse, releaseUse } from '../record/sessionUses';
import type { SessionUse } from '../record/sessionUses';
import type { SessionStatus } from '../record/sessionStatus';
import { authHeaders } from '../wire/sessionCredential';

const DEFAULT_LIFETIME = '1.00:00:00';

const LEASE_WAIT_MS = 130_000;

/** A session that the vault keeps: of user and password, of a login token, or by reference. */
export class VaultSession implements DocuWareSession {
	private use: SessionUse | undefined;

	private constructor(
		private readonly keeper: SessionKeeper,
		private readonly useId: string,
	) {}

	/**
	 * @param useId names the execution; executions with the same one count as one user of the session.
	 */
	static create(keeper: SessionKeeper, useId: string): VaultSession {
		return new VaultSession(keeper, useId);
	}

	get origin(): string {
		return this.keeper.account.address.origin;
	}

	get baseUrl(): string {
		return this.keeper.account.address.baseUrl;
	}

	get identity(): string {
		return this.keeper.account.label;
	}

	async request<R extends HttpResponseType = 'text'>(
		request: DocuWareRequest<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const use = this.currentUse();
		use.inFlight += 1;
		try {
			return await sendWithSession(
				{
					obtain: async (signal) => await this.obtain({}, signal),
					replace: async (refused, signal) =>
						await this.obtain({ deadGeneration: refused.generation }, signal),
					isAlive: async ({ credential }) =>
						(await probeSession(this.keeper.account, credential)) !== 'dead',
					headersFor: ({ credential }, url) => authHeaders(credential, url),
					absorb: async (session, answer) => await this.absorb(session as LiveSession, answer),
				},
				this.keeper.account,
				request,
			);
		} finally {
			use.inFlight -= 1;
		}
	}

	async logOn({ force = false, signal }: LogOnOptions = {}): Promise<SessionStatus> {
		if (force) {
			const view = await readSession(this.keeper.vault, this.keeper.recordId);
			await this.obtain({ forcedFrom: view?.record.generation ?? 0 }, signal);
		} else {
			await this.obtain({}, signal);
		}
		return await this.status();
	}

	/** As `logOn`, but what was refused before is tried again; for a credential test. */
	async logOnAtPersonsRequest(): Promise<SessionStatus> {
		await this.obtain({ ignoreRefusal: true });
		return await this.status();
	}

	async logOff({
		force = false,
		createTokenFirst = true,
	}: LogOffOptions = {}): Promise<LogOffResult> {
		const { vault, account, recordId } = this.keeper;
		const result = await closeSession(vault, account, recordId, {
			createTokenFirst,
			hinders: (other) => !force && isInUse(other) && other.useId !== this.useId,
			waitMs: LEASE_WAIT_MS,
		});
		if (result.kind === 'inUse') {
			const executions = result.uses.filter((use) => !isHttpUse(use)).length;
			throw sessionInUse(this.identity, executions, executions < result.uses.length);
		}
		return {
			loggedOff: result.loggedOff,
			loginTokenCreated: result.tokenCreated,
			status: await this.status(),
		};
	}

	async createLoginToken(options: LoginTokenOptions = {}): Promise<CreatedLoginToken> {
		const { usage = 'Multi', targetProducts = ['PlatformService'], signal } = options;
		const lifetime = readLifetime(options.lifetime ?? DEFAULT_LIFETIME);
		const { vault, account, recordId } = this.keeper;
		await this.obtain({}, signal);
		const attemptId = await this.beginAttempt();
		try {
			const made = await requestLoginToken(
				vault,
				account.address,
				{ usage, lifetime: lifetime.text, targetProducts },
				async (request) => await this.request({ ...request, ...(signal ? { signal } : {}) }),
			);
			if ('refused' in made) throw loginTokenRefused(made.refused);
			const kept = { usage, lifetimeMs: lifetime.ms };
			const opensSessions = targetProducts.some((product) => /^platformservice$/i.test(product));
			await vault.write(function* (): SqlTransaction<void> {
				if (opensSessions) yield* storeLoginToken(vault, recordId, made.token, kept, attemptId);
				else yield* closeAttempt(attemptId, 'saved', null);
			});
			return {
				token: made.token,
				usage,
				lifetimeMs: lifetime.ms,
				expiresAt: new Date(Date.now() + lifetime.ms).toISOString(),
				warnings: lifetime.warnings,
			};
		} catch (error) {
			const detail = error instanceof Error ? error.message.slice(0, 300) : null;
			await vault.write(() => closeAttempt(attemptId, 'refused', detail));
			passOn(error);
		}
	}

	async tokenLogOn(
		options: { token?: string; usage?: 'Single' | 'Multi'; signal?: AbortSignal } = {},
	): Promise<DocuWareSession> {
		const token = options.token?.trim() ?? '';
		if (token !== '') return await this.withToken(token, options);
		const view = await readSession(this.keeper.vault, this.keeper.recordId);
		// An open session needs no token; a new one is begun with the token and nothing else.
		if (view?.meta.state !== 'open') await this.obtain({ storedTokenOnly: true }, options.signal);
		return this;
	}

	async status(): Promise<SessionStatus> {
		const { vault, account, recordId } = this.keeper;
		return await sessionStatus(vault, account, recordId, this.useId);
	}

	async secret(): Promise<SessionSecretView | undefined> {
		const { generation, state } = await this.stored();
		if (state !== 'open' || generation === 0) return undefined;
		const { credential } = await this.obtain({});
		return credential.kind === 'bearer'
			? { accessToken: credential.accessToken }
			: { cookie: SessionCookies.from(credential.cookies).headerFor(this.baseUrl) };
	}

	async release(): Promise<void> {
		const { use } = this;
		this.use = undefined;
		if (use === undefined) return;
		const { vault, account, recordId } = this.keeper;
		const logsOff = account.policy === 'logOffWhenIdle';
		try {
			const isLast = await releaseUse(use, { idleMs: logsOff ? account.idleMs : 0 });
			if (isLast && logsOff) watchIdleSession(vault, account, recordId, account.idleMs);
		} catch {
			// The mark ends by itself after its time.
		}
	}

	private async withToken(
		token: string,
		{ usage = 'Multi', signal }: { usage?: 'Single' | 'Multi'; signal?: AbortSignal },
	): Promise<DocuWareSession> {
		const { vault, account: own } = this.keeper;
		const account: LoginTokenAccount = {
			kind: 'loginToken',
			token,
			usage,
			address: own.address,
			ignoreSslIssues: own.ignoreSslIssues,
			allowHttp: own.allowHttp,
			label: `the owner of a login token at ${own.address.origin}`,
			wayIn: own.wayIn,
			policy: 'keep',
			idleMs: 0,
			licenceWaitMs: own.licenceWaitMs,
		};
		const session = VaultSession.create(await SessionKeeper.create(vault, account), this.useId);
		await session.logOn(signal ? { signal } : {});
		return session;
	}

	private currentUse(): SessionUse {
		this.use ??= openUse(this.keeper.vault, this.keeper.recordId, this.useId);
		return this.use;
	}

	private async obtain(request: OpeningRequest, signal?: AbortSignal): Promise<LiveSession> {
		const options = signal ? { ...request, signal } : request;
		return await this.keeper.obtain(this.currentUse(), options);
	}

	private async stored(): Promise<{ generation: number; state: string }> {
		const view = await readSession(this.keeper.vault, this.keeper.recordId);
		return { generation: view?.record.generation ?? 0, state: view?.meta.state ?? 'none' };
	}

	/** A server may renew the session cookie in any answer; the newest must not be lost. */
	private async absorb(session: LiveSession, answer: HttpResponse<unknown>): Promise<void> {
		const { credential } = session;
		if (credential.kind !== 'cookie' || answer.setCookie.length === 0) return;
		const cookies = SessionCookies.from(credential.cookies);
		if (!cookies.take(answer.setCookie, answer.url)) return;
		const next = { kind: 'cookie', cookies: cookies.serialize() } as const;
		const { vault, recordId } = this.keeper;
		rememberSession(vault, { ...session, credential: next });
		try {
			await vault.write(() =>
				changeSession(vault, recordId, session.generation, (secret, meta) => [
					{ ...secret, session: next },
					meta,
				]),
			);
		} catch {
			// The request itself has been answered; the cookie is good here, and elsewhere a 401 renews it.
		}
	}

	private async beginAttempt(): Promise<string> {
		const { vault, recordId } = this.keeper;
		const id = randomUUID();
		const view = await readSession(vault, recordId);
		if (view !== undefined) {
			await vault.write(() => insertSessionAttempt(view, id, 'loginToken'));
		}
		return id;
	}
}

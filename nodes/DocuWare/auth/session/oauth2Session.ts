import type { HttpBodyTypes, HttpResponse, HttpResponseType } from '../../../shared/http';
import type { TokenChain } from '../../../shared/tokenChain/tokenChain';
import type { AccessToken, Authorization } from '../../../shared/tokenChain/types';
import { docuWareError } from '../../platform/docuWareErrors';
import { readLifetime } from '../wire/loginTokenLifetime';
import { loginTokenRefused, requestLoginToken } from '../wire/loginTokenRequest';
import { knownServer } from '../wire/serverDiscovery';
import type { LoginTokenAccount } from '../account/sessionAccount';
import { SessionKeeper } from '../lifecycle/sessionKeeper';
import { probeSession } from '../wire/sessionProbe';
import type { RequestSession } from './sessionRequests';
import { sendWithSession } from './sessionRequests';
import { attemptLine } from '../record/sessionStatus';
import type {
	CreatedLoginToken,
	DocuWareRequest,
	DocuWareSession,
	LogOffResult,
	LogOnOptions,
	LoginTokenOptions,
	SessionSecretView,
} from './sessionTypes';
import { VaultSession } from './vaultSession';
import type { ServerConnection } from '../../platform/serverAddress';
import type { SessionStatus } from '../record/sessionStatus';
import { authHeaders } from '../wire/sessionCredential';

const DEFAULT_LIFETIME = '1.00:00:00';

const ATTEMPTS_SHOWN = 10;

/** Bearer tokens book a licence of their own, if any; a refusal for want of one is waited out. */
const LICENCE_WAIT_MS = 130_000;

/**
 * A session of an app registration: its access token comes from the token chain, which refreshes it
 * for all processes at once.
 */
export class OAuth2Session implements DocuWareSession {
	constructor(
		private readonly chain: TokenChain,
		private readonly authorization: Authorization,
		private readonly connection: ServerConnection,
		private readonly useId: string,
	) {}

	get origin(): string {
		return this.connection.address.origin;
	}

	get baseUrl(): string {
		return this.connection.address.baseUrl;
	}

	get identity(): string {
		return `the app ${this.authorization.clientId} at ${this.origin}`;
	}

	async request<R extends HttpResponseType = 'text'>(
		request: DocuWareRequest<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const { chain, authorization } = this;
		return await sendWithSession(
			{
				obtain: async (signal) => asSession(await chain.getToken(authorization, 'normal', signal)),
				replace: async (refused, signal) => {
					const { credential, generation } = refused;
					const accessToken = credential.kind === 'bearer' ? credential.accessToken : '';
					const other = await chain.replaceRefused(
						authorization,
						{ accessToken, generation },
						'normal',
						signal,
					);
					return other === undefined ? refused : asSession(other);
				},
				isAlive: async ({ credential }) =>
					(await probeSession(this.connection, credential)) !== 'dead',
				headersFor: ({ credential }, url) => authHeaders(credential, url),
				absorb: async () => {},
			},
			{ ...this.connection, label: this.identity, licenceWaitMs: LICENCE_WAIT_MS },
			request,
		);
	}

	async logOn({ signal }: LogOnOptions = {}): Promise<SessionStatus> {
		await this.chain.getToken(this.authorization, 'normal', signal);
		return await this.status();
	}

	async logOff(): Promise<LogOffResult> {
		throw docuWareError(
			'DOCUWARE_NO_LOG_OFF',
			'A session of an app registration has no log-off: its access token ends by itself.',
			'Leave Log Off out, or use the credential DocuWare with user and password.',
		);
	}

	async createLoginToken(options: LoginTokenOptions = {}): Promise<CreatedLoginToken> {
		const { usage = 'Multi', targetProducts = ['PlatformService'], signal } = options;
		const lifetime = readLifetime(options.lifetime ?? DEFAULT_LIFETIME);
		const { vault } = await this.chain.status(this.authorization, 0);
		const made = await requestLoginToken(
			vault,
			this.connection.address,
			{ usage, lifetime: lifetime.text, targetProducts },
			async (request) => await this.request({ ...request, ...(signal ? { signal } : {}) }),
		);
		if ('refused' in made) throw loginTokenRefused(made.refused);
		return {
			token: made.token,
			usage,
			lifetimeMs: lifetime.ms,
			expiresAt: new Date(Date.now() + lifetime.ms).toISOString(),
			warnings: lifetime.warnings,
		};
	}

	async tokenLogOn(
		options: { token?: string; usage?: 'Single' | 'Multi'; signal?: AbortSignal } = {},
	): Promise<DocuWareSession> {
		const token = options.token?.trim() ?? '';
		if (token === '') {
			throw docuWareError(
				'DOCUWARE_NO_LOGIN_TOKEN',
				`The vault keeps no login tokens for ${this.identity}.`,
				'Give Token Log On a login token.',
			);
		}
		const account: LoginTokenAccount = {
			kind: 'loginToken',
			...this.connection,
			token,
			usage: options.usage ?? 'Multi',
			label: `the owner of a login token at ${this.origin}`,
			wayIn: 'automatic',
			policy: 'keep',
			idleMs: 0,
			licenceWaitMs: LICENCE_WAIT_MS,
		};
		const { vault } = await this.chain.status(this.authorization, 0);
		const session = VaultSession.create(await SessionKeeper.create(vault, account), this.useId);
		await session.logOn(options.signal ? { signal: options.signal } : {});
		return session;
	}

	async status(): Promise<SessionStatus> {
		const { view, attempts, vault } = await this.chain.status(this.authorization, ATTEMPTS_SHOWN);
		const { record, storeNow, lifeMs } = view;
		const end = record.requestedAt === null ? null : record.requestedAt + lifeMs;
		const server = await knownServer(vault, this.baseUrl);
		const isOpen = record.state === 'active' && (end === null || end > storeNow);
		const name = record.meta.userName;
		return {
			sessionReference: null,
			identity: typeof name === 'string' ? `${name} through ${this.identity}` : this.identity,
			baseUrl: this.baseUrl,
			state: isOpen ? 'open' : 'none',
			wayIn: isOpen ? 'oauth2' : null,
			wayInReason: 'The credential names an app registration.',
			openedBy: isOpen ? 'authorization' : null,
			openedAt: iso(record.receivedAt),
			generation: record.generation,
			accessTokenExpiresAt: iso(end),
			serverVersion: server?.version ?? null,
			policy: 'keep',
			otherExecutions: 0,
			loginTokenExpiresAt: null,
			licenceNote:
				'An access token has no log-off; whether it books a licence depends on the DocuWare server.',
			attempts: attempts.map(attemptLine),
		};
	}

	async secret(): Promise<SessionSecretView | undefined> {
		const { accessToken } = await this.chain.getToken(this.authorization, 'normal');
		return { accessToken };
	}

	async release(): Promise<void> {
		// Nothing is marked for a token that has no log-off.
	}
}

function asSession(token: AccessToken): RequestSession {
	return {
		generation: token.generation,
		credential: {
			kind: 'bearer',
			accessToken: token.accessToken,
			lifeMs: Math.max(0, token.validUntil - performance.now()),
		},
	};
}

function iso(at: number | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}

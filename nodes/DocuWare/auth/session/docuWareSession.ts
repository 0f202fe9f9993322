import { passOn } from '../../../shared/errors';
import type { HttpBodyTypes, HttpResponse, HttpResponseType } from '../../../shared/http';
import { released } from '../../../shared/process/singleFlight';
import type { LoginTokenReply, LoginTokenTerms } from '../lifecycle/loginTokenMaking';
import { replyTo } from '../lifecycle/loginTokenMaking';
import type { SessionStatus } from '../record/sessionStatus';
import { readLifetime } from '../wire/loginTokenLifetime';
import { requestLoginToken } from '../wire/loginTokenRequest';
import { hasTurnsToSpare } from '../wire/minuteTurns';
import { authHeaders } from '../wire/sessionCredential';
import { sendWithSession } from './sessionRequests';
import { givenTokenAccount } from './givenTokenAccount';
import type { SessionSource } from './sessionSource';
import type {
	CreatedLoginToken,
	DocuWareRequest,
	DocuWareSession,
	ForgetOptions,
	ForgetResult,
	LogOffOptions,
	LogOffResult,
	LogOnOptions,
	LoginTokenOptions,
	SessionSecretView,
	StatusOptions,
	TokenLogOnOptions,
} from './sessionTypes';
import { vaultSource } from './vaultSource';

const DEFAULT_LIFETIME = '1.00:00:00';

/** The session that nodes use, over the source of its credentials. */
export function docuWareSession(source: SessionSource): DocuWareSession {
	return new SourcedSession(source);
}

class SourcedSession implements DocuWareSession {
	constructor(private readonly source: SessionSource) {}

	get origin(): string {
		return this.source.rules.address.origin;
	}

	get baseUrl(): string {
		return this.source.rules.address.baseUrl;
	}

	get identity(): string {
		return this.source.rules.label;
	}

	get userKey(): string {
		return this.source.userKey;
	}

	async mayListCabinets(): Promise<boolean> {
		return await hasTurnsToSpare(this.source.vault, 'cabinetLists', this.baseUrl);
	}

	async request<R extends HttpResponseType = 'text'>(
		request: DocuWareRequest<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const requestEnds = this.source.requestBegins();
		try {
			return await sendWithSession(this.source, request);
		} finally {
			requestEnds();
		}
	}

	async logOn(options: LogOnOptions = {}): Promise<SessionStatus> {
		await this.source.logOn(options);
		if (options.force === true) await this.source.noteEvent('force');
		return await this.status(options);
	}

	async logOff(options: LogOffOptions = {}): Promise<LogOffResult> {
		const { loggedOff, tokenCreated } = await this.source.logOff(options);
		if (options.force === true && loggedOff) await this.source.noteEvent('force');
		return { loggedOff, loginTokenCreated: tokenCreated, status: await this.status(options) };
	}

	async forget(options: ForgetOptions = {}): Promise<ForgetResult> {
		return await this.source.forget(options);
	}

	async createLoginToken(options: LoginTokenOptions = {}): Promise<CreatedLoginToken> {
		const { usage = 'Multi', targetProducts = ['PlatformService'], signal } = options;
		const lifetime = readLifetime(options.lifetime ?? DEFAULT_LIFETIME);
		const terms = { usage, lifetime: lifetime.text, lifetimeMs: lifetime.ms, targetProducts };
		const ask = async () => await this.askForLoginToken(terms, signal);
		const reply = await this.source.makeLoginToken(terms, ask, signal);
		if (reply.kind !== 'made') passOn(reply.error);
		return {
			token: reply.token,
			usage,
			lifetimeMs: lifetime.ms,
			expiresAt: new Date(Date.now() + lifetime.ms).toISOString(),
			warnings: lifetime.warnings,
		};
	}

	async tokenLogOn(options: TokenLogOnOptions = {}): Promise<DocuWareSession> {
		const { usage = 'Multi', signal } = options;
		const token = options.token?.trim() ?? '';
		if (token === '') {
			await this.source.logOnByKeptToken(signal);
			return this;
		}
		if (await this.source.hasMadeToken(token)) {
			await this.source.logOnByKeptToken(signal, { value: token, usage });
			return this;
		}
		const { vault, rules, useId, presenter } = this.source;
		const account = givenTokenAccount(rules, token, usage);
		const session = docuWareSession(await vaultSource(vault, account, useId, presenter));
		await session.logOn({ signal });
		return session;
	}

	async status({ signal }: StatusOptions = {}): Promise<SessionStatus> {
		return await released(this.source.status(), signal);
	}

	async secret(): Promise<SessionSecretView | undefined> {
		if (!(await this.source.isOpen())) return undefined;
		const { credential } = await this.source.obtain();
		await this.source.noteEvent('includeSecret');
		if (credential.kind === 'bearer') return { accessToken: credential.accessToken };
		return { cookie: authHeaders(credential, this.baseUrl).Cookie ?? '' };
	}

	async noteSecretShown(): Promise<void> {
		await this.source.noteEvent('includeSecret');
	}

	async release(): Promise<void> {
		await this.source.release();
	}

	private async askForLoginToken(
		terms: LoginTokenTerms,
		signal: AbortSignal | undefined,
	): Promise<LoginTokenReply> {
		const { vault, rules } = this.source;
		return await replyTo(
			requestLoginToken(
				vault,
				rules,
				terms,
				async (request) => await this.request({ ...request, signal }),
			),
		);
	}
}

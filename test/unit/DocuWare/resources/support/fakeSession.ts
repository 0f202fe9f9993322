import { Readable } from 'node:stream';
import type {
	HttpBodyTypes,
	HttpResponse,
	HttpResponseType,
} from '../../../../../nodes/shared/http';
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
} from '../../../../../nodes/DocuWare/auth/session/sessionTypes';
import type { SessionStatus } from '../../../../../nodes/DocuWare/auth/record/sessionStatus';

/** An answer as a test writes it. */
export interface FakeAnswer {
	status?: number;
	/** Anything but a text is sent as JSON. */
	body?: unknown;
	headers?: Record<string, string>;
}

let sessions = 0;

/** A session that answers from a list and remembers what it was asked. */
export class FakeSession implements DocuWareSession {
	readonly origin = 'https://acme.docuware.cloud';

	readonly baseUrl = 'https://acme.docuware.cloud/DocuWare/Platform';

	readonly identity = 'api @ Peters Engineering (https://acme.docuware.cloud)';

	/** Of a user of its own, so that nothing is known from another test. */
	readonly userKey = `digest of api ${(sessions += 1)}`;

	readonly requests: Array<DocuWareRequest<HttpResponseType>> = [];

	readonly calls: Array<[name: string, options: unknown]> = [];

	releases = 0;

	/** What `tokenLogOn` returns; this session if missing. */
	other: DocuWareSession | undefined;

	warnings: string[] = [];

	constructor(private readonly answers: Array<FakeAnswer | Error> = []) {}

	/** Whether `mayListCabinets` says so. */
	maySpare = true;

	async mayListCabinets(): Promise<boolean> {
		return this.maySpare;
	}

	async noteSecretShown(): Promise<void> {
		this.calls.push(['noteSecretShown', undefined]);
	}

	async request<R extends HttpResponseType = 'text'>(
		request: DocuWareRequest<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		this.requests.push(request);
		const answer = this.answers.shift() ?? new Error('No answer is left.');
		if (answer instanceof Error) throw answer;
		const { status = 200, body = {}, headers = {} } = answer;
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const content = request.responseType === 'stream' ? Readable.from([Buffer.from(text)]) : text;
		return {
			status,
			statusText: '',
			headers,
			setCookie: [],
			body: content as HttpBodyTypes[R],
			url: request.url,
		};
	}

	async logOn(options?: LogOnOptions): Promise<SessionStatus> {
		this.calls.push(['logOn', options]);
		return await this.status();
	}

	async logOff(options?: LogOffOptions): Promise<LogOffResult> {
		this.calls.push(['logOff', options]);
		return { loggedOff: true, loginTokenCreated: true, status: await this.status() };
	}

	async forget(options?: ForgetOptions): Promise<ForgetResult> {
		this.calls.push(['forget', options]);
		return {
			forgottenAt: '2026-01-01T00:00:00.000Z',
			loggedOff: true,
			tokensRevoked: null,
		};
	}

	async createLoginToken(options?: LoginTokenOptions): Promise<CreatedLoginToken> {
		this.calls.push(['createLoginToken', options]);
		return {
			token: 'raw-login-token',
			usage: options?.usage ?? 'Multi',
			lifetimeMs: 86_400_000,
			expiresAt: '2026-01-02T00:00:00.000Z',
			warnings: this.warnings,
		};
	}

	async tokenLogOn(options?: { token?: string }): Promise<DocuWareSession> {
		this.calls.push(['tokenLogOn', options]);
		return this.other ?? this;
	}

	async status(): Promise<SessionStatus> {
		return {
			sessionReference: 'dws1.record.digest',
			identity: this.identity,
			baseUrl: this.baseUrl,
			state: 'open',
			wayIn: 'cookie',
			wayInReason: 'Version 7.10 has the cookie log-on.',
			openedBy: 'password',
			openedAt: '2026-01-01T00:00:00.000Z',
			generation: 1,
			accessTokenExpiresAt: null,
			serverVersion: '7.10.0.241',
			policy: 'keep',
			otherExecutions: 0,
			loginTokenExpiresAt: null,
			licenceNote: 'This session holds one licence.',
			attempts: [
				{
					startedAt: '2026-01-01T00:00:00.000Z',
					durationMs: 12,
					kind: 'logon',
					outcome: 'saved',
					detail: null,
					host: 'host',
					pid: 1,
				},
			],
		};
	}

	async secret(): Promise<SessionSecretView | undefined> {
		return { cookie: '.DWPLATFORMAUTH=RAW' };
	}

	async release(): Promise<void> {
		this.releases += 1;
	}
}

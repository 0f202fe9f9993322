import { isHttpTransportError, retryAfterMs, send, type HttpResponse } from '../../shared/http';
import type { AccessToken, AccessTokenSource } from '../auth/accessTokenSource';
import { answerError, type AskedFor } from '../wire/answerError';
import { apiUrl, divisionOf, endpointOf, ownAddress, ownLink } from '../wire/apiUrl';
import {
	cancelled,
	endlessList,
	errorBudgetSpent,
	transportError,
	unauthorized,
	unauthorizedWrite,
	unconfirmedWrite,
} from './clientErrors';
import { sharedClientState, type ClientState } from './limits/clientState';
import { systemClock, type Clock } from './limits/clock';
import { readEnvelope } from '../wire/envelope';
import { ErrorBudget, requestShape } from './limits/errorBudget';
import type {
	ExactAnswer,
	ExactRequest,
	ExactRow,
	RawExactAnswer,
	RawExactRequest,
} from '../wire/exactTypes';
import { RateLimiter, pause } from './limits/rateLimiter';
import { MAX_REPEATS, isPassing, isPassingFailure, repeatDelay } from '../wire/retry';
import { readServiceError, type ServiceError } from '../wire/serviceError';

/** Milliseconds for one exchange. */
const TIMEOUT_MS = { normal: 100_000, long: 600_000 };

export interface ExactOnlineClientOptions {
	/**
	 * Whose errors are counted together; the credential's id. Exact counts per user, and a user
	 * without rights must not stop another one.
	 */
	owner?: string;
	clock?: Clock;
	/** Shared by the process unless a test brings its own. */
	state?: ClientState;
}

/** A request with its URL, ready to be sent as often as the rules allow. */
interface Job extends AskedFor {
	method: RawExactRequest['method'];
	url: string;
	/** What is sent, with its content type among the headers. */
	body?: string;
	headers?: Record<string, string>;
	signal?: AbortSignal;
	length: 'normal' | 'long';
}

/**
 * Requests to the REST API of one Exact Online user: with a token that outlives the request, within
 * the call limits, with errors that have a stable code. Reads are repeated where that is safe; POST,
 * PUT and DELETE are sent once (again only after a 429, which proves that they were refused).
 */
export class ExactOnlineClient {
	/** Names app and user for what the process remembers about them. */
	readonly ownerKey: string;

	readonly state: ClientState;

	private readonly clock: Clock;

	constructor(
		private readonly source: AccessTokenSource,
		options: ExactOnlineClientOptions = {},
	) {
		this.clock = options.clock ?? systemClock;
		this.state = options.state ?? sharedClientState();
		this.ownerKey = [source.baseUrl, source.clientId, options.owner ?? ''].join('|');
	}

	/**
	 * One request.
	 * @throws ConnectorError with an EXACT_*, HTTP_* or (from the token source) VAULT_* code.
	 */
	async request(request: ExactRequest): Promise<ExactAnswer> {
		const url = apiUrl(this.source.baseUrl, request.path, request.division, request.query);
		const answer = await this.run({
			method: request.method,
			url,
			endpoint: endpointOf(url),
			division: request.division,
			...(request.body && {
				body: JSON.stringify(request.body),
				headers: { 'Content-Type': 'application/json' },
			}),
			signal: request.signal,
			length: request.length ?? 'normal',
		});
		return entitiesOf(answer);
	}

	/**
	 * A request to any address of the credential's host, under the same rules for token, limits and
	 * errors; the answer is given back as it came.
	 * @throws ConnectorError EXACT_FOREIGN_LINK where the URL leaves the credential's host
	 */
	async requestRaw(request: RawExactRequest): Promise<RawExactAnswer> {
		const url = ownAddress(this.source.baseUrl, request.url);
		const { status, headers, body } = await this.run({
			...request,
			url,
			endpoint: endpointOf(url),
			division: divisionOf(url),
			length: request.length ?? 'normal',
		});
		return { status, headers, body };
	}

	/**
	 * The page behind a `__next` link, which is used verbatim (facts/exact-online.md 4.3).
	 * @throws ConnectorError EXACT_FOREIGN_LINK where the link leaves the credential's host
	 */
	async follow(
		next: string,
		request: Pick<ExactRequest, 'division' | 'signal' | 'length'>,
	): Promise<ExactAnswer> {
		const url = ownLink(this.source.baseUrl, next);
		const answer = await this.run({
			method: 'GET',
			url,
			endpoint: endpointOf(url),
			division: request.division ?? divisionOf(url),
			signal: request.signal,
			length: request.length ?? 'normal',
		});
		return entitiesOf(answer);
	}

	/** The pages of a list, each asked for when the reader wants it. */
	async *pages(request: ExactRequest): AsyncGenerator<ExactRow[], void, undefined> {
		const page = await this.request(request);
		yield page.rows;
		if (page.next !== undefined) yield* this.pagesFrom(page.next, request);
	}

	/** The pages from a `__next` link on. */
	async *pagesFrom(
		link: string,
		request: Pick<ExactRequest, 'division' | 'signal' | 'length'>,
	): AsyncGenerator<ExactRow[], void, undefined> {
		let next: string | undefined = link;
		while (next !== undefined) {
			const page: ExactAnswer = await this.follow(next, request);
			if (page.next === next) throw endlessList(next);
			yield page.rows;
			next = page.next;
		}
	}

	private async run(job: Job): Promise<HttpResponse> {
		if (job.signal?.aborted) throw cancelled();
		const { division } = job;
		const key = [this.source.baseUrl, this.source.clientId, division ?? 'current'].join('|');
		const limiter = new RateLimiter(this.state, this.clock, key);
		// Calls without a division are not counted by Exact, so they need not queue (facts 2.1).
		if (division === undefined) return await this.attempt(job, limiter);
		return await limiter.inTurn(job.signal, async () => await this.attempt(job, limiter));
	}

	private async attempt(job: Job, limiter: RateLimiter): Promise<HttpResponse> {
		const { method, signal, division, endpoint } = job;
		const errorKey = [this.ownerKey, division ?? 'current', endpoint].join('|');
		const shape = requestShape(method, job.url, job.body);
		const budget = new ErrorBudget(this.state, this.clock, errorKey, job, shape);
		let replacement: AccessToken | undefined;
		let replaced = false;
		let repeats = 0;
		let waits = 0;

		for (;;) {
			budget.check();
			await limiter.ready(job, signal);
			const token = replacement ?? (await this.source.getAccessToken(job.length, signal));
			replacement = undefined;

			const outcome = await this.exchange(job, token);
			if (isHttpTransportError(outcome)) {
				if (method !== 'GET' || repeats >= MAX_REPEATS || !isPassingFailure(outcome)) {
					throw transportError(job, outcome);
				}
				await pause(this.clock, repeatDelay(repeats++), signal);
				continue;
			}

			const { status, headers } = outcome;
			limiter.learn(headers);
			if (status >= 200 && status < 300) {
				budget.succeeded();
				return outcome;
			}

			const service = readServiceError(outcome.body, [token.accessToken]);
			if (status === 401) {
				budget.failed(status, 'EXACT_UNAUTHORIZED', service.text);
				if (!replaced) {
					replacement = await this.source.replaceRefusedToken(token, job.length, signal);
				}
				if (!replacement) throw unauthorized(service.text);
				// A token that may have ended on the way leaves a write in doubt; a young one was refused at
				// the door, so the write was not carried out.
				if (method !== 'GET' && !isCertainlyYoung(token)) throw unauthorizedWrite(job);
				replaced = true;
				continue;
			}
			if (isBlock(status, headers, service)) {
				budget.blocked();
				const why = `Exact Online has blocked the app for a while (${service.text}).`;
				throw errorBudgetSpent(job, why, this.clock.now() + 3_600_000, status);
			}
			if (status === 429) {
				// The refusal is proof that nothing was done, so writes are repeated too.
				limiter.refused(job, headers, waits++);
				continue;
			}
			const passing = isPassing(status, service.gatewayFault);
			if (passing && method === 'GET' && repeats < MAX_REPEATS) {
				const retryAfter = retryAfterMs(headers, this.clock.now());
				await pause(this.clock, repeatDelay(repeats++, retryAfter), signal);
				continue;
			}
			const error = answerError(status, headers, service, job);
			if (passing && method !== 'GET') throw unconfirmedWrite(job, error);
			if (!service.gatewayFault) budget.failed(status, error.code, service.text);
			throw error;
		}
	}

	/** One exchange; a failure of the transport is returned, since some of them are repeated. */
	private async exchange(job: Job, token: AccessToken) {
		const headers: Record<string, string> = {
			// Without it Exact answers in Atom XML (facts/exact-online.md 4.1).
			Accept: 'application/json',
			...job.headers,
			Authorization: `Bearer ${token.accessToken}`,
		};
		return await send({
			method: job.method,
			url: job.url,
			headers,
			body: job.body,
			signal: job.signal,
			timeoutMs: TIMEOUT_MS[job.length],
			// A kept connection may have died unnoticed; for a read that is a repetition, for a write doubt.
			connection: job.method === 'GET' ? 'pooled' : 'fresh',
			ignoreSslIssues: this.source.ignoreSslIssues,
			allowHttp: this.source.allowHttp,
		}).catch((failure: unknown) => {
			if (isHttpTransportError(failure)) return failure;
			throw failure;
		});
	}
}

/** Whether a token that was refused had not ended; one of unknown age may have. */
function isCertainlyYoung({ validUntil }: AccessToken): boolean {
	return Number.isFinite(validUntil) && performance.now() < validUntil;
}

function entitiesOf({ status, body }: HttpResponse): ExactAnswer {
	return { status, ...readEnvelope(body) };
}

/**
 * Whether an answer says that the key is blocked because of errors. Its form is uncertain
 * (facts/exact-online.md 1.7, 10): users report this text, without the headers of a call limit.
 */
function isBlock(status: number, headers: HttpResponse['headers'], service: ServiceError): boolean {
	const ofCallLimit = Object.keys(headers).some((name) => name.startsWith('x-ratelimit-'));
	return (
		(status === 429 || status === 403) && !ofCallLimit && /rate limit exceeded/i.test(service.text)
	);
}

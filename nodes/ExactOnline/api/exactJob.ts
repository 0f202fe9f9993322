import type { Readable } from 'node:stream';
import { passOn, type ConnectorError } from '../../shared/errors';
import {
	bodyText,
	gateRequests,
	isHttpTransportError,
	isReplayable,
	openBody,
	send,
	type HttpBodyTypes,
	type HttpResponse,
	type HttpResponseType,
	type HttpTransportError,
	type ReplayableBody,
	retryAfterMs,
} from '../../shared/http';
import type { AccessToken, AccessTokenSource } from '../auth/accessTokenSource';
import { answerError, type AskedFor } from '../wire/answerError';
import type { RawExactRequest } from '../wire/exactTypes';
import {
	MAX_REPEATS,
	TOO_MUCH_ASKED,
	isPassing,
	isPassingFailure,
	repeatDelay,
} from '../wire/retry';
import { readServiceError, type ServiceError } from '../wire/serviceError';
import {
	bodySpent,
	errorBudgetSpent,
	transportError,
	unauthorized,
	unauthorizedWrite,
	unconfirmedWrite,
} from './clientErrors';
import type { CallLimits, LimitedCall } from './limits/callLimits';
import { pause, type Clock } from './limits/clock';
import { digestOf, HOUR_MS, requestDigest, requestShape } from './limits/endpointErrors';

/** Milliseconds for one exchange. */
const TIMEOUT_MS = { normal: 100_000, long: 600_000 };

/** A token that was good before so short a wait is good after it, in milliseconds. */
const NEGLIGIBLE_WAIT_MS = 1_000;

/** A request with its URL, ready to be sent as often as the rules allow. */
export interface ExactJob<R extends HttpResponseType = 'text'> extends AskedFor {
	method: RawExactRequest['method'];
	url: string;
	/** What is sent, with its content type among the headers. */
	body?: ReplayableBody | Readable;
	headers?: Record<string, string>;
	responseType?: R;
	signal?: AbortSignal;
	length: 'normal' | 'long';
}

/** What a job is sent with. */
export interface JobParts {
	source: AccessTokenSource;
	limits: CallLimits;
	clock: Clock;
	/** How the requests stand to the limits. */
	manner: RequestManner;
	/** What an earlier copy of this package in the process holds back. */
	heldBackEarlier?: (call: LimitedCall) => ConnectorError | undefined;
}

/** How requests of one run stand to the limits. */
export interface RequestManner {
	/** True where no person waits for the answer. */
	automatic?: boolean;
	/** Index of the input item that they are sent for. */
	item?: number;
	/** Processes that may have a request to one division under way at the same time. */
	parallel: number;
	/** Its place among the requests of all processes, where it has one. */
	place?: string;
	/** Errors hold nothing back. */
	isUnguarded?: boolean;
}

/**
 * Sends a job until there is an answer that counts: with a token that outlives the request, within
 * the limits, again where that is safe.
 * @returns an answer with a status from 200 to 299
 * @throws ConnectorError with an EXACT_*, HTTP_* or (from the token source) VAULT_* code
 */
export async function sendJob<R extends HttpResponseType>(
	parts: JobParts,
	job: ExactJob<R>,
): Promise<HttpResponse<HttpBodyTypes[R]>> {
	return await new JobRun(parts, job).run();
}

/** One job on its way, with what it has used up of its repetitions. */
class JobRun<R extends HttpResponseType> {
	private readonly call: LimitedCall;

	private replacement: AccessToken | undefined;

	private replaced = false;

	private repeats = 0;

	private waits = 0;

	/** How often a request was held back because its token had ended before the connection stood. */
	private heldBack = 0;

	constructor(
		private readonly parts: JobParts,
		private readonly job: ExactJob<R>,
	) {
		const { method, url, body, endpoint, division, signal, length } = job;
		const timeoutMs = TIMEOUT_MS[length];
		let shape: string | undefined;
		let digest: string | undefined;
		// What a request is known again by is only asked for where errors are remembered.
		this.call = {
			...{ method, endpoint, division, timeoutMs, ...parts.manner, signal },
			get shape() {
				return (shape ??= requestShape(method, url, typeof body === 'string' ? body : undefined));
			},
			get digest() {
				return (digest ??= requestDigest(method, url, body));
			},
		};
	}

	/** Each round but the last uses up one of the repetitions, so that the rounds are few. */
	async run(): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const { limits } = this.parts;
		for (;;) {
			const lease = await this.readyToken();

			const outcome = await this.orNotSent(async () => await this.exchange(lease));
			if (isHttpTransportError(outcome)) {
				await limits.unanswered(this.call, outcome.requestSent);
				await this.pauseAfterFailure(outcome);
				continue;
			}
			await limits.learned(this.call, outcome.status, outcome.headers);
			if (outcome.status >= 200 && outcome.status < 300) return outcome;

			const text = await bodyText(outcome.body, outcome.headers['content-type']).catch(() => '');
			const isUnauthorized = outcome.status === 401;
			// A 401 may give its cause in a header alone (docs/facts/exact-online.md 1.10).
			const words = isUnauthorized && text === '' ? (outcome.headers.reason ?? '') : text;
			const service = readServiceError(words, [lease.accessToken]);
			if (isUnauthorized) await this.replaceToken(lease, service);
			else await this.pauseAfterError(outcome, service);
		}
	}

	/**
	 * Waits for the limits. They are asked with the token that the request is to go out with, since a 401 tells of
	 * that one only; after a wait it may be too old.
	 */
	private async readyToken(): Promise<AccessToken> {
		const { source, limits, clock } = this.parts;
		const { length, signal } = this.job;
		const lease = this.replacement ?? (await source.getAccessToken(length, signal));
		this.replacement = undefined;
		this.call.token = tokenDigest(lease);
		const before = clock.now();
		const earlier = this.parts.heldBackEarlier?.(this.call);
		if (earlier) throw earlier;
		await limits.ready(this.call);
		if (clock.now() - before < NEGLIGIBLE_WAIT_MS) return lease;
		const next = await this.orNotSent(async () => await source.getAccessToken(length, signal));
		this.call.token = tokenDigest(next);
		return next;
	}

	/** What fails between the limits' word and the wire gives the call back. */
	private async orNotSent<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			await this.parts.limits.unanswered(this.call, false);
			return passOn(error);
		}
	}

	/** Whether what was not answered may be sent again without a doubt. */
	private get isRepeatableRead(): boolean {
		return this.job.method === 'GET' && this.repeats < MAX_REPEATS && isReplayable(this.job.body);
	}

	private async pauseAfterFailure(failure: HttpTransportError): Promise<void> {
		const { job } = this;
		// Nothing has left, so the next token may be tried at once, for a write too.
		if (failure.code === 'HTTP_HELD_BACK' && this.heldBack++ < MAX_REPEATS) return;
		const canRepeat = this.isRepeatableRead && isPassingFailure(failure);
		if (!canRepeat || !(await this.mayRepeat())) throw transportError(job, failure);
	}

	/** Waits before a repetition. @returns false where the clock does not wait so long */
	private async mayRepeat(retryAfter: number | null = null): Promise<boolean> {
		const { clock } = this.parts;
		const delay = repeatDelay(this.repeats++, retryAfter);
		if (clock.allows?.(delay) === false) return false;
		await pause(clock, delay, this.job.signal);
		return true;
	}

	/** After a 401: takes another token of the vault, once, or throws. */
	private async replaceToken(lease: AccessToken, service: ServiceError): Promise<void> {
		const { job } = this;
		const { limits, source } = this.parts;
		await limits.failed(this.call, {
			status: 401,
			code: 'EXACT_UNAUTHORIZED',
			text: service.text,
		});
		if (!this.replaced) {
			this.replacement = await source.replaceRefusedToken(lease, job.length, job.signal);
		}
		if (!this.replacement) throw unauthorized(service.text);
		// A token that may have ended on the way leaves a write in doubt; a young one was refused at
		// the door, so the write was not carried out.
		if (job.method !== 'GET' && !isCertainlyYoung(lease)) throw unauthorizedWrite(job);
		if (!isReplayable(job.body)) throw bodySpent(job, 401);
		this.replaced = true;
	}

	/** After an error other than a 401: waits until the job may be sent again, or throws. */
	private async pauseAfterError(
		{ status, headers }: HttpResponse<unknown>,
		service: ServiceError,
	): Promise<void> {
		const { job } = this;
		const { limits, clock } = this.parts;
		if (isBlock(status, headers, service)) {
			await limits.blocked(this.call);
			const why = `Exact Online has blocked the app for a while (${service.text}).`;
			throw errorBudgetSpent(job, why, clock.now() + HOUR_MS, status);
		}
		if (status === 429) {
			// The refusal is proof that nothing was done, so writes are repeated too.
			await limits.refused(this.call, headers, this.waits++);
			if (!isReplayable(job.body)) throw bodySpent(job, 429);
			return;
		}
		const passing = isPassing(status, service.gatewayFault);
		// A 500 to a write may be a refusal of its values; a read has none.
		const canRepeat = (passing || status >= 500) && this.isRepeatableRead;
		if (canRepeat && (await this.mayRepeat(retryAfterMs(headers, clock.now())))) return;
		const error = answerError(status, headers, service, job);
		const isInDoubt = passing || status === TOO_MUCH_ASKED;
		if (isInDoubt && job.method !== 'GET') throw unconfirmedWrite(job, error);
		if (service.gatewayFault) await limits.unanswered(this.call, true);
		else await limits.failed(this.call, { status, code: error.code, text: service.text });
		throw error;
	}

	/** One exchange; a failure of the transport is returned, since some of them are repeated. */
	private async exchange(
		lease: AccessToken,
	): Promise<HttpResponse<HttpBodyTypes[R]> | HttpTransportError> {
		const { job } = this;
		const { source, limits } = this.parts;
		const headers: Record<string, string> = {
			// Without it Exact answers in Atom XML (docs/facts/exact-online.md 4.1).
			Accept: 'application/json',
			...job.headers,
			Authorization: `Bearer ${lease.accessToken}`,
		};
		const body = await openBody(job.body);
		const request = {
			method: job.method,
			url: job.url,
			headers,
			body,
			...(job.responseType && { responseType: job.responseType }),
			signal: job.signal,
			timeoutMs: TIMEOUT_MS[job.length],
			// A kept connection may have died unnoticed; for a read that is a repetition, for a write doubt.
			connection: job.method === 'GET' ? 'pooled' : 'fresh',
			ignoreSslIssues: source.ignoreSslIssues,
			allowHttp: source.allowHttp,
		} as const;
		// A process that stands still may have outlived its token, or its turn, by the time the connection stands.
		const mayLeave = () =>
			!isReplayable(job.body) ||
			(performance.now() < lease.validUntil && limits.mayLeave(this.call));
		return await gateRequests(mayLeave, async () => await send<R>(request)).catch(
			(failure: unknown) => {
				if (isHttpTransportError(failure)) return failure;
				throw failure;
			},
		);
	}
}

let lastDigest: { accessToken: string; digest: string } | undefined;

/** A run has one token for minutes. */
function tokenDigest({ accessToken }: AccessToken): string {
	if (lastDigest?.accessToken !== accessToken) {
		lastDigest = { accessToken, digest: digestOf(accessToken) };
	}
	return lastDigest.digest;
}

/** Whether a token that was refused had not ended; one of unknown age may have. */
function isCertainlyYoung({ validUntil }: AccessToken): boolean {
	return Number.isFinite(validUntil) && performance.now() < validUntil;
}

/**
 * Whether an answer says that the key is blocked because of errors. Its form is uncertain
 * (docs/facts/exact-online.md 1.7, 10): users report this text, without the headers of a call limit.
 */
function isBlock(status: number, headers: HttpResponse['headers'], service: ServiceError): boolean {
	const ofCallLimit = Object.keys(headers).some((name) => name.startsWith('x-ratelimit-'));
	return (
		(status === 429 || status === 403) && !ofCallLimit && /rate limit exceeded/i.test(service.text)
	);
}

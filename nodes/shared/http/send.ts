import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import axios, { type AxiosResponse } from 'axios';
import { agentFor } from './agents';
import { guardBodyStream } from './bodyStream';
import type { ConnectionOptions } from './connectionOptions';
import { watchConnection, type ConnectionState } from './connectionWatch';
import { proxyRefusal, transportFailure, type OwnEnd } from './failures';
import type { HttpBodyTypes, HttpRequest, HttpResponse, HttpResponseType } from './httpTypes';
import { proxyFor } from './proxyAddress';
import { readTargetUrl } from './targetUrl';
import { userAgent } from './userAgent';

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** An instance of its own: nobody else's defaults or interceptors apply. */
const client = axios.create({
	proxy: false,
	maxRedirects: 0,
	decompress: true,
	maxBodyLength: Infinity,
	validateStatus: () => true,
	transformRequest: [(data: unknown) => data],
	transformResponse: [(data: unknown) => data],
	headers: { Accept: '*/*' },
});

/**
 * Sends one request and returns its answer, whatever the status. Redirects are returned, never
 * followed; nothing is repeated. Goes through the proxy that the environment names.
 *
 * @throws HttpTransportError with an HTTP_* code where no complete answer came; its `requestSent` is
 *   false only where it is proven that nothing of the request left.
 */
export async function send<R extends HttpResponseType = 'text'>(
	request: HttpRequest<R>,
): Promise<HttpResponse<HttpBodyTypes[R]>> {
	const target = readTargetUrl(request.url, request.allowHttp ?? false);
	const proxy = proxyFor(target);
	const ignoreSslIssues = request.ignoreSslIssues ?? false;
	const agent = agentFor(target, proxy, ignoreSslIssues, request.connection ?? 'pooled');

	const state: ConnectionState = { mayBeSent: false };
	const deadline = new Deadline(request);
	const connecting = new AbortController();
	deadline.signal.addEventListener('abort', () => connecting.abort(), { once: true });

	const transport = {
		request(
			options: ConnectionOptions,
			onAnswer: (answer: IncomingMessage) => void,
		): ClientRequest {
			const open = target.protocol === 'https:' ? httpsRequest : httpRequest;
			const outgoing = open(
				{
					...options,
					agent,
					rejectUnauthorized: !ignoreSslIssues,
					connectSignal: connecting.signal,
				} as ConnectionOptions,
				onAnswer,
			);
			watchConnection(outgoing, state, () => deadline.connected());
			return outgoing;
		},
	};

	const responseType = request.responseType ?? 'text';
	let ended = false;
	try {
		deadline.start();
		const answer = await client.request<HttpBodyTypes[R]>({
			method: request.method,
			url: target.href,
			headers: { 'User-Agent': userAgent(), ...request.headers },
			data: request.body,
			responseType: responseType === 'buffer' ? 'arraybuffer' : responseType,
			maxContentLength:
				request.maxResponseBytes ?? (responseType === 'stream' ? -1 : DEFAULT_MAX_RESPONSE_BYTES),
			signal: deadline.signal,
			transport,
		});
		if (state.proxyRefusal !== undefined) throw proxyRefusal(target.origin, state.proxyRefusal);
		const response = toResponse(answer, target.href);
		if (responseType === 'stream') {
			ended = true;
			deadline.headersReceived();
			response.body = guardBodyStream(
				answer.data as HttpBodyTypes['stream'],
				deadline.timeoutMs,
				() => deadline.end('timeout'),
				(failure) => transportFailure(failure, target.origin, state, deadline.ownEnd),
				() => deadline.clear(),
			) as HttpBodyTypes[R];
		}
		return response;
	} catch (failure) {
		throw transportFailure(failure, target.origin, state, deadline.ownEnd);
	} finally {
		if (!ended) deadline.clear();
	}
}

/** The limits of one request in time: the caller's signal, the connection, the whole exchange. */
class Deadline {
	private readonly controller = new AbortController();

	private readonly callerSignal: AbortSignal | undefined;

	private readonly connectTimeoutMs: number;

	private timers: NodeJS.Timeout[] = [];

	private connectTimer: NodeJS.Timeout | undefined;

	readonly timeoutMs: number;

	/** Which limit ended the request. */
	ownEnd: OwnEnd | undefined;

	constructor(request: Pick<HttpRequest, 'signal' | 'timeoutMs' | 'connectTimeoutMs'>) {
		this.callerSignal = request.signal;
		this.timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
		this.connectTimeoutMs = request.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
	}

	get signal(): AbortSignal {
		return this.controller.signal;
	}

	start(): void {
		if (this.callerSignal?.aborted) {
			this.end('aborted');
			return;
		}
		this.callerSignal?.addEventListener('abort', this.onCallerAbort);
		this.connectTimer = setTimeout(() => this.end('connectTimeout'), this.connectTimeoutMs);
		this.timers = [this.connectTimer, setTimeout(() => this.end('timeout'), this.timeoutMs)];
	}

	connected(): void {
		clearTimeout(this.connectTimer);
	}

	/** A streamed body has its own limit from here on; the caller's signal still ends it. */
	headersReceived(): void {
		for (const timer of this.timers) clearTimeout(timer);
	}

	end(why: OwnEnd): void {
		this.ownEnd ??= why;
		this.controller.abort();
	}

	clear(): void {
		this.headersReceived();
		this.callerSignal?.removeEventListener('abort', this.onCallerAbort);
	}

	private readonly onCallerAbort = () => this.end('aborted');
}

function toResponse<B>(answer: AxiosResponse<B>, url: string): HttpResponse<B> {
	const headers: Record<string, string> = {};
	let setCookie: string[] = [];
	for (const [name, value] of Object.entries(answer.headers as Record<string, unknown>)) {
		const values = (Array.isArray(value) ? value : [value]).map(String);
		if (name.toLowerCase() === 'set-cookie') setCookie = values;
		else headers[name.toLowerCase()] = values.join(', ');
	}
	return {
		status: answer.status,
		statusText: answer.statusText,
		headers,
		setCookie,
		body: answer.data,
		url,
	};
}

import {
	request as httpRequest,
	type Agent,
	type ClientRequest,
	type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { agentFor } from './agents';
import { guardBodyStream } from './bodyStream';
import type { ConnectionOptions } from './connectionOptions';
import { watchConnection, type ConnectionState } from './connectionWatch';
import { Deadline } from './deadline';
import { proxyRefusal, transportFailure } from './failures';
import type { HttpBodyTypes, HttpRequest, HttpResponse, HttpResponseType } from './httpTypes';
import { proxyFor } from './proxyAddress';
import { readTargetUrl } from './targetUrl';
import { isHttpTransportError } from './transportError';
import { userAgent } from './userAgent';

const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

let client: AxiosInstance | undefined;

/** An instance of its own: nobody else's defaults or interceptors apply. axios loads with the first request. */
function axiosClient(): AxiosInstance {
	client ??= createClient();
	return client;
}

function createClient(): AxiosInstance {
	const axios = require('axios') as typeof import('axios');
	return axios.create({
		proxy: false,
		maxRedirects: 0,
		decompress: true,
		maxBodyLength: Infinity,
		validateStatus: () => true,
		transformRequest: [(data: unknown) => data],
		transformResponse: [(data: unknown) => data],
		headers: { Accept: '*/*' },
	});
}

/**
 * Sends one request and returns its answer, whatever the status. Redirects are returned, never
 * followed; nothing is repeated. Goes through the proxy that the environment names. A stream that was to
 * be sent is closed when the exchange is over, also where it was not read to its end.
 *
 * @throws HttpTransportError with an HTTP_* code where no complete answer came; its `requestSent` is
 *   false only where it is proven that nothing of the request left.
 */
export async function send<R extends HttpResponseType = 'text'>(
	request: HttpRequest<R>,
): Promise<HttpResponse<HttpBodyTypes[R]>> {
	const target = readTargetUrl(request.url, request.allowHttp ?? false);
	const state: ConnectionState = { mayBeSent: false };
	const deadline = new Deadline(request);
	const failed = (failure: unknown) =>
		transportFailure(failure, target.origin, state, deadline.ownEnd);
	let isStreaming = false;
	try {
		const transport = transportFor(target, request, state, deadline);
		const http = axiosClient();
		deadline.start();
		const answer = await http.request<HttpBodyTypes[R]>({
			...plainRequest(target, request),
			signal: deadline.signal,
			transport,
		});
		if (state.proxyRefusal !== undefined) throw proxyRefusal(target.origin, state.proxyRefusal);
		const response = toResponse(answer, target.href);
		if (request.responseType === 'stream') {
			isStreaming = true;
			deadline.headersReceived();
			response.body = guardBodyStream(
				answer.data as HttpBodyTypes['stream'],
				deadline.timeoutMs,
				() => deadline.end('timeout'),
				failed,
				() => finish(deadline, request.body),
			) as HttpBodyTypes[R];
		}
		return response;
	} catch (failure) {
		throw isHttpTransportError(failure) ? failure : failed(failure);
	} finally {
		if (!isStreaming) finish(deadline, request.body);
	}
}

/** Ends the exchange. Nobody else closes the file of a body that was not sent to its end. */
function finish(deadline: Deadline, body: HttpRequest['body']): void {
	deadline.clear();
	if (body instanceof Readable) body.destroy();
}

/** The request in axios's words. */
function plainRequest(target: URL, request: HttpRequest<HttpResponseType>) {
	const { method, headers, body, responseType = 'text', maxResponseBytes } = request;
	return {
		method,
		url: target.href,
		headers: { 'User-Agent': userAgent(), ...headers },
		data: body,
		responseType: responseType === 'buffer' ? ('arraybuffer' as const) : responseType,
		maxContentLength:
			maxResponseBytes ?? (responseType === 'stream' ? -1 : DEFAULT_MAX_RESPONSE_BYTES),
	};
}

/**
 * Opens the connection of one request, direct or through the proxy, and watches it.
 * @throws HttpTransportError HTTP_INVALID_PROXY
 */
function transportFor(
	target: URL,
	request: HttpRequest<HttpResponseType>,
	state: ConnectionState,
	deadline: Deadline,
) {
	const { ignoreSslIssues = false, connection = 'pooled' } = request;
	const agent: Agent = agentFor(target, proxyFor(target), ignoreSslIssues, connection);
	const connecting = new AbortController();
	deadline.signal.addEventListener('abort', () => connecting.abort(), { once: true });
	const open = target.protocol === 'https:' ? httpsRequest : httpRequest;
	return {
		request(
			options: ConnectionOptions,
			onAnswer: (answer: IncomingMessage) => void,
		): ClientRequest {
			const own: ConnectionOptions = {
				...options,
				agent,
				rejectUnauthorized: !ignoreSslIssues,
				connectSignal: connecting.signal,
			};
			const outgoing = open(own, onAnswer);
			watchConnection(outgoing, state, () => deadline.connected());
			return outgoing;
		},
	};
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

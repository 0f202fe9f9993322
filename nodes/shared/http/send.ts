import {
	request as httpRequest,
	type Agent,
	type ClientRequest,
	type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import type { AxiosAdapter, AxiosHeaders, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isConnectorError, passOn, type ConnectorError } from '../errors';
import { agentFor } from './agents';
import { guardBodyStream } from './bodyStream';
import { collectBody } from './collectBody';
import type { ConnectionOptions } from './connectionOptions';
import { watchConnection, type ConnectionState } from './connectionWatch';
import { Deadline } from './deadline';
import { proxyRefusal, transportFailure } from './failures';
import type { HttpBodyTypes, HttpRequest, HttpResponse, HttpResponseType } from './httpTypes';
import { proxyFor } from './proxyAddress';
import { checkTarget } from './ssrf/ssrfCheck';
import { ssrfPolicy, type SsrfPolicy } from './ssrf/ssrfPolicy';
import { readTargetUrl } from './targetUrl';
import { presentGate } from './sendGate';
import { ACCEPTED_ENCODINGS, unpack } from './unpack';
import { userAgent } from './userAgent';

/** What is used of axios. */
interface AxiosParts {
	exchange: AxiosAdapter;
	AxiosHeaders: typeof AxiosHeaders;
}

let axiosParts: AxiosParts | undefined;

/**
 * axios's own exchange over HTTP. What it does around that (merging defaults, interceptors, transforming bodies) takes as long
 * again, and there is nothing of it here. axios loads with the first request.
 */
function loadedAxios(): AxiosParts {
	axiosParts ??= loadAxios();
	return axiosParts;
}

function loadAxios(): AxiosParts {
	const axios = require('axios') as typeof import('axios');
	return { exchange: axios.getAdapter('http'), AxiosHeaders: axios.AxiosHeaders };
}

/**
 * Sends one request and returns its answer, whatever the status. Redirects are returned, never
 * followed; nothing is repeated. Goes through the proxy that the environment names, and only where n8n's
 * SSRF protection allows it. A stream that was to be sent is closed when the exchange is over, also where
 * it was not read to its end. Of a text or buffer that comes with an error status only the start is read.
 *
 * @throws HttpTransportError with an HTTP_* code where no complete answer came; its `requestSent` is
 *   false only where it is proven that nothing of the request left.
 */
export async function send<R extends HttpResponseType = 'text'>(
	request: HttpRequest<R>,
): Promise<HttpResponse<HttpBodyTypes[R]>> {
	const target = targetOf(request);
	const state: ConnectionState = { mayBeSent: false };
	const deadline = new Deadline(request);
	const failed = (failure: unknown) =>
		transportFailure(failure, target.origin, state, deadline.ownEnd);
	let endsByItself = false;
	// It may break before the request reads it: the request fails by that, and not n8n.
	if (request.body instanceof Readable) request.body.on('error', () => undefined);
	try {
		const policy = ssrfPolicy(process.env);
		const transport = transportFor(target, request, state, deadline);
		const axios = loadedAxios();
		deadline.start();
		if (policy !== undefined) await allowTarget(policy, target, deadline);
		if (deadline.ownEnd !== undefined) throw failed(undefined);
		const answer = (await axios.exchange(
			plainRequest(target, request, transport, axios),
		)) as AxiosResponse<Readable>;
		if (state.proxyRefusal !== undefined) {
			answer.data.destroy();
			throw proxyRefusal(target.origin, state.proxyRefusal);
		}
		state.answered = answer.status;
		const { responseType = 'text' } = request;
		const response = toResponse(answer, target.href);
		const isStream = responseType === 'stream';
		if (isStream) deadline.headersReceived();
		const unpacked = unpackAnswer(answer.data, response.headers);
		const body = isStream
			? guardBodyStream(
					unpacked,
					deadline.timeoutMs,
					() => deadline.end('timeout'),
					failed,
					() => finish(deadline, request.body),
				)
			: await collectBody(unpacked, { ...request, responseType, answer: response });
		// Only now somebody is there who ends the exchange with the stream.
		endsByItself = isStream;
		return { ...response, body: body as HttpBodyTypes[R] };
	} catch (failure) {
		throw ownError(failure) ?? failed(failure);
	} finally {
		if (!endsByItself) finish(deadline, request.body);
	}
}

/** @throws HttpTransportError HTTP_SSRF_BLOCKED; the error of the name's resolution, or of the deadline. */
async function allowTarget(policy: SsrfPolicy, target: URL, { signal }: Deadline): Promise<void> {
	const ended = new Promise<never>((_done, fail) => {
		if (signal.aborted) fail(new Error('ended'));
		signal.addEventListener('abort', () => fail(new Error('ended')), { once: true });
	});
	await Promise.race([checkTarget(policy, target), ended]);
}

/** An error of our own in what axios threw, which wraps what a connection's name lookup raises, or the body that is sent. */
function ownError(failure: unknown): ConnectorError | undefined {
	const { cause } = (failure ?? {}) as { cause?: unknown };
	return [failure, cause].find(isConnectorError);
}

/** Ends the exchange. Nobody else closes the file of a body that was not sent to its end. */
function finish(deadline: Deadline, body: HttpRequest['body']): void {
	deadline.clear();
	closeBody(body);
}

function closeBody(body: HttpRequest['body']): void {
	if (body instanceof Readable) body.destroy();
}

/** @throws HttpTransportError HTTP_INVALID_URL or HTTP_INSECURE_URL */
function targetOf({ url, allowHttp = false, body }: HttpRequest<HttpResponseType>): URL {
	try {
		return readTargetUrl(url, allowHttp);
	} catch (failure) {
		closeBody(body);
		passOn(failure);
	}
}

/** The request in axios's words. */
function plainRequest(
	target: URL,
	request: HttpRequest<HttpResponseType>,
	transport: Transport,
	{ AxiosHeaders }: AxiosParts,
): InternalAxiosRequestConfig {
	const { method, body, responseType, maxResponseBytes = -1 } = request;
	return {
		method,
		url: target.href,
		headers: new AxiosHeaders(allHeaders(request)),
		transport,
		data: body,
		responseType: 'stream' as const,
		maxContentLength: responseType === 'stream' ? maxResponseBytes : -1,
		maxBodyLength: Infinity,
		maxRedirects: 0,
		validateStatus: () => true,
		proxy: false,
		// axios takes a packed body that ends early for a whole one.
		decompress: false,
	};
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** As browsers and axios call a body of which nobody says what it is. */
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Those of the request, and what every request says unless it says otherwise. */
function allHeaders({
	method,
	headers = {},
}: HttpRequest<HttpResponseType>): Record<string, string> {
	const all: Record<string, string> = {};
	const given = new Set<string>();
	for (const name in headers) given.add(name.toLowerCase());
	const unlessGiven = (name: string, value: string) => {
		if (!given.has(name.toLowerCase())) all[name] = value;
	};
	unlessGiven('Accept', '*/*');
	unlessGiven('Accept-Encoding', ACCEPTED_ENCODINGS);
	unlessGiven('User-Agent', userAgent());
	if (WITH_BODY.has(method.toUpperCase())) unlessGiven('Content-Type', FORM_TYPE);
	return Object.assign(all, headers);
}

/** What axios sends with. */
interface Transport {
	request(options: ConnectionOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest;
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
): Transport {
	const { ignoreSslIssues = false, connection = 'pooled' } = request;
	const proxy = proxyFor(target);
	const agent: Agent = agentFor(target, proxy, ignoreSslIssues, connection);
	const mayLeave = presentGate();
	const open = target.protocol === 'https:' ? httpsRequest : httpRequest;
	return {
		request(options, onAnswer) {
			const own: ConnectionOptions = {
				...options,
				agent,
				rejectUnauthorized: !ignoreSslIssues,
				...(proxy && { connectSignal: deadline.signal }),
			};
			const outgoing = open(own, (answer) => {
				onAnswer(answer);
				// A request that is destroyed throws away what nobody has read of its answer yet, which then would end as if it were whole.
				deadline.onEnd(() => {
					if (!answer.readableEnded) answer.destroy(new Error('ended'));
				});
			});
			// A signal for axios would cost each request as much as connecting; this ends the body of the answer as well.
			deadline.onEnd(() => outgoing.destroy(new Error('ended')));
			watchConnection(outgoing, state, () => deadline.connected(), mayLeave);
			return outgoing;
		},
	};
}

/** Afterwards the headers that told of the packing are gone: they do not fit what is delivered. */
function unpackAnswer(body: Readable, headers: Record<string, string>): Readable {
	try {
		const unpacked = unpack(body, headers['content-encoding']);
		if (unpacked !== body) {
			delete headers['content-encoding'];
			delete headers['content-length'];
		}
		return unpacked;
	} catch (failure) {
		body.destroy();
		passOn(failure);
	}
}

function toResponse(answer: AxiosResponse<unknown>, url: string): Omit<HttpResponse, 'body'> {
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
		url,
	};
}

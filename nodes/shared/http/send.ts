import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { passOn } from '../errors';
import { agentFor } from './agents';
import { guardBodyStream } from './bodyStream';
import { collectBody } from './collectBody';
import { watchConnection, type ConnectionState } from './connectionWatch';
import { Deadline } from './deadline';
import { exchange, type Exchange } from './exchange';
import { proxyRefusal, transportFailure } from './failures';
import type { HttpBodyTypes, HttpRequest, HttpResponse, HttpResponseType } from './httpTypes';
import { proxyFor } from './proxyAddress';
import { checkTarget } from './ssrf/ssrfCheck';
import { ssrfPolicy, type SsrfPolicy } from './ssrf/ssrfPolicy';
import { readTargetUrl } from './targetUrl';
import { presentGate } from './sendGate';
import { isHttpTransportError, type HttpTransportError } from './transportError';
import { ACCEPTED_ENCODINGS, unpack } from './unpack';
import { userAgent } from './userAgent';

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
	const target = readTargetUrl(request.url, request.allowHttp ?? false);
	const state: ConnectionState = { mayBeSent: false };
	const deadline = new Deadline(request);
	const failed = (failure: unknown) =>
		transportFailure(failure, target.origin, state, deadline.ownEnd);
	let isStreaming = false;
	// It may break before the request reads it: the request fails by that, and not n8n.
	if (request.body instanceof Readable) request.body.on('error', () => undefined);
	try {
		const policy = ssrfPolicy(process.env);
		const order = orderOf(target, request, state, deadline);
		deadline.start();
		if (policy !== undefined) await allowTarget(policy, target, deadline);
		if (deadline.ownEnd !== undefined) throw failed(undefined);
		const answer = await exchange(order);
		if (state.proxyRefusal !== undefined) {
			answer.destroy();
			throw proxyRefusal(target.origin, state.proxyRefusal);
		}
		state.answered = answer.statusCode;
		const { responseType = 'text' } = request;
		const response = toResponse(answer, target.href);
		isStreaming = responseType === 'stream';
		if (isStreaming) deadline.headersReceived();
		const unpacked = unpackAnswer(answer, response.headers);
		const body = isStreaming
			? guardBodyStream(
					unpacked,
					deadline.timeoutMs,
					() => deadline.end('timeout'),
					failed,
					() => finish(deadline, request.body),
				)
			: await collectBody(unpacked, { ...request, responseType, answer: response });
		return { ...response, body: body as HttpBodyTypes[R] };
	} catch (failure) {
		throw ownError(failure) ?? failed(failure);
	} finally {
		if (!isStreaming) finish(deadline, request.body);
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

/** The transport's own error in what was thrown, also as the cause of it. */
function ownError(failure: unknown): HttpTransportError | undefined {
	const { cause } = (failure ?? {}) as { cause?: unknown };
	return [failure, cause].find(isHttpTransportError);
}

/** Ends the exchange. Nobody else closes the file of a body that was not sent to its end. */
function finish(deadline: Deadline, body: HttpRequest['body']): void {
	deadline.clear();
	if (body instanceof Readable) body.destroy();
}

/**
 * The request as it goes over the wire: direct or through the proxy, its connection watched.
 * @throws HttpTransportError HTTP_INVALID_PROXY
 */
function orderOf(
	target: URL,
	request: HttpRequest<HttpResponseType>,
	state: ConnectionState,
	deadline: Deadline,
): Exchange {
	const { method, body, ignoreSslIssues = false, connection = 'pooled' } = request;
	const proxy = proxyFor(target);
	const mayLeave = presentGate();
	return {
		target,
		method,
		headers: allHeaders(request),
		body,
		agent: agentFor(target, proxy, ignoreSslIssues, connection),
		rejectUnauthorized: !ignoreSslIssues,
		// A connection of our own ends with its request.
		...(proxy && { connectSignal: deadline.signal }),
		watch: (outgoing) => watchConnection(outgoing, state, () => deadline.connected(), mayLeave),
		onEnd: (end) => deadline.onEnd(end),
	};
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** As browsers call a body of which nobody says what it is. */
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Those of the request, and what every request says unless it says otherwise. */
function allHeaders({ method, headers = {} }: HttpRequest<HttpResponseType>): Exchange['headers'] {
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

function toResponse(answer: IncomingMessage, url: string): Omit<HttpResponse, 'body'> {
	const headers: Record<string, string> = {};
	const given = answer.headers;
	for (const name in given) {
		const value = given[name];
		if (value === undefined || name === 'set-cookie') continue;
		headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	const { 'set-cookie': setCookie = [] } = given;
	const { statusCode = 0, statusMessage = '' } = answer;
	return { status: statusCode, statusText: statusMessage, headers, setCookie, url };
}

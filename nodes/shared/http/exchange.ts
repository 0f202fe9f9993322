import {
	request as httpRequest,
	type Agent,
	type ClientRequest,
	type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ConnectionOptions } from './connectionOptions';

/** An idle connection is asked for a sign of life after that, in milliseconds. */
const KEEP_ALIVE_MS = 60_000;

/** What Node.js refuses in the value of a header (RFC 9110, 5.5). */
const NOT_IN_HEADERS = /[^\t\x20-\x7e\x80-\xff]+/g;

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** One request as it goes over the wire. */
export interface Exchange {
	target: URL;
	method: string;
	headers: Readonly<Record<string, string>>;
	body: string | Buffer | Readable | undefined;
	agent: Agent;
	rejectUnauthorized: boolean;
	/** Aborted when the connection is not wanted any more. */
	connectSignal?: AbortSignal;
	/** Looks at the request before anything of it leaves. */
	watch(request: ClientRequest): void;
	/** Registers what ends the exchange at once, with the body of its answer. */
	onEnd(end: () => void): void;
}

/**
 * One exchange over HTTP/1.1, up to the headers of the answer; its body is the message itself. Follows nothing and unpacks nothing.
 * @throws what Node.js raises where there is no answer
 */
export async function exchange(order: Exchange): Promise<IncomingMessage> {
	const { target } = order;
	// With a text Node.js would send the headers in the text's encoding as well.
	const body = typeof order.body === 'string' ? Buffer.from(order.body, 'utf8') : order.body;
	return await new Promise((resolve, reject) => {
		const options: ConnectionOptions = {
			method: order.method.toUpperCase(),
			protocol: target.protocol,
			hostname: hostOf(target),
			port: target.port,
			path: target.pathname + target.search,
			headers: sendableHeaders(order.headers, body),
			agent: order.agent,
			rejectUnauthorized: order.rejectUnauthorized,
			connectSignal: order.connectSignal,
			insecureHTTPParser: false,
		};
		const open = target.protocol === 'https:' ? httpsRequest : httpRequest;
		const request = open(options, resolve);
		// Also after the answer has begun: an error that nobody listens for would end n8n.
		request.on('error', reject);
		request.once('socket', (socket: Socket) => {
			if (!request.reusedSocket) keepAlive(socket);
		});
		order.onEnd(() => request.destroy(ended()));
		order.watch(request);
		if (body instanceof Readable) sendStream(body, request);
		else request.end(body);
	});
}

/** IPv6 addresses stand in brackets in a URL alone. */
function hostOf({ hostname }: URL): string {
	return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/** A proxy may give a connection that is none of Node.js's own. */
function keepAlive(socket: Partial<Socket>): void {
	socket.setKeepAlive?.(true, KEEP_ALIVE_MS);
}

function sendStream(body: Readable, request: ClientRequest): void {
	// One that has broken before tells nobody any more.
	if (body.destroyed) {
		request.destroy(body.errored ?? ended());
		return;
	}
	body.once('error', (error) => request.destroy(error));
	body.once('close', () => {
		if (!body.readableEnded) request.destroy(ended());
	});
	body.pipe(request);
}

function ended(): Error {
	return Object.assign(new Error('ended'), { code: 'ERR_CANCELED' });
}

/** Values as they can be sent, and the length of a body that is known. */
function sendableHeaders(
	given: Exchange['headers'],
	body: Buffer | Readable | undefined,
): Record<string, string | number> {
	const headers: Record<string, string | number> = {};
	let isLengthTold = false;
	for (const name in given) {
		const value = given[name] ?? '';
		headers[name] = HEADER_VALUE.test(value) ? value : value.replaceAll(NOT_IN_HEADERS, '').trim();
		isLengthTold ||= name.toLowerCase() === 'content-length';
	}
	if (body !== undefined && !(body instanceof Readable) && !isLengthTold && body.length > 0) {
		headers['Content-Length'] = body.length;
	}
	return headers;
}

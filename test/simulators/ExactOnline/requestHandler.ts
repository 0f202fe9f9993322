import type { IncomingMessage, ServerResponse } from 'node:http';

import { emptyAnswer, sendAnswer, textAnswer, type Answer } from '../shared/answers';
import { runExchange } from '../shared/exchange';
import type { FaultQueue } from '../shared/faults';
import type { ObservedRequest } from '../shared/observedRequest';
import { BodyTooLargeError, mediaType, readBody } from '../shared/requestBody';
import { answerApiRequest, receiveApiRequest, type ApiContext } from './api/apiEndpoint';
import { answerControlRequest, CONTROL_PREFIX } from './control/controlInterface';
import { countUp } from './counters';
import type { ExactOnlineSimulator, HoldPoint } from './exactOnlineSimulator';
import { showConsent, type AuthorizeContext } from './oauth/authorizeEndpoint';
import {
	answerTokenRequest,
	countTokenPost,
	describeTokenRequest,
	type TokenContext,
} from './oauth/tokenEndpoint';
import type { LogEntry } from './requestLog';

/** What the endpoints need of the simulator. */
export type SimulatorContext = ApiContext & TokenContext & AuthorizeContext;

/** Longest body that is read at all; how much of it is accepted, the resource decides. */
const BODY_LIMIT_BYTES = 60_000_000;
/** Longest body of a control request, which may bring many rows. */
const CONTROL_LIMIT_BYTES = 100_000_000;

/** Reads requests from the wire, sends each to its endpoint, and takes the answer back. */
export class RequestHandler {
	private readonly parallelByChain: Record<string, number> = {};

	constructor(
		private readonly simulator: ExactOnlineSimulator,
		private readonly context: SimulatorContext,
		private readonly closing: AbortSignal,
	) {}

	/** Answers one request, whichever part of the simulator it is for. */
	async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		response.setHeader('date', new Date(this.context.clock()).toUTCString());
		const url = new URL(request.url ?? '/', this.originOf(request));
		if (url.pathname.startsWith(CONTROL_PREFIX)) {
			const body = await readBody(request, CONTROL_LIMIT_BYTES);
			const method = request.method ?? 'GET';
			await sendAnswer(
				response,
				await answerControlRequest(this.simulator, { method, url, body, response }),
			);
			return;
		}
		countUp(this.context.counters.requestsByUserAgent, request.headers['user-agent'] ?? '');
		if (request.headers.cookie !== undefined) this.context.counters.requestsWithCookies += 1;
		let body: Buffer;
		try {
			body = await readBody(request, BODY_LIMIT_BYTES);
		} catch (error) {
			if (!(error instanceof BodyTooLargeError)) throw error;
			await sendAnswer(response, textAnswer(413, 'Request Entity Too Large'));
			return;
		}
		if (url.pathname === '/api/oauth2/token') {
			await this.handleToken(request, response, body);
		} else if (url.pathname === '/api/oauth2/auth') {
			await sendAnswer(response, this.authorize(request, url, body));
		} else if (url.pathname.startsWith('/api/v1/') || url.pathname.startsWith('/docs/')) {
			await this.handleApi(request, response, url, body);
		} else {
			await sendAnswer(response, textAnswer(404, 'Not Found'));
		}
	}

	private authorize(request: IncomingMessage, url: URL, body: Buffer): Answer {
		if (request.method === 'GET') return showConsent(url.searchParams, this.context);
		if (request.method === 'POST') {
			return this.simulator.decideConsent(new URLSearchParams(body.toString('utf8')));
		}
		return emptyAnswer(405, { allow: 'GET, POST' });
	}

	private async handleToken(
		request: IncomingMessage,
		response: ServerResponse,
		body: Buffer,
	): Promise<void> {
		if (request.method !== 'POST') {
			await sendAnswer(response, emptyAnswer(405, { allow: 'POST' }));
			return;
		}
		const tokenRequest = {
			mediaType: mediaType(request),
			authorization: request.headers.authorization,
			form: new URLSearchParams(body.toString('utf8')),
		};
		const { standing, tags } = describeTokenRequest(tokenRequest, this.context.chains);
		const finished = countTokenPost(standing, this.context.counters, this.parallelByChain);
		try {
			await this.exchange(request, response, {
				observed: { method: 'POST', path: '/api/oauth2/token', tags },
				faults: this.simulator.faults.token,
				points: { received: 'tokenReceived', processed: 'tokenProcessed' },
				delayMs: this.context.switches.tokenDelayMs,
				process: () => answerTokenRequest(tokenRequest, this.context),
			});
		} finally {
			finished();
		}
	}

	private async handleApi(
		request: IncomingMessage,
		response: ServerResponse,
		url: URL,
		body: Buffer,
	): Promise<void> {
		const apiRequest = {
			method: request.method ?? 'GET',
			path: decodePath(url.pathname),
			urlLength: url.href.length,
			query: url.searchParams,
			authorization: request.headers.authorization,
			accept: request.headers.accept ?? '',
			prefer: String(request.headers.prefer ?? ''),
			mediaType: mediaType(request),
			body,
			origin: url.origin,
		};
		const arrival = receiveApiRequest(apiRequest, this.context);
		await this.exchange(request, response, {
			observed: { method: apiRequest.method, path: apiRequest.path, tags: arrival.tags },
			faults: this.simulator.faults.api,
			points: { received: 'apiReceived', processed: 'apiProcessed' },
			delayMs: this.context.switches.apiDelayMs,
			process: () => answerApiRequest(apiRequest, arrival, this.context),
		});
	}

	private async exchange(
		request: IncomingMessage,
		response: ServerResponse,
		options: {
			observed: ObservedRequest;
			faults: FaultQueue;
			points: { received: HoldPoint; processed: HoldPoint };
			delayMs: number;
			process: () => Answer | Promise<Answer>;
		},
	): Promise<void> {
		const { observed, ...rest } = options;
		const entry: LogEntry = {
			...observed,
			receivedAt: this.context.clock(),
			answeredAt: undefined,
			status: undefined,
			processed: false,
			userAgent: request.headers['user-agent'] ?? '',
		};
		this.simulator.log.add(entry);
		const outcome = await runExchange({
			...rest,
			request: observed,
			response,
			holds: this.simulator.holds,
			closing: this.closing,
			onProcessed: () => {
				entry.processed = true;
				this.simulator.log.tell('processed', entry);
			},
		});
		entry.status = outcome.sent?.status;
		entry.answeredAt = this.context.clock();
		this.simulator.log.tell('answered', entry);
	}

	/** The origin as the client wrote it, so that `__next` stays on the same host. */
	private originOf(request: IncomingMessage): string {
		const scheme = this.simulator.url.startsWith('https:') ? 'https' : 'http';
		const origin = `${scheme}://${request.headers.host ?? ''}`;
		return URL.canParse(origin) ? origin : this.simulator.url;
	}
}

function decodePath(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

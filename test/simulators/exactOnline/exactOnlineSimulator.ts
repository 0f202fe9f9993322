import type { IncomingMessage, ServerResponse } from 'node:http';

import { emptyAnswer, sendAnswer, textAnswer, type Answer } from '../shared/answers';
import type { Clock } from '../shared/clock';
import { runExchange } from '../shared/exchange';
import { FaultQueue } from '../shared/faults';
import { HoldPoints, type Hold } from '../shared/holdPoints';
import {
	startHttpServer,
	type HttpServerOptions,
	type RunningHttpServer,
} from '../shared/httpServer';
import type { ObservedRequest, RequestCondition } from '../shared/observedRequest';
import { BodyTooLargeError, mediaType, readBody } from '../shared/requestBody';
import {
	answerApiRequest,
	API_ERROR_CATALOGUE,
	receiveApiRequest,
	type ApiContext,
} from './api/apiEndpoint';
import { answerControlRequest, CONTROL_PREFIX } from './control/controlInterface';
import { countUp, newCounters, resetCounters, type ExactOnlineCounters } from './counters';
import { ErrorBudget } from './limits/errorBudget';
import { RateLimit } from './limits/rateLimit';
import { AuthorizationCodes } from './oauth/authorizationCodes';
import { decideConsent, showConsent, type AuthorizeContext } from './oauth/authorizeEndpoint';
import { TokenChains, type ChainStatus, type IssuedTokens } from './oauth/chains';
import { TOKEN_ERROR_CATALOGUE } from './oauth/tokenErrors';
import {
	answerTokenRequest,
	countTokenPost,
	describeTokenRequest,
	type TokenContext,
} from './oauth/tokenEndpoint';
import { RequestLog, type LogEntry } from './requestLog';
import { applySwitches, DEFAULT_SWITCHES, type ExactOnlineSwitches } from './switches';
import { World, type WorldOptions } from './world/world';

export interface ExactOnlineSimulatorOptions
	extends WorldOptions, Pick<HttpServerOptions, 'port' | 'host' | 'publicHost' | 'tls'> {
	/** Time in ms, default `Date.now`; delays always take real time. */
	clock?: Clock;
	switches?: Partial<ExactOnlineSwitches>;
}

/** Where a request can be held: received but not processed, processed but not answered. */
export type HoldPoint = 'tokenReceived' | 'tokenProcessed' | 'apiReceived' | 'apiProcessed';

/** Longest body, facts/exact-online.md 3. */
const BODY_LIMIT_BYTES = 10_000_000;

/**
 * A strict stand-in for Exact Online: OAuth with one live chain per app and user, and the REST API
 * with its limits. What it refuses and how follows facts/exact-online.md; where the facts are
 * uncertain, a switch chooses the reading.
 */
export class ExactOnlineSimulator {
	readonly counters: ExactOnlineCounters = newCounters();
	/** Present switches; change them with `configure`. */
	readonly switches: Readonly<ExactOnlineSwitches>;
	readonly world: World;
	readonly log = new RequestLog();
	/** Failures that wait for a token POST or an API call. */
	readonly faults = {
		token: new FaultQueue(TOKEN_ERROR_CATALOGUE),
		api: new FaultQueue(API_ERROR_CATALOGUE),
	};
	readonly holds = new HoldPoints();

	private readonly clock: Clock;
	private readonly chainStore: TokenChains;
	private readonly codes: AuthorizationCodes;
	private readonly budget: ErrorBudget;
	private readonly rateLimit: RateLimit;
	private readonly parallelByChain: Record<string, number> = {};
	private readonly closing = new AbortController();
	private readonly context: ApiContext & TokenContext & AuthorizeContext;
	private server: RunningHttpServer | undefined;

	private constructor(options: ExactOnlineSimulatorOptions) {
		const switches: ExactOnlineSwitches = { ...DEFAULT_SWITCHES };
		applySwitches(switches, options.switches ?? {});
		this.switches = switches;
		this.clock = options.clock ?? Date.now;
		this.world = new World(options);
		this.chainStore = new TokenChains(this.clock, switches);
		this.codes = new AuthorizationCodes(this.clock, switches);
		this.budget = new ErrorBudget(this.clock, switches);
		this.rateLimit = new RateLimit(this.clock, switches);
		this.context = {
			world: this.world,
			apps: this.world.apps,
			users: this.world.users,
			chains: this.chainStore,
			codes: this.codes,
			budget: this.budget,
			rateLimit: this.rateLimit,
			counters: this.counters,
			switches,
			clock: this.clock,
		};
	}

	/** Starts a simulator. Rejects if the port is taken or a switch is unknown. */
	static async start(options: ExactOnlineSimulatorOptions = {}): Promise<ExactOnlineSimulator> {
		const simulator = new ExactOnlineSimulator(options);
		simulator.server = await startHttpServer({
			...options,
			handler: (request, response) => simulator.handle(request, response),
		});
		return simulator;
	}

	/** Origin without a trailing slash; the credential's base URL. */
	get url(): string {
		if (!this.server) throw new Error('The simulator is not running.');
		return this.server.url;
	}

	get authUrl(): string {
		return `${this.url}/api/oauth2/auth`;
	}

	get tokenUrl(): string {
		return `${this.url}/api/oauth2/token`;
	}

	/** Stops at once: held requests are dropped, delays end, all sockets are destroyed. */
	async close(): Promise<void> {
		this.closing.abort();
		this.holds.clear('drop');
		await this.server?.close();
	}

	/** Changes some switches. Throws on a name that is no switch. */
	configure(changes: Partial<ExactOnlineSwitches>): void {
		applySwitches(this.context.switches, changes);
	}

	/**
	 * Counters to zero, log emptied, faults and traps removed (held requests go on), limits and
	 * error budgets fresh. With `chains` all chains, tokens and codes are forgotten as well.
	 * Switches and data stay.
	 */
	reset({ chains = false }: { chains?: boolean } = {}): void {
		this.faults.token.clear();
		this.faults.api.clear();
		this.holds.clear('release');
		this.budget.clear();
		this.rateLimit.clear();
		this.log.clear();
		resetCounters(this.counters);
		if (chains) {
			this.chainStore.clear();
			this.codes.clear();
		}
	}

	/** Traps requests at a point; see `Hold`. By default it catches one. */
	hold(point: HoldPoint, options: { where?: RequestCondition; times?: number } = {}): Hold {
		return this.holds.hold(point, options);
	}

	/** A pair as after a log-in in the browser; like it, kills the earlier refresh tokens. */
	issueTokens(clientId: string, userId: string): IssuedTokens {
		if (!this.world.app(clientId)) throw new Error(`No app with client id ${clientId}.`);
		if (!this.world.user(userId)) throw new Error(`No user with id ${userId}.`);
		return this.chainStore.logIn(clientId, userId);
	}

	/** All chains by `clientId#userId`. */
	chains(): Record<string, ChainStatus> {
		return this.chainStore.status();
	}

	/** The refresh token that is live now; undefined without a chain or after a revocation. */
	liveRefreshToken(clientId: string, userId: string): string | undefined {
		return this.chainStore.liveRefreshToken(clientId, userId);
	}

	/** The user withdraws the app's permission: its tokens stop working. */
	revoke(clientId: string, userId: string): void {
		this.chainStore.revoke(clientId, userId);
	}

	/** Makes one chain and its tokens older, as if `seconds` had passed for it. */
	ageChain(clientId: string, userId: string, seconds: number): void {
		this.chainStore.age(clientId, userId, seconds);
	}

	/**
	 * The decision on the consent page without a browser: `form` holds the parameters of the
	 * authorization request, `userId`, and `decision` (`allow` or `deny`).
	 */
	decideConsent(form: URLSearchParams): Answer {
		return decideConsent(form, this.context);
	}

	private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', this.originOf(request));
		if (url.pathname.startsWith(CONTROL_PREFIX)) {
			const body = await readBody(request, BODY_LIMIT_BYTES);
			const method = request.method ?? 'GET';
			await sendAnswer(response, await answerControlRequest(this, { method, url, body, response }));
			return;
		}
		countUp(this.counters.requestsByUserAgent, request.headers['user-agent'] ?? '');
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
		} else if (url.pathname.startsWith('/api/v1/')) {
			await this.handleApi(request, response, url, body);
		} else {
			await sendAnswer(response, textAnswer(404, 'Not Found'));
		}
	}

	private authorize(request: IncomingMessage, url: URL, body: Buffer): Answer {
		if (request.method === 'GET') return showConsent(url.searchParams, this.context);
		if (request.method === 'POST') {
			return this.decideConsent(new URLSearchParams(body.toString('utf8')));
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
		const { standing, tags } = describeTokenRequest(tokenRequest, this.chainStore);
		const finished = countTokenPost(standing, this.counters, this.parallelByChain);
		try {
			await this.exchange(request, response, {
				observed: { method: 'POST', path: '/api/oauth2/token', tags },
				faults: this.faults.token,
				points: { received: 'tokenReceived', processed: 'tokenProcessed' },
				delayMs: this.switches.tokenDelayMs,
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
			mediaType: mediaType(request),
			body,
			origin: url.origin,
		};
		const arrival = receiveApiRequest(apiRequest, this.context);
		await this.exchange(request, response, {
			observed: { method: apiRequest.method, path: apiRequest.path, tags: arrival.tags },
			faults: this.faults.api,
			points: { received: 'apiReceived', processed: 'apiProcessed' },
			delayMs: this.switches.apiDelayMs,
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
			process: () => Answer;
		},
	): Promise<void> {
		const { observed, ...rest } = options;
		const entry: LogEntry = {
			...observed,
			receivedAt: this.clock(),
			answeredAt: undefined,
			status: undefined,
			processed: false,
			userAgent: request.headers['user-agent'] ?? '',
		};
		this.log.add(entry);
		const outcome = await runExchange({
			...rest,
			request: observed,
			response,
			holds: this.holds,
			closing: this.closing.signal,
			onProcessed: () => {
				entry.processed = true;
				this.log.tell('processed', entry);
			},
		});
		entry.status = outcome.sent?.status;
		entry.answeredAt = this.clock();
		this.log.tell('answered', entry);
	}

	/** The origin as the client wrote it, so that `__next` stays on the same host. */
	private originOf(request: IncomingMessage): string {
		const scheme = this.url.startsWith('https:') ? 'https' : 'http';
		const origin = `${scheme}://${request.headers.host ?? ''}`;
		return URL.canParse(origin) ? origin : this.url;
	}
}

function decodePath(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

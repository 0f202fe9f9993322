import type { HttpBodyTypes, HttpResponse, HttpResponseType } from '../../shared/http';
import type { AccessTokenSource } from '../auth/accessTokenSource';
import { apiUrl, divisionOf, endpointOf, ownAddress, ownLink } from '../wire/apiUrl';
import { readEnvelope } from '../wire/envelope';
import type {
	ExactAnswer,
	ExactRequest,
	ExactRow,
	RawExactAnswer,
	RawExactRequest,
} from '../wire/exactTypes';
import { cancelled, endlessList } from './clientErrors';
import { sendJob, type ExactJob } from './exactJob';
import { StoredCallLimits, callsKey, type LimitScope } from './limits/callLimits';
import { divisionCalls, sharedClientState, type ClientState } from './limits/clientState';
import { systemClock, type Clock } from './limits/clock';
import { inTurn } from './limits/divisionTurns';
import type { LimitStore } from './limits/limitStore';
import { MemoryLimitStore } from './limits/memoryLimitStore';

export interface ExactOnlineClientOptions {
	/**
	 * Whose errors are counted together; the credential's id. Exact counts per user, and a user
	 * without rights must not stop another one.
	 */
	credentialId?: string;
	clock?: Clock;
	/** Shared by the process unless a test brings its own. */
	state?: ClientState;
	/** Who keeps the limits; by default the process, in `state`. */
	limitStore?: LimitStore;
}

/**
 * Requests to the REST API of one Exact Online user: with a token that outlives the request, within
 * the call limits, with errors that have a stable code. Reads are repeated where that is safe; POST,
 * PUT and DELETE are sent once (again only after a 429, which proves that they were refused).
 */
export class ExactOnlineClient {
	/** Names app and user for what the process remembers about them. */
	readonly userKey: string;

	readonly state: ClientState;

	private readonly clock: Clock;

	private readonly limitStore: LimitStore;

	private readonly limitScope: LimitScope;

	constructor(
		private readonly source: AccessTokenSource,
		options: ExactOnlineClientOptions = {},
	) {
		this.clock = options.clock ?? systemClock;
		this.state = options.state ?? sharedClientState();
		this.limitStore = options.limitStore ?? new MemoryLimitStore(this.state, this.clock);
		this.userKey = [source.baseUrl, source.clientId, options.credentialId ?? ''].join('|');
		this.limitScope = { app: [source.baseUrl, source.clientId].join('|'), user: this.userKey };
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
	async requestRaw<R extends HttpResponseType = 'text'>(
		request: RawExactRequest<R>,
	): Promise<RawExactAnswer<HttpBodyTypes[R]>> {
		const url = ownAddress(this.source.baseUrl, request.url);
		const { status, headers, body } = await this.run<R>({
			...request,
			url,
			endpoint: endpointOf(url),
			division: divisionOf(url),
			length: request.length ?? 'normal',
		});
		return { status, headers, body };
	}

	/**
	 * The page behind a `__next` link, which is used verbatim (docs/facts/exact-online.md 4.3).
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

	private async run<R extends HttpResponseType = 'text'>(
		job: ExactJob<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const { division, signal } = job;
		if (signal?.aborted) throw cancelled();
		const { source, clock } = this;
		const limits = new StoredCallLimits(this.limitStore, clock, this.limitScope);
		const task = async () => await sendJob({ source, clock, limits }, job);
		// Calls without a division are not counted by Exact, so they need not queue
		// (docs/facts/exact-online.md 2.1).
		if (division === undefined) return await task();
		const calls = divisionCalls(this.state, callsKey(this.limitScope, division));
		return await inTurn(calls, signal, task);
	}
}

function entitiesOf({ status, body }: HttpResponse): ExactAnswer {
	return { status, ...readEnvelope(body) };
}

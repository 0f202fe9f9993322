import type { IDataObject } from 'n8n-workflow';

import {
	clockSkew,
	type HttpBodyTypes,
	type HttpResponse,
	type HttpResponseType,
} from '../../shared/http';
import { mostBehindMs } from '../auth/regions';
import type { AccessTokenSource } from '../auth/accessTokenSource';
import {
	apiUrl,
	divisionOf,
	endpointOf,
	endpointOfPath,
	ownAddress,
	ownLink,
} from '../wire/apiUrl';
import type { AskedFor } from '../wire/answerError';
import { envelopeOf, unexpectedBody, type Envelope } from '../wire/envelope';
import type {
	ExactAnswer,
	ExactRequest,
	ExactRow,
	RawExactAnswer,
	RawExactRequest,
} from '../wire/exactTypes';
import { cancelled, unreadWrite } from './clientErrors';
import { sendJob, type ExactJob, type RequestManner } from './exactJob';
import { isWhole, withWholeCollections } from './expandedRows';
import { StoredCallLimits, callsKey, type LimitedCall, type LimitScope } from './limits/callLimits';
import { sharedClientState, type ClientState } from './limits/clientState';
import { systemClock, type Clock } from './limits/clock';
import { inQueue } from './limits/divisionQueue';
import { heldBackByEarlierCopy } from './limits/earlierCopies';
import { limitMemoryOf, type LimitMemory } from './limits/limitMemory';
import { readLimitStatus, tellWindows } from './limits/limitStatus';
import type { LimitStore } from './limits/limitStore';
import { MemoryLimitStore } from './limits/memoryLimitStore';
import { PatientLimitStore } from './limits/patientLimitStore';
import { VaultLimitStore } from './limits/vaultLimitStore';
import { LinkWalk } from './linkedPages';

/** Processes that may have a request to one division under way at the same time, unless the node says otherwise. */
export const PARALLEL_REQUESTS = 2;

/** How long it is remembered what rights and licences decide, in milliseconds. */
const REMEMBERED_MS = 10 * 60_000;

export interface ExactOnlineClientOptions {
	/**
	 * Whose errors are counted together; the credential's id. Exact counts per user, and a user
	 * without rights must not stop another one.
	 */
	credentialId?: string;
	/** True where no person waits for the answers; default false. */
	automatic?: boolean;
	/** Index of the input item that the requests are sent for. */
	item?: number;
	/** Processes that may have a request to one division under way at the same time; default 2. */
	parallel?: number;
	/** True where errors hold nothing back; default false. */
	isUnguarded?: boolean;
	clock?: Clock;
	/** Shared by the process unless a test brings its own. */
	state?: ClientState;
	/** Who keeps the limits; by default the vault of the source, or the process where there is none. */
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

	/** Names app, user and log-in for some minutes, for what is found out anew after that. */
	get memoryKey(): string {
		const { loginMark = '' } = this.source;
		return [this.userKey, loginMark, Math.floor(this.clock.now() / REMEMBERED_MS)].join('|');
	}

	private readonly clock: Clock;

	private readonly limitStore: LimitStore;

	private readonly limitScope: LimitScope;

	private readonly limitMemory: LimitMemory;

	private readonly manner: RequestManner;

	/** The division that was asked last. */
	private lastDivision: number | undefined;

	private ahead: number | undefined;

	constructor(
		private readonly source: AccessTokenSource,
		options: ExactOnlineClientOptions = {},
	) {
		this.clock = options.clock ?? systemClock;
		const { item, automatic = false, isUnguarded = false } = options;
		const parallel = options.parallel ?? PARALLEL_REQUESTS;
		this.manner = { automatic, parallel, isUnguarded, ...(item !== undefined && { item }) };
		this.state = options.state ?? sharedClientState();
		this.limitMemory = limitMemoryOf(this.state);
		this.limitStore = options.limitStore ?? limitStoreOf(source, this.limitMemory, this.clock);
		const app = [source.baseUrl, source.clientId].join('|');
		const credential = options.credentialId ?? '';
		this.userKey = [app, credential].join('|');
		this.limitScope = {
			app,
			// Known as soon as there is a token: two credentials of one user have one budget.
			get user() {
				return [app, source.userId ?? credential].join('|');
			},
		};
	}

	/**
	 * Milliseconds by which the service's clock is ahead of this one, by the answers to this client; undefined before the first. An
	 * answer is on its way for a while, so that which tells most is the nearest.
	 */
	get serviceAhead(): number | undefined {
		return this.ahead;
	}

	/** Milliseconds by which the times in the service's answers may be behind those of Greenwich. */
	get mostBehindMs(): number {
		return mostBehindMs(this.source.baseUrl);
	}

	/** What is left of the limits of a division, by its latest answer; left out, of the one asked last. Times are ISO texts. */
	limitsLeft(division = this.lastDivision): IDataObject | undefined {
		const left = this.limitMemory.left.get(callsKey(this.limitScope, division));
		return left && { division: division ?? null, ...tellWindows(left, this.clock.now()) };
	}

	/** What is known of the limits of the app, and of the errors of the user, over all processes. */
	async limitsStatus(): Promise<IDataObject> {
		return await readLimitStatus(this.limitStore, this.limitScope);
	}

	/**
	 * One request.
	 * @throws ConnectorError with an EXACT_*, HTTP_* or (from the token source) VAULT_* code.
	 */
	async request(request: ExactRequest): Promise<ExactAnswer> {
		const url = this.urlOf(request);
		const endpoint = endpointOfPath(request.path);
		const answer = await this.run({
			method: request.method,
			url,
			endpoint,
			division: request.division,
			...(request.body && {
				body: JSON.stringify(request.body),
				headers: { 'Content-Type': 'application/json' },
			}),
			signal: request.signal,
			length: request.length ?? 'normal',
		});
		const entities = entitiesOf(answer, { method: request.method, endpoint });
		return request.method === 'GET' ? await this.whole(entities, request) : entities;
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
		return await this.whole(await this.page(next, request), request);
	}

	/** The page behind a link, as it came. */
	private async page(
		next: string,
		request: Pick<ExactRequest, 'division' | 'signal' | 'length'>,
	): Promise<ExactAnswer> {
		const url = ownLink(this.source.baseUrl, next);
		const endpoint = endpointOf(url);
		const answer = await this.run({
			method: 'GET',
			url,
			endpoint,
			division: request.division ?? divisionOf(url),
			signal: request.signal,
			length: request.length ?? 'normal',
		});
		return entitiesOf(answer, { method: 'GET', endpoint });
	}

	/** The pages of a list, each asked for when the reader wants it. */
	async *pages(request: ExactRequest): AsyncGenerator<ExactRow[], void, undefined> {
		yield* this.pagesAfter(
			await this.request(request),
			request,
			new LinkWalk(new Set([this.urlOf(request)])),
		);
	}

	/**
	 * A page that was read, and those behind its `__next` link.
	 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER where the links lead in a circle, or through ten empty pages
	 */
	async *pagesAfter(
		first: Pick<ExactAnswer, 'rows' | 'next'>,
		request: Pick<ExactRequest, 'division' | 'signal' | 'length' | 'mayFollow'>,
		walk = new LinkWalk(),
	): AsyncGenerator<ExactRow[], void, undefined> {
		let page: Pick<ExactAnswer, 'rows' | 'next'> = first;
		for (;;) {
			yield page.rows;
			const next = walk.after(page);
			if (next === undefined || request.mayFollow?.() === false) return;
			page = await this.follow(next, request);
		}
	}

	/**
	 * Rows that were read elsewhere, with their expanded collections whole.
	 * @throws ConnectorError as `follow`
	 */
	async wholeRows(
		rows: readonly ExactRow[],
		request: Pick<ExactRequest, 'division' | 'signal' | 'length'>,
	): Promise<ExactRow[]> {
		return await withWholeCollections(rows, async (link) => await this.page(link, request));
	}

	private async whole(
		answer: ExactAnswer,
		request: Pick<ExactRequest, 'division' | 'signal' | 'length'>,
	): Promise<ExactAnswer> {
		if (answer.rows.every(isWhole)) return answer;
		return { ...answer, rows: await this.wholeRows(answer.rows, request) };
	}

	private urlOf({ path, division, query }: ExactRequest): string {
		return apiUrl(this.source.baseUrl, path, division, query);
	}

	private async run<R extends HttpResponseType = 'text'>(
		job: ExactJob<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const { division, endpoint, signal } = job;
		if (signal?.aborted) throw cancelled();
		const { source, clock, manner, limitMemory } = this;
		const limits = new StoredCallLimits(this.limitStore, clock, this.limitScope, limitMemory);
		const names = {
			calls: callsKey(this.limitScope, division),
			errors: [this.userKey, division ?? 'current', endpoint].join('|'),
		};
		const heldBackEarlier = (call: LimitedCall) =>
			heldBackByEarlierCopy(this.state, names, clock.now(), call);
		const send = async (place: string | undefined) => {
			const placed = { ...manner, ...(place !== undefined && { place }) };
			return await sendJob({ source, clock, limits, manner: placed, heldBackEarlier }, job);
		};
		this.lastDivision = division ?? this.lastDivision;
		// Calls without a division are not counted by Exact (docs/facts/exact-online.md 2.1), but their errors
		// are: so each is sent when it is known what became of the one before.
		const turn =
			division === undefined
				? [this.userKey, endpoint].join('|')
				: callsKey(this.limitScope, division);
		const orderedIn = manner.parallel === 1 ? division : undefined;
		const parts = { state: this.state, memory: limitMemory, limits, clock };
		const answer = await inQueue(parts, { turn, orderedIn, signal }, send);
		const ahead = clockSkew(answer.headers, clock.now());
		this.ahead = Math.max(this.ahead ?? ahead, ahead);
		return answer;
	}
}

/** Where the limits are kept: with the vault, for all processes that share it. */
function limitStoreOf(source: AccessTokenSource, memory: LimitMemory, clock: Clock): LimitStore {
	const { vault } = source;
	if (vault === undefined) return new MemoryLimitStore(memory, clock);
	return new PatientLimitStore(new VaultLimitStore(vault), memory, clock);
}

/** @throws ConnectorError EXACT_UNEXPECTED_ANSWER; EXACT_WRITE_UNCONFIRMED for a write that a page or an error answers */
function entitiesOf(
	{ status, body }: HttpResponse,
	asked: Pick<AskedFor, 'method' | 'endpoint'>,
): ExactAnswer {
	const { isNothing, rows, ...more }: Partial<Envelope> = envelopeOf(body) ?? {};
	// Whoever asks for rows and gets nothing at all has not been told that there are none.
	const isUntold = asked.method === 'GET' && status !== 204 && isNothing === true;
	if (rows !== undefined && !isUntold) return { status, rows, ...more };
	if (asked.method === 'GET') throw unexpectedBody(body);
	throw unreadWrite({ ...asked, division: undefined }, status, body);
}

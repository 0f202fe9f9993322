import type { Answer } from '../shared/answers';
import type { Clock } from '../shared/clock';
import { FaultQueue } from '../shared/faults';
import { HoldPoints, type Hold } from '../shared/holdPoints';
import {
	startHttpServer,
	type HttpServerOptions,
	type RunningHttpServer,
} from '../shared/httpServer';
import type { RequestCondition } from '../shared/observedRequest';
import { startSwitches } from '../shared/readings';
import { API_ERROR_CATALOGUE } from './api/apiEndpoint';
import { newCounters, resetCounters, type ExactOnlineCounters } from './counters';
import { ErrorBudget } from './limits/errorBudget';
import { RateLimit } from './limits/rateLimit';
import { AuthorizationCodes } from './oauth/authorizationCodes';
import { decideConsent } from './oauth/authorizeEndpoint';
import { TokenChains, type ChainStatus, type IssuedTokens } from './oauth/chains';
import { TOKEN_ERROR_CATALOGUE } from './oauth/tokenErrors';
import { RequestHandler, type SimulatorContext } from './requestHandler';
import { READINGS } from './readings';
import { RequestLog } from './requestLog';
import { applySwitches, DEFAULT_SWITCHES, type ExactOnlineSwitches } from './switches';
import type { Row } from './odata/edm';
import type { TableContext } from './world/entityTable';
import { changeSeededRows, seedRows } from './world/seedRows';
import { stampOf } from './world/serviceClock';
import { World, type WorldOptions } from './world/world';
import { Webhooks } from './webhooks/webhooks';

export interface ExactOnlineSimulatorOptions
	extends WorldOptions, Pick<HttpServerOptions, 'port' | 'host' | 'publicHost' | 'tls'> {
	/** Time in ms, default `Date.now`; delays always take real time. */
	clock?: Clock;
	switches?: Partial<ExactOnlineSwitches>;
}

/** Where a request can be held: received but not processed, processed but not answered. */
export type HoldPoint = 'tokenReceived' | 'tokenProcessed' | 'apiReceived' | 'apiProcessed';

/**
 * A strict stand-in for Exact Online: OAuth with one live chain per app and user, and the REST API
 * with its limits. What it refuses and how follows docs/facts/exact-online.md; where the facts are
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
	/** What the service sends of its own accord. */
	readonly webhooks: Webhooks;

	private readonly closing = new AbortController();
	private readonly context: SimulatorContext;
	private server: RunningHttpServer | undefined;

	private constructor(options: ExactOnlineSimulatorOptions) {
		const switches = { ...startSwitches<ExactOnlineSwitches>(DEFAULT_SWITCHES, READINGS) };
		applySwitches(switches, options.switches ?? {});
		const clock = options.clock ?? Date.now;
		this.switches = switches;
		this.world = new World(options);
		this.webhooks = new Webhooks({
			world: this.world,
			switches,
			clock,
			origin: () => this.url,
			closing: this.closing.signal,
		});
		this.world.addTable(this.webhooks.table);
		this.context = {
			world: this.world,
			apps: this.world.apps,
			users: this.world.users,
			chains: new TokenChains(clock, switches),
			codes: new AuthorizationCodes(clock, switches),
			budget: new ErrorBudget(clock, switches),
			rateLimit: new RateLimit(clock, switches),
			counters: this.counters,
			switches,
			clock,
		};
	}

	/** Starts a simulator. Rejects if the port is taken or a switch is unknown. */
	static async start(options: ExactOnlineSimulatorOptions = {}): Promise<ExactOnlineSimulator> {
		const simulator = new ExactOnlineSimulator(options);
		const { context, closing } = simulator;
		const handler = new RequestHandler(simulator, context, closing.signal);
		simulator.server = await startHttpServer({
			...options,
			handler: (request, response) => handler.handle(request, response),
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
	 * error budgets fresh, deliveries of webhooks forgotten. With `chains` all chains, tokens and codes are forgotten as well.
	 * Switches and data stay.
	 */
	reset({ chains = false }: { chains?: boolean } = {}): void {
		this.faults.token.clear();
		this.faults.api.clear();
		this.holds.clear('release');
		this.context.budget.clear();
		this.context.rateLimit.clear();
		this.webhooks.reset();
		this.log.clear();
		resetCounters(this.counters);
		if (chains) {
			this.context.chains.clear();
			this.context.codes.clear();
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
		return this.context.chains.logIn(clientId, userId);
	}

	/** Puts rows into a resource as though the service had made them, at one moment; see `seedRows`. */
	addRows(
		division: number,
		endpoint: string,
		rows: ReadonlyArray<Record<string, unknown>>,
		{ at }: { at?: number } = {},
	): Row[] {
		return seedRows(this.world, endpoint, rows, this.contextOf(division, at));
	}

	/** The rows of a resource as they are stored, in the order of their keys. */
	rows(division: number, endpoint: string): readonly Row[] {
		const table = this.world.table(endpoint);
		if (!table) throw new Error(`No endpoint ${endpoint}.`);
		return table.rows(this.contextOf(division));
	}

	/**
	 * Changes rows as though somebody had done it, all at one moment, by default the present.
	 * @param changes values by field, as `addRows` takes them
	 * @param which their keys, or so many with the highest versions; all of them if neither is given
	 * @returns how many
	 */
	changeRows(
		division: number,
		endpoint: string,
		changes: Record<string, unknown>,
		{ keys, last, at }: { keys?: readonly string[]; last?: number; at?: number } = {},
	): number {
		const meant = keys
			? keys.map((key) => this.row(division, endpoint, key))
			: byVersion(this.rows(division, endpoint)).slice(last === undefined ? 0 : -last);
		changeSeededRows(this.world, endpoint, meant, changes, this.contextOf(division, at));
		return meant.length;
	}

	/**
	 * Deletes rows as though somebody had done it.
	 * @returns how many
	 */
	deleteRows(division: number, endpoint: string, keys: readonly string[]): number {
		const context = this.contextOf(division);
		for (const key of keys) {
			this.world.records.delete(endpoint, this.row(division, endpoint, key), context, division);
		}
		return keys.length;
	}

	private row(division: number, endpoint: string, key: string): Row {
		const row = this.world.records.set(division, endpoint).find([key]);
		if (!row) throw new Error(`${endpoint} has no row ${key}.`);
		return row;
	}

	/** The division moves to another database: versions of rows begin anew, and its date tells so. */
	moveDivision(division: number): void {
		this.world.moveDivision(division, this.context.clock());
	}

	private contextOf(division: number, now = this.context.clock()): TableContext {
		const user = this.world.users[0];
		if (!user) throw new Error('The world has no user.');
		return { user, division, now, stampedAt: stampOf(now, this.switches) };
	}

	/** All chains by `clientId#userId`. */
	chains(): Record<string, ChainStatus> {
		return this.context.chains.status();
	}

	/** The refresh token that is live now; undefined without a chain or after a revocation. */
	liveRefreshToken(clientId: string, userId: string): string | undefined {
		return this.context.chains.liveRefreshToken(clientId, userId);
	}

	/** The user withdraws the app's permission: its tokens stop working. */
	revoke(clientId: string, userId: string): void {
		this.context.chains.revoke(clientId, userId);
	}

	/** Makes one chain and its tokens older, as if `seconds` had passed for it. */
	ageChain(clientId: string, userId: string, seconds: number): void {
		this.context.chains.age(clientId, userId, seconds);
	}

	/**
	 * The decision on the consent page without a browser: `form` holds the parameters of the
	 * authorization request, `userId`, and `decision` (`allow` or `deny`).
	 */
	decideConsent(form: URLSearchParams): Answer {
		return decideConsent(form, this.context);
	}
}

function byVersion(rows: readonly Row[]): Row[] {
	return [...rows].sort((one, other) => Number(one['Timestamp']) - Number(other['Timestamp']));
}

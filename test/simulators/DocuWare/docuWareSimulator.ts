import type { IncomingMessage, ServerResponse } from 'node:http';

import { sendAnswer } from '../shared/answers';
import type { Answer } from '../shared/answers';
import type { Clock } from '../shared/clock';
import { runExchange } from '../shared/exchange';
import type { Fault, FaultQueue } from '../shared/faults';
import type { HoldPoints } from '../shared/holdPoints';
import { startHttpServer } from '../shared/httpServer';
import type { RunningHttpServer } from '../shared/httpServer';
import type { ObservedRequest } from '../shared/observedRequest';
import { startSwitches } from '../shared/readings';
import { SteerableClock } from './clock';
import { answerControlRequest, controlPath } from './control/controlInterface';
import { changeThroughDialog, storeThroughDialog } from './control/dialogControl';
import type { DialogOutcome } from './control/dialogControl';
import { addDocuments, changeDocuments } from './control/documentsControl';
import { countIn } from './counters';
import type { DocuWareCounters } from './counters';
import { receiveBody } from './http/receiveBody';
import { formOf, readHead, readRequest } from './http/simulatedRequest';
import type { SimulatedRequest } from './http/simulatedRequest';
import { routeIdentityRequest } from './identity/identityHost';
import { routePlatformRequest } from './platform/platformHost';
import { READINGS } from './readings';
import type { PlatformSession } from './sessions/sessionRegistry';
import { SimulatedServer } from './simulatedServer';
import { defaultSwitches } from './switches';
import type { SwitchChanges } from './switches';
import { changedSwitches } from './switchChanges';
import type { ValidationCaller } from './webhooks/validationCaller';
import type { WebhookSender } from './webhooks/webhookSender';
import { defaultWorld, passphraseOf } from './worldData';
import type { DocuWareWorld, SimulatedApp } from './worldData';

/** How a simulator starts. */
export interface DocuWareSimulatorOptions {
	/** Switches that differ from the defaults. */
	switches?: SwitchChanges;
	/** Data of the server; default {@link defaultWorld}. */
	world?: DocuWareWorld;
	/** Default the machine's clock. */
	clock?: Clock;
	/** Port of the tenant; 0 or absent: a free one. */
	port?: number;
	/** Port of the Identity Service; default the next one after `port`, or a free one. */
	identityPort?: number;
	/** Address that both hosts listen on, default `127.0.0.1`. */
	host?: string;
	/** Name of the tenant in `url`, default `host`. */
	platformHost?: string;
	/** Name of the Identity Service; another name of the same machine, default `localhost`. */
	identityHost?: string;
	/** Path of the Identity Service; default `/{guid of the first organization}` as in the cloud. */
	identityPath?: string;
	/** PEM texts; given, both hosts speak https. */
	tls?: { key: string; cert: string };
}

/** A strict stand-in for a DocuWare server and its Identity Service (docs/facts/docuware.md). */
export class DocuWareSimulator {
	private platform: RunningHttpServer | undefined;
	private identity: RunningHttpServer | undefined;

	private constructor(private readonly server: SimulatedServer) {}

	/** Starts both hosts; resolves once they listen. */
	static async start(options: DocuWareSimulatorOptions = {}): Promise<DocuWareSimulator> {
		const world = structuredClone(options.world ?? defaultWorld());
		const server = new SimulatedServer(
			new SteerableClock(options.clock),
			world,
			changedSwitches(startSwitches(defaultSwitches(), READINGS), options.switches ?? {}),
		);
		const simulator = new DocuWareSimulator(server);
		const host = options.host ?? '127.0.0.1';
		const port = options.port ?? 0;
		const common = { host, ...(options.tls === undefined ? {} : { tls: options.tls }) };
		simulator.platform = await startHttpServer({
			...common,
			port,
			publicHost: options.platformHost ?? host,
			handler: async (message, response) => await simulator.onPlatformRequest(message, response),
		});
		simulator.identity = await startHttpServer({
			...common,
			port: options.identityPort ?? (port === 0 ? 0 : port + 1),
			publicHost: options.identityHost ?? 'localhost',
			handler: async (message, response) => await simulator.onIdentityRequest(message, response),
		}).catch(async (error: unknown) => {
			await simulator.close();
			throw error;
		});
		server.platformOrigin = simulator.platform.url;
		const guid = world.organizations[0]?.guid ?? '';
		server.identityUrl = `${simulator.identity.url}${options.identityPath ?? `/${guid}`}`;
		return simulator;
	}

	/** Origin of the tenant, e.g. `http://127.0.0.1:40123`; the platform is at `/DocuWare/Platform`. */
	get url(): string {
		return this.server.platformOrigin;
	}

	/** Identity Service URL as `Home/IdentityServiceInfo` names it, on another host name. */
	get identityUrl(): string {
		return this.server.identityUrl;
	}

	/** A copy of what has been counted. */
	get counters(): DocuWareCounters {
		return this.server.counters();
	}

	/** Faults that wait for requests. Tags of a request: `host`, `route`, `grantType`. */
	get faults(): FaultQueue {
		return this.server.faults;
	}

	/**
	 * Points `platform.received`, `platform.processed`, `identity.received`, `identity.processed`, and
	 * `platform.receiving`: half of the announced body has come.
	 */
	get holds(): HoldPoints {
		return this.server.holds;
	}

	/** The data of the server; may be changed while it runs. */
	get world(): DocuWareWorld {
		return this.server.world;
	}

	/** State behind both hosts, for assertions inside the simulator's own process. */
	get state(): SimulatedServer {
		return this.server;
	}

	/**
	 * Changes switches while the server runs.
	 * @throws RangeError for an unknown switch or value
	 */
	configure(changes: SwitchChanges): void {
		this.server.configure(changes);
	}

	/** Moves the simulator's clock forward by `ms` milliseconds. */
	advanceClock(ms: number): void {
		this.server.clock.advance(ms);
	}

	/** Sets the clock back, as where the server was fast; what it wrote before stays. */
	setClockBack(ms: number): void {
		this.server.clock.setBack(ms);
	}

	/**
	 * Puts documents into a cabinet or tray as if they had been stored, and returns the ids of the first and
	 * the last. Dates are ISO texts. `at` is the time of storing in ms, the present if it is missing.
	 */
	addDocuments(
		fileCabinetId: string,
		documents: ReadonlyArray<Record<string, unknown>>,
		{ at }: { at?: number } = {},
	): { first: number; last: number } {
		return addDocuments(this.server, { fileCabinetId, documents, at });
	}

	/** Webhooks that an administrator has set up, and what was sent. */
	get webhooks(): WebhookSender {
		return this.server.webhooks;
	}

	/** Services that dialogs ask before something is stored. */
	get validations(): ValidationCaller {
		return this.server.validations;
	}

	/**
	 * Changes index data of documents as if somebody had done it: `{fileCabinetId, values, ids?, last?, at?}`, of
	 * all documents without `ids` or `last` (the newest so many). Returns how many.
	 */
	changeDocuments(input: Record<string, unknown>): number {
		return changeDocuments(this.server, input).changed;
	}

	/** A person stores a document in the web client; see {@link storeThroughDialog}. */
	async storeThroughDialog(input: Record<string, unknown>): Promise<DialogOutcome> {
		return await storeThroughDialog(this.server, input);
	}

	/** A person changes index data in the web client; see {@link changeThroughDialog}. */
	async changeThroughDialog(input: Record<string, unknown>): Promise<DialogOutcome> {
		return await changeThroughDialog(this.server, input);
	}

	/** Everything as at the start; registered apps and locked users stay. */
	reset(): void {
		this.server.reset();
	}

	/** Ends the sessions of one user, or of all, as an administrator does; returns how many. */
	revokeSessions(userName?: string): number {
		return this.server.revokeSessions(userName);
	}

	/** Adds an app registration, or replaces the one with the same client id. */
	registerApp(app: SimulatedApp): void {
		this.server.registerApp(app);
	}

	/** Lines for a person who wants to try it: addresses, users, apps. */
	describe(): string[] {
		const { users, apps, organizations } = this.world;
		return [
			`  platform           ${this.url}/DocuWare/Platform, version ${this.server.switches.version}`,
			`  Identity Service   ${this.identityUrl}`,
			`  control interface  ${this.url}${controlPath}`,
			'  passphrases (signatures of webhooks):',
			...organizations.map(
				({ id, name }) => `    ${name}: ${passphraseOf(this.world, { organizationId: id })}`,
			),
			'  users:',
			...users.map(({ name, password }) => `    ${name}, password: ${password}`),
			'  apps (from version 7.11):',
			...apps.map(
				({ name, clientId, clientSecrets }) =>
					`    ${name}: client id ${clientId}, client secret ${clientSecrets[0] ?? '(none)'}`,
			),
		];
	}

	/** Stops both hosts and cuts every connection. */
	async close(): Promise<void> {
		this.server.closing.abort();
		this.server.holds.clear('drop');
		await Promise.all([this.platform?.close(), this.identity?.close()]);
	}

	private async onPlatformRequest(
		message: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		if (new URL(message.url ?? '/', this.server.platformOrigin).pathname.startsWith(controlPath)) {
			const request = await readRequest(message, this.server.platformOrigin);
			await sendAnswer(
				response,
				await answerControlRequest(this.server, request, this.server.closing.signal),
			);
			return;
		}
		const request = readHead(message, this.server.platformOrigin);
		request.receivedAt = this.server.now();
		this.server.endWhatIsOver();
		const routed = routePlatformRequest(this.server, request);
		this.server.countRequest(`${request.method} ${routed.name}`, request.userAgent);
		const observed = observe('platform', routed.name, request);
		const fault = this.server.faults.take(observed);
		const received = await receiveBody(this.server, request, {
			message,
			response,
			observed,
			fault,
			refuseEarly: routed.refuseEarly,
		});
		if (received !== 'whole') {
			countIn(this.server.counts.statuses, received === 'cut' ? 'none' : String(received.status));
			return;
		}
		this.server.endWhatIsOver();
		await this.exchange(observed, response, routed.process, routed.delayMs, { fault });
	}

	private async onIdentityRequest(
		message: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const request = await readRequest(message, new URL(this.server.identityUrl).origin);
		this.server.endWhatIsOver();
		const routed = routeIdentityRequest(this.server, request);
		this.server.countRequest(`${request.method} identity:${routed.name}`, request.userAgent);
		const grantType = formOf(request)?.get('grant_type');
		const observed = observe(
			'identity',
			routed.name,
			request,
			grantType === undefined ? {} : { grantType },
		);
		await this.exchange(observed, response, routed.process, 0);
	}

	private async exchange(
		observed: ObservedRequest,
		response: ServerResponse,
		process: () => Answer,
		delayMs: number,
		taken: { fault?: Fault | undefined } = {},
	): Promise<void> {
		const host = observed.tags['host'] ?? '';
		let opened: PlatformSession | undefined;
		const { sent } = await runExchange({
			response,
			request: observed,
			faults: this.server.faults,
			holds: this.server.holds,
			points: { received: `${host}.received`, processed: `${host}.processed` },
			process: () => {
				const earlier = this.server.sessions.history.length;
				const answer = process();
				opened = this.server.sessions.history[earlier];
				return answer;
			},
			delayMs,
			closing: this.server.closing.signal,
			...taken,
		});
		if (opened !== undefined) opened.answerLost = sent === undefined;
		countIn(this.server.counts.statuses, sent === undefined ? 'none' : String(sent.status));
	}
}

function observe(
	host: 'platform' | 'identity',
	route: string,
	request: SimulatedRequest,
	tags: Record<string, string> = {},
): ObservedRequest {
	return {
		method: request.method,
		path: request.url.pathname,
		tags: { host, route, ...tags },
	};
}

/** Starts a simulator; the same as {@link DocuWareSimulator.start}. */
export async function startDocuWareSimulator(
	options: DocuWareSimulatorOptions = {},
): Promise<DocuWareSimulator> {
	return await DocuWareSimulator.start(options);
}

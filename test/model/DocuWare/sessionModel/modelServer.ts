import type { HttpRequest, HttpResponse } from '../../../../nodes/shared/http/httpTypes';
import { HttpTransportError } from '../../../../nodes/shared/http/transportError';
import { SteerableClock } from '../../../simulators/DocuWare/clock';
import { routePlatformRequest } from '../../../simulators/DocuWare/platform/platformHost';
import type { SimulatedRequest } from '../../../simulators/DocuWare/http/simulatedRequest';
import type { PlatformSession } from '../../../simulators/DocuWare/sessions/sessionRegistry';
import { SimulatedServer } from '../../../simulators/DocuWare/simulatedServer';
import { changedSwitches } from '../../../simulators/DocuWare/switchChanges';
import { defaultSwitches } from '../../../simulators/DocuWare/switches';
import type { Answer } from '../../../simulators/shared/answers';
import type { SimulatedProcess } from '../../support/simulatedProcess';
import { runningProcess } from '../../support/simulatedProcess';
import type { VirtualTime } from '../../support/virtualTime';
import { ORIGIN, serverWorld } from './accounts';

/** What happens to one request on its way. */
export type RequestFault = 'lostRequest' | 'lostAnswer' | 'notSent' | 'slow' | 'timeOut';

/** Which requests a fault waits for. */
export type RequestKind = 'logOn' | 'logOff' | 'loginToken' | 'other';

/** One log-on as its sender knows it. */
export interface LogOnPost {
	sender: SimulatedProcess;
	disturbances: number;
	/** `HostID`, which is drawn once per record. */
	hostId: string;
	form: URLSearchParams;
	inFlight: boolean;
	/** Whether a living sender has been given the answer. */
	answered: boolean;
}

/** What the world looks at before a request leaves. */
export interface ServerWatcher {
	logOn(post: LogOnPost, isToken: boolean): void;
	violated(what: string): void;
}

export interface LicenceSetup {
	/** Size of the pool. */
	licences: number;
	/** Whether each log-on books one, or all of one user and host together. */
	everyLogonBooks: boolean;
}

const REQUEST_LIMIT_MS = 60_000;
const SLOWEST_MS = 40_000;
const AUTH_COOKIE = /^\.DWPLATFORMAUTH=([^;]+)/;

/**
 * The DocuWare server of the model: the strict simulator without its sockets, reached over a network
 * that loses things, with a book of every log-on.
 */
export class ModelServer {
	readonly state: SimulatedServer;

	readonly faults: Array<{ on: RequestKind; kind: RequestFault }> = [];

	/** What befalls the processes that are answered next, before they look at the answer. */
	readonly atAnswer: Array<{ on: RequestKind; befall: (process: SimulatedProcess) => void }> = [];

	/** Until then it answers nothing but 503. */
	unavailableUntil = 0;

	/** For the statistics. */
	readonly struck: Record<string, number> = {};

	/** How often each login token has left a process. */
	readonly tokensSent = new Map<string, number>();

	private readonly posts: LogOnPost[] = [];

	/** By session cookie: its number (later ones are newer) and the log-on that it answered. */
	private readonly opened = new Map<string, { number: number; post: LogOnPost }>();

	constructor(
		private readonly time: VirtualTime,
		private readonly watcher: ServerWatcher,
		setup: LicenceSetup,
		/** For a mutation: requests whose answer was lost count as never sent. */
		private readonly lossProvesNothing: boolean,
	) {
		const { licences, everyLogonBooks } = setup;
		this.state = new SimulatedServer(
			new SteerableClock(() => time.wall()),
			serverWorld(),
			changedSwitches(defaultSwitches(), {
				version: '7.7',
				concurrentLicences: licences,
				everyLogonBooks,
				perMinuteLimits: { 'account/logon': 1e9, filecabinets: 1e9 },
			}),
		);
		this.state.platformOrigin = ORIGIN;
	}

	/** A login token as an administrator hands it out. */
	issueToken(user: string, usage: 'Single' | 'Multi', lifeMs: number): string {
		const owner = this.state.findUser(user);
		if (owner === undefined) throw new Error(`There is no user ${user}`);
		const { value } = this.state.loginTokens.make({
			user: owner,
			usage,
			targetProducts: ['PlatformService'],
			expiresAt: this.time.wall() + lifeMs,
		});
		return value;
	}

	/** The number of a session by its cookie; later ones are newer. */
	numberOf(cookie: string): number {
		return this.opened.get(cookie)?.number ?? -1;
	}

	/** The log-on that began a session. */
	postOf(session: PlatformSession): LogOnPost | undefined {
		return this.opened.get(session.id)?.post;
	}

	/** Ends sessions as an administrator does. @returns how many */
	end(meant: (session: PlatformSession) => boolean): number {
		const sessions = this.state.sessions.all().filter(meant);
		for (const session of sessions) this.state.endSession(session, 'revoked');
		return sessions.length;
	}

	/** Stands in for `send` of `nodes/shared/http`. */
	async send(request: HttpRequest): Promise<HttpResponse> {
		const sender = runningProcess();
		const kind = kindOf(request.url);
		const fault = this.takeFault(kind);
		const post = kind === 'logOn' ? this.book(sender, request, fault) : undefined;
		try {
			return await this.travel(sender, request, post, fault);
		} finally {
			if (post) post.inFlight = false;
		}
	}

	private takeFault(kind: RequestKind): RequestFault | undefined {
		const at = this.faults.findIndex(({ on }) => on === kind);
		if (at < 0) return undefined;
		const [fault] = this.faults.splice(at, 1);
		if (fault) this.strike(`${fault.kind} at ${fault.on}`);
		return fault?.kind;
	}

	private befall(sender: SimulatedProcess, kind: RequestKind): void {
		const at = this.atAnswer.findIndex(({ on }) => on === kind);
		if (at < 0) return;
		const [trouble] = this.atAnswer.splice(at, 1);
		trouble?.befall(sender);
	}

	private strike(what: string): void {
		this.struck[what] = (this.struck[what] ?? 0) + 1;
	}

	private book(
		sender: SimulatedProcess,
		request: HttpRequest,
		fault: RequestFault | undefined,
	): LogOnPost {
		const form = new URLSearchParams(String(request.body));
		const post: LogOnPost = {
			sender,
			disturbances: sender.disturbances,
			hostId: form.get('HostID') ?? '',
			form,
			inFlight: fault !== 'notSent',
			answered: false,
		};
		if (fault === 'notSent') return post;
		const rival = this.posts.find(
			(other) =>
				other.hostId === post.hostId &&
				other.inFlight &&
				other.sender.alive &&
				other.disturbances === other.sender.disturbances,
		);
		if (rival) this.watcher.violated('two log-ons of one record at once');
		this.posts.push(post);
		const token = form.get('Token');
		if (token !== null) this.bookToken(token);
		this.watcher.logOn(post, token !== null);
		return post;
	}

	private bookToken(token: string): void {
		const sent = (this.tokensSent.get(token) ?? 0) + 1;
		this.tokensSent.set(token, sent);
		const known = this.state.loginTokens.all().find(({ value }) => value === token);
		if (known?.usage === 'Single' && sent > 1) {
			this.watcher.violated('a single-use login token was sent twice');
		}
	}

	/** The request reaches the server whatever becomes of its sender. */
	private async travel(
		sender: SimulatedProcess,
		request: HttpRequest,
		post: LogOnPost | undefined,
		fault: RequestFault | undefined,
	): Promise<HttpResponse> {
		if (fault === 'notSent') {
			await sender.wait(this.latency());
			throw lost('connect', false);
		}
		const slow = fault === 'slow' ? this.time.random.next() * SLOWEST_MS : 0;
		const isLost = fault === 'lostRequest' || fault === 'lostAnswer' || fault === 'timeOut';
		const lateMs = fault === 'timeOut' ? REQUEST_LIMIT_MS : 0;
		return await new Promise((resolve, reject) => {
			this.time.schedule(slow + this.latency(), () => {
				const answer = fault === 'lostRequest' ? undefined : this.answer(request, post);
				sender.timer(lateMs + this.latency(), () => {
					this.befall(sender, kindOf(request.url));
					sender.timer(0, () => {
						if (answer === undefined || isLost) {
							reject(lost('reset', !this.lossProvesNothing));
							return;
						}
						if (post) post.answered = true;
						resolve(toResponse(answer, request.url));
					});
				});
			});
		});
	}

	private answer(request: HttpRequest, post: LogOnPost | undefined): Answer {
		if (this.time.now < this.unavailableUntil) {
			this.strike('answered 503');
			return { status: 503, headers: {}, body: 'Service Unavailable' };
		}
		this.state.endWhatIsOver();
		const answer = routePlatformRequest(this.state, toSimulated(request)).process();
		if (post && answer.status === 200) {
			const cookie = cookiesOf(answer)
				.map((line) => AUTH_COOKIE.exec(line)?.[1])
				.find((value) => value !== undefined);
			if (cookie !== undefined) this.opened.set(cookie, { number: this.opened.size, post });
		}
		return answer;
	}

	private latency(): number {
		return 1 + this.time.random.next() * 60;
	}
}

function kindOf(url: string): RequestKind {
	if (/\/Account\/(?:Token)?LogOn$/i.test(url)) return 'logOn';
	if (/\/Account\/LogOff$/i.test(url)) return 'logOff';
	return /\/LoginToken$/i.test(url) ? 'loginToken' : 'other';
}

function lost(kind: 'connect' | 'reset', requestSent: boolean): HttpTransportError {
	return new HttpTransportError('HTTP_CONNECTION_FAILED', `model: ${kind}`, {
		kind,
		requestSent,
		repair: 'Run again.',
		retryable: true,
	});
}

function toSimulated(request: HttpRequest): SimulatedRequest {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers ?? {})) {
		headers[name.toLowerCase()] = value;
	}
	const cookies = (headers.cookie ?? '')
		.split('; ')
		.filter((pair) => pair !== '')
		.map((pair): [string, string] => {
			const at = pair.indexOf('=');
			return [pair.slice(0, at), pair.slice(at + 1)];
		});
	return {
		method: request.method,
		url: new URL(request.url),
		headers,
		cookies,
		userAgent: 'the package',
		body: Buffer.from(String(request.body ?? '')),
	};
}

function toResponse(answer: Answer, url: string): HttpResponse {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(answer.headers)) {
		if (name !== 'set-cookie') headers[name] = String(value);
	}
	return {
		status: answer.status,
		statusText: '',
		headers,
		setCookie: cookiesOf(answer),
		body: String(answer.body),
		url,
	};
}

function cookiesOf(answer: Answer): string[] {
	const lines = answer.headers['set-cookie'];
	return Array.isArray(lines) ? lines : [];
}

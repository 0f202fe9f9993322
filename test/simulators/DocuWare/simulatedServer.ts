import { FaultQueue } from '../shared/faults';
import { HoldPoints } from '../shared/holdPoints';
import { SteerableClock } from './clock';
import { countIn, zeroCounters } from './counters';
import type { DocuWareCounters, UnauthorizedReason } from './counters';
import { AccessTokenStore } from './identity/accessTokenStore';
import { AuthorizationCodeStore } from './identity/authorizationCodeStore';
import { RefreshTokenStore } from './identity/refreshTokenStore';
import { MinuteLimits } from './platform/minuteLimits';
import { LicencePool } from './sessions/licencePool';
import { LoginTokenStore } from './sessions/loginTokenStore';
import type { LoginToken } from './sessions/loginTokenStore';
import { SessionRegistry } from './sessions/sessionRegistry';
import type { PlatformSession, SessionEnd } from './sessions/sessionRegistry';
import { changedSwitches } from './switchChanges';
import type { DocuWareSwitches, SwitchChanges } from './switches';
import { versionAbilities } from './versions';
import type { VersionAbilities } from './versions';
import { ChunkedUploads } from './world/chunkedUploads';
import { WorkflowStore } from './world/workflows';
import { ValidationCaller } from './webhooks/validationCaller';
import { WebhookSender } from './webhooks/webhookSender';
import type { SimulatedFileCabinet } from './world/cabinets';
import { DocumentStore } from './world/documentStore';
import type {
	DocuWareWorld,
	SimulatedApp,
	SimulatedOrganization,
	SimulatedUser,
} from './worldData';

/** The server behind both hosts: its data, its state, its switches and its counters. */
export class SimulatedServer {
	readonly sessions = new SessionRegistry();
	readonly loginTokens = new LoginTokenStore();
	readonly documents = new DocumentStore();
	readonly chunkedUploads = new ChunkedUploads();
	readonly workflows = new WorkflowStore();
	/** Number of the last stamp or note that was placed. */
	lastAnnotation = 0;
	readonly minuteLimits = new MinuteLimits();
	readonly accessTokens = new AccessTokenStore();
	readonly refreshTokens = new RefreshTokenStore();
	readonly authorizationCodes = new AuthorizationCodeStore();
	readonly faults = new FaultQueue();
	readonly holds = new HoldPoints();
	/** Ends when both hosts stop: what the server sends of its own accord ends with it. */
	readonly closing = new AbortController();
	readonly webhooks = new WebhookSender(this);
	readonly validations = new ValidationCaller(this);
	readonly licences: LicencePool;
	counts = zeroCounters();
	switches: DocuWareSwitches;
	/** Origins of the two hosts; set once both listen. */
	platformOrigin = '';
	identityUrl = '';

	constructor(
		readonly clock: SteerableClock,
		readonly world: DocuWareWorld,
		private readonly startSwitches: DocuWareSwitches,
	) {
		this.switches = startSwitches;
		this.licences = new LicencePool(
			() => ({ ...this.switches, holdMs: this.scaledMs(this.switches.licenceHoldSeconds) }),
			clock.read,
		);
	}

	/** What the present version can do. */
	get abilities(): VersionAbilities {
		return versionAbilities[this.switches.version];
	}

	/** Present time in ms. */
	now(): number {
		return this.clock.read();
	}

	/** A duration of the real service in seconds, as scaled milliseconds. */
	scaledMs(seconds: number): number {
		return seconds * 1000 * this.switches.timeScale;
	}

	/** Changes switches; a step over the end of cookie log-on is a server update. */
	configure(changes: SwitchChanges): void {
		const before = this.abilities.cookieLogon;
		this.switches = changedSwitches(this.switches, changes);
		if (before && !this.abilities.cookieLogon && this.switches.cookiesFrom711 !== 'accepted') {
			for (const session of this.sessions.all())
				this.sessions.end(session, 'serverUpdated', this.now());
			this.licences.clear();
		}
	}

	/** Everything as at the start, except the clock and what was registered in the world. */
	reset(): void {
		this.faults.clear();
		this.holds.clear('release');
		this.webhooks.clear();
		this.validations.clear();
		this.sessions.clear();
		this.loginTokens.clear();
		this.documents.clear();
		this.chunkedUploads.clear();
		this.workflows.clear();
		this.minuteLimits.clear();
		this.accessTokens.clear();
		this.refreshTokens.clear();
		this.authorizationCodes.clear();
		this.licences.clear();
		this.switches = this.startSwitches;
		this.resetCounters();
	}

	/** Counters back to zero; licences in use stay counted as such. */
	resetCounters(): void {
		this.counts = zeroCounters();
		this.licences.resetFigures();
	}

	/** A copy of the counters. */
	counters(): DocuWareCounters {
		this.endWhatIsOver();
		return structuredClone({ ...this.counts, licences: this.licences.figures() });
	}

	/** Ends sessions that are idle or past their end, and the licences of expired bearer tokens; called before each request. */
	endWhatIsOver(): void {
		for (const session of this.sessions.all()) {
			const { expiresAt } = session;
			if (expiresAt !== undefined && expiresAt <= this.now()) {
				this.endSession(session, 'expired', expiresAt);
			}
		}
		const idleMs = this.scaledMs(this.switches.sessionIdleSeconds);
		if (idleMs > 0) {
			for (const session of this.sessions.all()) {
				const endedAt = session.lastUsedAt + idleMs;
				if (endedAt <= this.now()) this.endSession(session, 'idle', endedAt);
			}
		}
		for (const { booking, expiredAt } of this.accessTokens.takeExpiredBookings(this.now())) {
			this.licences.release(booking, expiredAt);
		}
	}

	/** Ends a session and lets its licence go at `at` (ms). */
	endSession(session: PlatformSession, reason: SessionEnd, at: number = this.now()): void {
		this.sessions.end(session, reason, at);
		this.licences.release(session.booking, at);
	}

	/** What an administrator does in the Connections Overview; returns how many sessions ended. */
	revokeSessions(userName?: string): number {
		const meant = this.sessions
			.all()
			.filter((session) => userName === undefined || sameText(session.user.name, userName));
		for (const session of meant) this.endSession(session, 'revoked');
		return meant.length;
	}

	/** Adds an app registration, or replaces the one with the same client id. */
	registerApp(app: SimulatedApp): void {
		const { apps } = this.world;
		const at = apps.findIndex((entry) => entry.clientId === app.clientId);
		if (at < 0) apps.push(app);
		else apps[at] = app;
	}

	/** The organizations that are served at present. */
	organizations(): SimulatedOrganization[] {
		return this.switches.multiOrganization
			? this.world.organizations
			: this.world.organizations.slice(0, 1);
	}

	/** The organization of a user. */
	organizationOf(user: SimulatedUser): SimulatedOrganization {
		const found = this.world.organizations.find((entry) => entry.id === user.organizationId);
		if (found === undefined) throw new Error(`User ${user.name} has no organization.`);
		return found;
	}

	/**
	 * A file cabinet or tray by its id.
	 * @throws Error if there is none
	 */
	cabinet(id: string): SimulatedFileCabinet {
		const found = this.world.fileCabinets.find((cabinet) => sameText(cabinet.id, id));
		if (found === undefined) throw new Error(`There is no file cabinet '${id}'.`);
		return found;
	}

	/** The organization that a file cabinet belongs to. */
	organization({ organizationId }: SimulatedFileCabinet): SimulatedOrganization {
		const found = this.world.organizations.find(({ id }) => id === organizationId);
		if (found === undefined) throw new Error(`There is no organization ${organizationId}.`);
		return found;
	}

	/** First and last name of a user, or the login name of one who has none. */
	longName(userName: string): string {
		const user = this.world.users.find(({ name }) => sameText(name, userName));
		return [user?.firstName, user?.lastName].filter(Boolean).join(' ') || userName;
	}

	/** A user of a served organization, by name without case. */
	findUser(name: string, organizationId?: string): SimulatedUser | undefined {
		const served = this.organizations().map((entry) => entry.id);
		return this.world.users.find(
			(user) =>
				sameText(user.name, name) &&
				served.includes(user.organizationId) &&
				(organizationId === undefined || user.organizationId === organizationId),
		);
	}

	/** The user if the password opens the door. */
	userByPassword(
		name: string,
		password: string,
		organizationId?: string,
	): SimulatedUser | undefined {
		const user = this.findUser(name, organizationId);
		if (user === undefined || user.locked === true || user.singleSignOnOnly === true) {
			return undefined;
		}
		return user.password === password ? user : undefined;
	}

	/** The login token if it may be used for a product; counts refusals. Does not spend it. */
	checkLoginToken(value: string, product: string): LoginToken | undefined {
		const checked = this.loginTokens.check(value, product, this.now());
		if (typeof checked === 'object') return checked;
		this.counts.loginTokens.refused += 1;
		if (checked === 'used') this.counts.loginTokens.reusedSingle += 1;
		return undefined;
	}

	/** Counts a 401. */
	countUnauthorized(reason: UnauthorizedReason): void {
		this.counts.unauthorized[reason] += 1;
	}

	/** Counts a request and its sender. */
	countRequest(route: string, userAgent: string): void {
		countIn(this.counts.requests, route);
		countIn(this.counts.userAgents, userAgent);
	}
}

/** Equal without regard to case, as DocuWare compares names. */
export function sameText(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}

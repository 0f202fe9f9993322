import { randomBytes } from 'node:crypto';

import type { SimulatedUser } from '../worldData';
import type { LicenceBooking } from './licencePool';

/** A cookie session of the platform. Times in ms. */
export interface PlatformSession {
	/**
	 * Value of `.DWPLATFORMAUTH`: upper-case hex of several hundred characters
	 * (docs/facts/docuware.md 2.1).
	 */
	id: string;
	/** Value of `DWPLATFORMBROWSERID`. */
	browserId: string;
	user: SimulatedUser;
	hostId: string;
	userAgent: string;
	wayIn: 'password' | 'token';
	/** When its log-on arrived. */
	requestedAt: number;
	createdAt: number;
	/** Whether whoever had asked for it had gone, or was cut off, before it was told; undefined until then. */
	answerLost?: boolean;
	/** The first request that came with its cookies; undefined until then. */
	firstUsedAt?: number;
	lastUsedAt: number;
	/** Undefined while it lives. */
	endedAt?: number;
	/** End of a remembered session, if it has one. */
	expiresAt?: number;
	booking: LicenceBooking;
}

/** Why a session is over. */
export type SessionEnd =
	'loggedOff' | 'revoked' | 'idle' | 'expired' | 'userAgentChanged' | 'serverUpdated';

/** All cookie sessions, live and ended. */
export class SessionRegistry {
	/** Every session there was since the last reset, oldest first; live objects. */
	history: PlatformSession[] = [];

	private readonly live = new Map<string, PlatformSession>();
	private readonly ended = new Map<string, SessionEnd>();

	/** Opens a session with fresh cookie values. */
	open(start: Omit<PlatformSession, 'id' | 'browserId' | 'lastUsedAt'>): PlatformSession {
		const session: PlatformSession = {
			...start,
			id: randomBytes(192).toString('hex').toUpperCase(),
			browserId: randomBytes(32).toString('hex').toUpperCase(),
			lastUsedAt: start.createdAt,
		};
		this.live.set(session.id, session);
		this.history.push(session);
		return session;
	}

	/** The live session of a cookie value. */
	find(id: string): PlatformSession | undefined {
		return this.live.get(id);
	}

	/** How the session of this cookie value ended, if there was one. */
	endOf(id: string): SessionEnd | undefined {
		return this.ended.get(id);
	}

	/** Ends a session; the caller releases its licence. */
	end(session: PlatformSession, reason: SessionEnd, at: number): void {
		if (!this.live.delete(session.id)) return;
		this.ended.set(session.id, reason);
		session.endedAt = at;
	}

	/** The live sessions, oldest first. */
	all(): PlatformSession[] {
		return [...this.live.values()];
	}

	/** Forgets everything, also which sessions have ended. */
	clear(): void {
		this.live.clear();
		this.ended.clear();
		this.history = [];
	}
}

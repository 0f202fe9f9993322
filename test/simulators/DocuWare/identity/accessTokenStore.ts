import { randomUUID, sign } from 'node:crypto';

import type { LicenceBooking } from '../sessions/licencePool';
import type { SimulatedUser } from '../worldData';
import { signingKeys } from './signingKeys';

/** An access token that is out in the world. Times in ms. */
export interface AccessToken {
	value: string;
	user: SimulatedUser;
	clientId: string;
	scopes: string[];
	/** The authorization or grant it stems from; refreshed tokens keep it. */
	signInId: string;
	/** Made by the dwtoken grant: takes back a blocked licence. */
	byLoginToken: boolean;
	expiresAt: number;
}

/** Access tokens and the licences booked with them. */
export class AccessTokenStore {
	private readonly tokens = new Map<string, AccessToken>();
	private readonly bookings = new Map<string, LicenceBooking>();

	/** A new token: a JWT with the signature of the service. */
	issue(start: Omit<AccessToken, 'value'>, issuer: string, now: number): AccessToken {
		const header = { alg: 'RS256', kid: 'simulator', typ: 'at+jwt' };
		const payload = {
			iss: issuer,
			nbf: Math.floor(now / 1000),
			iat: Math.floor(now / 1000),
			exp: Math.floor(start.expiresAt / 1000),
			scope: start.scopes,
			client_id: start.clientId,
			sub: start.user.id,
			username: start.user.name,
			jti: randomUUID(),
		};
		const text = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`;
		const { privateKey } = signingKeys();
		const value = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
		const token: AccessToken = { ...start, value };
		this.tokens.set(value, token);
		return token;
	}

	/** The token if it is known and not expired at `now` (ms). */
	find(value: string, now: number): AccessToken | undefined {
		const token = this.tokens.get(value);
		return token !== undefined && token.expiresAt > now ? token : undefined;
	}

	/** The licence booked for a sign-in, if any. */
	bookingOf(signInId: string): LicenceBooking | undefined {
		return this.bookings.get(signInId);
	}

	/** Notes the licence booked for a sign-in. */
	book(signInId: string, booking: LicenceBooking): void {
		this.bookings.set(signInId, booking);
	}

	/** Removes and returns the bookings whose last token has expired by `now` (ms). */
	takeExpiredBookings(now: number): Array<{ booking: LicenceBooking; expiredAt: number }> {
		const taken: Array<{ booking: LicenceBooking; expiredAt: number }> = [];
		for (const [signInId, booking] of this.bookings) {
			const expiredAt = Math.max(
				...[...this.tokens.values()]
					.filter((token) => token.signInId === signInId)
					.map((token) => token.expiresAt),
			);
			if (expiredAt > now) continue;
			this.bookings.delete(signInId);
			taken.push({ booking, expiredAt });
		}
		return taken;
	}

	clear(): void {
		this.tokens.clear();
		this.bookings.clear();
	}
}

function encode(text: string): string {
	return Buffer.from(text, 'utf8').toString('base64url');
}

import type { JsonWebKey } from 'node:crypto';
import { constants, createPublicKey, verify } from 'node:crypto';

import { isRecord, parseObject } from '../../../shared/http';

/** Clocks of service and n8n may differ by this, in seconds. */
const LEEWAY_SECONDS = 120;

/** The signatures that OpenID Connect services use; a token says itself which one it has. */
const HASHES: Readonly<Record<string, string>> = {
	RS256: 'sha256',
	RS384: 'sha384',
	RS512: 'sha512',
	PS256: 'sha256',
	PS384: 'sha384',
	PS512: 'sha512',
	ES256: 'sha256',
	ES384: 'sha384',
	ES512: 'sha512',
};

/** What a token must be measured by. */
export interface TokenIssuer {
	/** As the service's own discovery names it. */
	issuer: string;
	/** `keys` of its JWKS (RFC 7517), unchecked. */
	keys: unknown;
}

/** What a signed token says, or why it proves nothing. */
export type SignedToken =
	{ kind: 'valid'; claims: Record<string, unknown> } | { kind: 'expired' } | { kind: 'unproved' };

/** The payload of a JWT, which anybody may have written. */
export function unverifiedClaims(token: string): Record<string, unknown> | undefined {
	return parseObject(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/**
 * Checks the signature of a JWT access token against the keys of the service, its issuer and its
 * time (RFC 7519, RFC 9068 4).
 * @param now wall clock, milliseconds
 */
export function readSignedToken(token: string, by: TokenIssuer, now: number): SignedToken {
	const [head = '', payload = '', signature = '', ...rest] = token.split('.');
	const header = parseObject(Buffer.from(head, 'base64url').toString('utf8'));
	const claims = unverifiedClaims(token);
	if (header === undefined || claims === undefined || rest.length > 0) return { kind: 'unproved' };
	const signed = Buffer.from(`${head}.${payload}`);
	const proof = Buffer.from(signature, 'base64url');
	const isSigned = keysFor(header, by.keys).some((key) =>
		isSignedBy(key, String(header.alg), signed, proof),
	);
	if (!isSigned || claims.iss !== by.issuer) return { kind: 'unproved' };
	const { exp, nbf } = claims;
	const seconds = now / 1000;
	if (typeof exp !== 'number' || exp + LEEWAY_SECONDS < seconds) return { kind: 'expired' };
	if (typeof nbf === 'number' && nbf - LEEWAY_SECONDS > seconds) return { kind: 'unproved' };
	return { kind: 'valid', claims };
}

function keysFor(header: Record<string, unknown>, keys: unknown): JsonWebKey[] {
	const all = Array.isArray(keys) ? keys.filter(isRecord) : [];
	return all.filter(
		(key) =>
			(header.kid === undefined || key.kid === undefined || key.kid === header.kid) &&
			(key.use === undefined || key.use === 'sig'),
	) as JsonWebKey[];
}

function isSignedBy(jwk: JsonWebKey, algorithm: string, text: Buffer, proof: Buffer): boolean {
	const hash = HASHES[algorithm];
	// A shared secret as a key ("oct") would let whoever knows the public one sign.
	const family = algorithm.startsWith('ES') ? 'EC' : 'RSA';
	if (hash === undefined || jwk.kty !== family) return false;
	try {
		const key = createPublicKey({ key: jwk, format: 'jwk' });
		if (family === 'EC') return verify(hash, text, { key, dsaEncoding: 'ieee-p1363' }, proof);
		const isPss = algorithm.startsWith('PS');
		const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
		const salt = isPss ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
		return verify(hash, text, { key, padding, ...salt }, proof);
	} catch {
		return false;
	}
}

import type { JsonWebKey, KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';

let pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

/** The key pair with which every simulated Identity Service of this process signs. */
export function signingKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
	pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
	return pair;
}

/** Its public half as the service publishes it (RFC 7517). */
export function publishedKeys(): { keys: JsonWebKey[] } {
	const jwk = signingKeys().publicKey.export({ format: 'jwk' });
	return { keys: [{ ...jwk, kid: 'simulator', use: 'sig', alg: 'RS256' }] };
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a signature is the HMAC of these bytes, compared in a time that tells nothing of it.
 *
 * @param signature hexadecimal, in either case
 * @param secret an empty one signs nothing, so that no signature is right
 */
export function isHmacOf(
	algorithm: 'sha256' | 'sha512',
	secret: string,
	bytes: Uint8Array | string,
	signature: string,
): boolean {
	if (secret === '') return false;
	const right = createHmac(algorithm, secret).update(bytes).digest('hex');
	const given = Buffer.from(signature.trim().toLowerCase());
	return given.length === right.length && timingSafeEqual(given, Buffer.from(right));
}

import { isHmacOf } from '../../../shared/hmacSignature';
import type { Delivery } from '../../../shared/node/webhookFrame';
import { minifyJson, withPlainTexts } from './minifyJson';

const SIGNATURE = 'x-docuware-signature';

/** Whether a signature came at all, right or wrong. */
export function hasSignature({ headers }: Pick<Delivery, 'headers'>): boolean {
	return headers[SIGNATURE] !== undefined;
}

/** A signature in hexadecimal; anything else is known to be wrong without a look at the body. */
const HEXADECIMAL = /^\s*[0-9a-f]{128}\s*$/i;

/**
 * The minified JSON of a body that DocuWare has signed with one of these passphrases: HMAC-SHA512 over it
 * (docs/facts/docuware.md 8.3). It is not said how texts with escapes are written for it, so both ways are right.
 *
 * @param passphrases the present one, and the previous one during a change; empty ones sign nothing
 * @returns with its texts written as short as possible, whichever way was signed; undefined where the signature is wrong
 */
export function signedBytes(
	{ headers, body }: Pick<Delivery, 'headers' | 'body'>,
	passphrases: readonly string[],
): Buffer | undefined {
	const given = headers[SIGNATURE];
	if (typeof given !== 'string' || !HEXADECIMAL.test(given)) return undefined;
	const minified = minifyJson(body);
	const plain = withPlainTexts(minified);
	const ways = plain.equals(minified) ? [minified] : [minified, plain];
	const isSigned = passphrases.some((passphrase) =>
		ways.some((bytes) => isHmacOf('sha512', passphrase, bytes, given)),
	);
	return isSigned ? plain : undefined;
}

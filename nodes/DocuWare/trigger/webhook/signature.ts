import { isHmacOf } from '../../../shared/hmacSignature';
import type { Delivery } from '../../../shared/node/webhookFrame';
import { minifyJson, withPlainTexts } from './minifyJson';

const SIGNATURE = 'x-docuware-signature';

/**
 * Whether DocuWare has signed the body with one of these passphrases: HMAC-SHA512 over the minified JSON
 * (docs/facts/docuware.md 8.3). It is not said how texts with escapes are written for it, so both ways are right.
 *
 * @param passphrases the present one, and the previous one during a change; empty ones sign nothing
 */
export function isSigned(
	{ headers, body }: Pick<Delivery, 'headers' | 'body'>,
	passphrases: readonly string[],
): boolean {
	const given = headers[SIGNATURE];
	if (typeof given !== 'string' || given === '') return false;
	const minified = minifyJson(body);
	const plain = withPlainTexts(minified);
	const ways = plain.equals(minified) ? [minified] : [minified, plain];
	return passphrases.some((passphrase) =>
		ways.some((bytes) => isHmacOf('sha512', passphrase, bytes, given)),
	);
}

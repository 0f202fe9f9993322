import { createHmac } from 'node:crypto';

/** Header with the signature, from version 7.10 (docs/facts/docuware.md 8.3). */
export const signatureHeader = 'x-docuware-signature';

/** JSON without the blanks between its parts; numbers and texts stay as they are written. */
export function minified(json: string): string {
	return json.replace(/("(?:[^"\\]|\\.)*")|\s+/gs, '$1');
}

/** HMAC-SHA512 of the minified body with the organization's passphrase, in hex. */
export function signatureOf(json: string, passphrase: string): string {
	return createHmac('sha512', passphrase).update(minified(json), 'utf8').digest('hex');
}

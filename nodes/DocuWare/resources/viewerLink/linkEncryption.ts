import { createCipheriv, createHash } from 'node:crypto';

/** The ciphers of which DocuWare servers are known to take one (docs/facts/docuware.md 4.5). */
export type LinkCipher = 'cbc' | 'gcm';

const KEY_BYTES = 32;

const CIPHERS = {
	cbc: { name: 'aes-256-cbc', ivBytes: 16 },
	gcm: { name: 'aes-256-gcm', ivBytes: 12 },
} as const;

/**
 * The value of `ep`: parameters encrypted with the organization's passphrase. Key and IV come from its SHA-512
 * alone, so equal parameters give equal texts (docs/facts/docuware.md 4.5).
 */
export function encryptParameters(text: string, passphrase: string, cipher: LinkCipher): string {
	const digest = createHash('sha512').update(passphrase, 'utf8').digest();
	const key = digest.subarray(0, KEY_BYTES);
	if (cipher === 'cbc') {
		const { name, ivBytes } = CIPHERS.cbc;
		const sealing = createCipheriv(name, key, digest.subarray(KEY_BYTES, KEY_BYTES + ivBytes));
		return linkBase64(Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]));
	}
	const { name, ivBytes } = CIPHERS.gcm;
	const sealing = createCipheriv(name, key, digest.subarray(KEY_BYTES, KEY_BYTES + ivBytes));
	const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]);
	return linkBase64(Buffer.concat([sealed, sealing.getAuthTag()]));
}

/** Base64 for URLs as DocuWare writes it: a digit at the end counts the `=` that were cut off. */
export function linkBase64(bytes: Buffer): string {
	const cut = (3 - (bytes.length % 3)) % 3;
	return `${bytes.toString('base64url')}${cut}`;
}

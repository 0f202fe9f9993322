import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * How the recorded version seals and recognizes what it stores, written down once more and without
 * its code: an older n8n process that shares the vault reads and writes like this.
 */

const PACKAGE = 'n8n-nodes-exactonline-docuware';
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES] = [16, 12, 16];

function derived(secret: string, salt: Buffer | string, purpose: string): Buffer {
	return Buffer.from(hkdfSync('sha256', secret, salt, `${PACKAGE} ${purpose}`, 32));
}

/** Seals a text for a subject. */
export function sealAsRecorded(secret: string, plain: string, subject: string): string {
	const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
	const cipher = createCipheriv('aes-256-gcm', derived(secret, salt, 'sealing'), nonce);
	cipher.setAAD(Buffer.from(subject, 'utf8'));
	const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
	return `v1.${Buffer.concat([salt, nonce, sealed, cipher.getAuthTag()]).toString('base64')}`;
}

/** Opens a sealed text. @throws Error where it was sealed in another way or for another subject */
export function openAsRecorded(secret: string, sealed: string, subject: string): string {
	if (!sealed.startsWith('v1.')) throw new Error(`Not sealed as recorded: ${sealed}`);
	const packed = Buffer.from(sealed.slice('v1.'.length), 'base64');
	const salt = packed.subarray(0, SALT_BYTES);
	const nonce = packed.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
	const decipher = createDecipheriv('aes-256-gcm', derived(secret, salt, 'sealing'), nonce);
	decipher.setAAD(Buffer.from(subject, 'utf8'));
	decipher.setAuthTag(packed.subarray(-TAG_BYTES));
	const content = packed.subarray(SALT_BYTES + NONCE_BYTES, -TAG_BYTES);
	return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8');
}

/** The digest by which a secret is recognized again. */
export function fingerprintAsRecorded(
	secret: string,
	purpose: string,
	...parts: readonly string[]
): string {
	return createHmac('sha256', derived(secret, '', 'fingerprint'))
		.update(JSON.stringify([purpose, ...parts]))
		.digest('hex');
}

/** The digest by which a vault recognizes its encryption key. */
export function keyCheckAsRecorded(secret: string): string {
	return fingerprintAsRecorded(secret, 'key check', `${PACKAGE} key check`);
}

/** Members of a stored holder that are null on a system that does not tell them. */
export const NOT_TOLD_EVERYWHERE = ['startTime', 'bootId', 'pidNamespace'];

/** A process as the recorded version names it where a holder is stored. */
export const RECORDED_HOLDER = {
	uuid: '0b6f3f0e-5d0c-4a57-9d0e-3d1b8f6a2c11',
	pid: 4711,
	startTime: '123456',
	bootId: '9c1d6a52-2f0b-4f63-8d6f-0a1b2c3d4e5f',
	pidNamespace: 'pid:[4026531836]',
	host: 'n8n-host',
};

import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	createSecretKey,
	hkdfSync,
	randomBytes,
	timingSafeEqual,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { passOn } from '../errors';
import type { EncryptionKey } from './encryptionKey';
import { PREVIOUS_VARIABLE } from './encryptionKey';
import { vaultError } from './vaultErrors';

const FORMAT = 'v1';
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const FINGERPRINT_KEY_SUBJECT = 'fingerprint key';
const PACKAGE = 'n8n-nodes-exactonline-docuware';

/**
 * Seals secrets with AES-256-GCM. The key is derived per sealed text (HKDF-SHA-256 with a salt of
 * its own) from n8n's encryption key; what the text belongs to goes in as additional data, so a
 * sealed secret moved to another record or generation does not open.
 */
export class Sealer {
	private readonly secret: KeyObject;

	private readonly ownFingerprintKey: KeyObject;

	private fingerprintKey: KeyObject;

	/** @param earlier the sealer of the key that is being replaced; for what it has sealed. */
	constructor(
		private readonly key: EncryptionKey,
		readonly earlier?: Sealer,
	) {
		this.secret = createSecretKey(Buffer.from(key.secret, 'utf8'));
		this.ownFingerprintKey = this.derivedKey('', 'fingerprint');
		this.fingerprintKey = this.ownFingerprintKey;
	}

	/**
	 * @param subject what the secret belongs to; the same text must be given to `open`.
	 * @returns `v1.` and base64 of salt, nonce, cipher text and tag.
	 */
	seal(plain: string, subject: string): string {
		const salt = randomBytes(SALT_BYTES);
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv('aes-256-gcm', this.derivedKey(salt, 'sealing'), nonce);
		cipher.setAAD(Buffer.from(subject, 'utf8'));
		const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
		const packed = Buffer.concat([salt, nonce, sealed, cipher.getAuthTag()]);
		return `${FORMAT}.${packed.toString('base64')}`;
	}

	/** @throws ConnectorError VAULT_KEY_MISMATCH where the text was sealed with another key or changed. */
	open(sealedText: string, subject: string): string {
		try {
			const [format, base64] = sealedText.split('.');
			if (format !== FORMAT || base64 === undefined) throw new Error('unknown format');
			const packed = Buffer.from(base64, 'base64');
			if (packed.length < SALT_BYTES + NONCE_BYTES + TAG_BYTES) throw new Error('too short');
			const salt = packed.subarray(0, SALT_BYTES);
			const nonce = packed.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
			const sealed = packed.subarray(SALT_BYTES + NONCE_BYTES, -TAG_BYTES);
			const decipher = createDecipheriv('aes-256-gcm', this.derivedKey(salt, 'sealing'), nonce, {
				authTagLength: TAG_BYTES,
			});
			decipher.setAAD(Buffer.from(subject, 'utf8'));
			decipher.setAuthTag(packed.subarray(-TAG_BYTES));
			return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
		} catch (cause) {
			throw keyMismatch(this.key.source, 'an entry of the vault', cause);
		}
	}

	/**
	 * A sealed text under the present key: itself, or sealed anew where the earlier key had sealed it.
	 * @throws ConnectorError VAULT_KEY_MISMATCH where neither opens it.
	 */
	underPresentKey(sealedText: string, subject: string): string {
		try {
			this.open(sealedText, subject);
			return sealedText;
		} catch (error) {
			if (this.earlier === undefined) passOn(error);
			return this.seal(this.earlier.open(sealedText, subject), subject);
		}
	}

	/**
	 * A keyed digest: recognizes a secret again without storing it, and is worthless without n8n's
	 * encryption key. `purpose` keeps digests of different things apart.
	 */
	fingerprint(purpose: string, ...parts: string[]): string {
		return digest(this.fingerprintKey, [purpose, ...parts]);
	}

	/** The same object as long as `fingerprint` gives the same digests. */
	get fingerprintMark(): object {
		return this.fingerprintKey;
	}

	/** A digest by which a vault recognizes the encryption key it was made with. */
	keyCheck(): string {
		return digest(this.ownFingerprintKey, ['key check', `${PACKAGE} key check`]);
	}

	/** The key behind `fingerprint`, sealed: goes with a vault that moves under another encryption key. */
	sealFingerprintKey(from: Sealer): string {
		return this.seal(from.fingerprintKey.export().toString('base64'), FINGERPRINT_KEY_SUBJECT);
	}

	/** Goes on with the fingerprints of a vault that was begun under another encryption key. */
	adoptFingerprintKey(sealed: string): void {
		const bytes = Buffer.from(this.open(sealed, FINGERPRINT_KEY_SUBJECT), 'base64');
		this.fingerprintKey = createSecretKey(bytes);
	}

	/** Compares two digests without telling by its duration where they differ. */
	static sameFingerprint(left: string, right: string): boolean {
		const a = Buffer.from(left);
		const b = Buffer.from(right);
		return a.length === b.length && timingSafeEqual(a, b);
	}

	/** Where the key came from, for messages. */
	get keySource(): string {
		return this.key.source;
	}

	/** As a key object: Node.js takes seven times as long over each digest and cipher whose key is bytes. */
	private derivedKey(salt: Buffer | '', use: string): KeyObject {
		const derived = hkdfSync('sha256', this.secret, salt, `${PACKAGE} ${use}`, KEY_BYTES);
		return createSecretKey(new Uint8Array(derived));
	}
}

/** Whether a text was made by `Sealer.seal`. */
export function isSealed(text: string): boolean {
	return text.startsWith(`${FORMAT}.`);
}

function digest(key: KeyObject, parts: string[]): string {
	return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');
}

/** The error for anything that another key has sealed; never confused with a lost chain. */
export function keyMismatch(keySource: string, what: string, cause?: unknown): Error {
	return vaultError(
		'VAULT_KEY_MISMATCH',
		`The encryption key does not open what the vault has sealed with another one: ${what}, with the key from ${keySource}.`,
		'Give n8n back the encryption key it had (N8N_ENCRYPTION_KEY or its config file). Where ' +
			'several n8n instances share this vault, give all of them the same ' +
			'N8N_EXACTONLINE_DOCUWARE_VAULT_KEY. To change the key on purpose, name the earlier one in ' +
			`${PREVIOUS_VARIABLE} as well.`,
		{ cause },
	);
}

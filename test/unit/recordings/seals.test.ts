import { join } from 'node:path';

import { Sealer } from '../../../nodes/shared/vault/sealing';
import { printIfAsked, readRecording } from '../../support/recordings/recording';
import {
	fingerprintAsRecorded,
	keyCheckAsRecorded,
	openAsRecorded,
	sealAsRecorded,
} from '../../support/recordings/storedFormat';

/** Two vault keys, and what was sealed and recognized under them. */
interface Seals {
	key: string;
	otherKey: string;
	plain: string;
	subject: string;
	sealed: string;
	/** The fingerprint key of `otherKey`, sealed under `key`: what a vault that moved takes along. */
	fingerprintKey: string;
	fingerprint: { purpose: string; parts: string[]; digest: string; digestOfOtherKey: string };
	keyCheck: string;
}

const file = join(__dirname, 'seals.json');
const sealerOf = (secret: string) => new Sealer({ secret, source: 'a test' });

/** Sealing draws random numbers, so this is another recording each time. */
function sealedNow(): Seals {
	const [key, otherKey] = ['an encryption key for tests', 'another encryption key'];
	const [plain, subject] = ['{"accessToken":"ä","refreshToken":"b"}', 'record:1'];
	const [purpose, parts] = ['purpose', ['part', 'ü']];
	const [sealer, other] = [sealerOf(key), sealerOf(otherKey)];
	return {
		key,
		otherKey,
		plain,
		subject,
		sealed: sealer.seal(plain, subject),
		fingerprintKey: sealer.sealFingerprintKey(other),
		fingerprint: {
			purpose,
			parts,
			digest: sealer.fingerprint(purpose, ...parts),
			digestOfOtherKey: other.fingerprint(purpose, ...parts),
		},
		keyCheck: sealer.keyCheck(),
	};
}

let recorded: Seals;

beforeAll(() => {
	printIfAsked(file, { ...sealedNow() });
	recorded = readRecording<Seals>(file);
});

it('opens what was sealed before, for its subject alone', () => {
	const { key, sealed, subject, plain } = recorded;
	expect(sealerOf(key).open(sealed, subject)).toBe(plain);
	expect(() => sealerOf(key).open(sealed, `${subject}0`)).toThrow(
		expect.objectContaining({ code: 'VAULT_KEY_MISMATCH' }),
	);
});

it('seals so that a process of the recorded version opens it, and the other way round', () => {
	const { key, plain, subject } = recorded;
	const sealer = sealerOf(key);
	expect(openAsRecorded(key, sealer.seal(plain, subject), subject)).toBe(plain);
	expect(sealer.open(sealAsRecorded(key, plain, subject), subject)).toBe(plain);
	expect(openAsRecorded(key, recorded.sealed, subject)).toBe(plain);
});

it('recognizes secrets and keys by the same digests', () => {
	const { key, fingerprint, keyCheck } = recorded;
	const { purpose, parts, digest } = fingerprint;
	expect(sealerOf(key).fingerprint(purpose, ...parts)).toBe(digest);
	expect(fingerprintAsRecorded(key, purpose, ...parts)).toBe(digest);
	expect(sealerOf(key).keyCheck()).toBe(keyCheck);
	expect(keyCheckAsRecorded(key)).toBe(keyCheck);
});

it('goes on with the fingerprints of a vault that was moved under another key', () => {
	const { key, fingerprintKey, fingerprint } = recorded;
	const sealer = sealerOf(key);
	sealer.adoptFingerprintKey(fingerprintKey);
	expect(sealer.fingerprint(fingerprint.purpose, ...fingerprint.parts)).toBe(
		fingerprint.digestOfOtherKey,
	);
	expect(sealer.keyCheck()).toBe(recorded.keyCheck);
});

it('takes along the fingerprint key as a process of the recorded version reads it', () => {
	const { key, otherKey, fingerprintKey } = recorded;
	const inForce = openAsRecorded(key, fingerprintKey, 'fingerprint key');
	const sealedNow = sealerOf(key).sealFingerprintKey(sealerOf(otherKey));
	expect(openAsRecorded(key, sealedNow, 'fingerprint key')).toBe(inForce);
});

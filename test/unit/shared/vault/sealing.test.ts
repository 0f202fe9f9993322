import { isConnectorError } from '../../../../nodes/shared/errors';
import { isSealed, Sealer } from '../../../../nodes/shared/vault/sealing';

const sealerOf = (secret: string) => new Sealer({ secret, source: 'N8N_ENCRYPTION_KEY' });

function failureOf(action: () => unknown): unknown {
	try {
		action();
	} catch (error) {
		return error;
	}
	throw new Error('nothing failed');
}

describe('Sealer', () => {
	const sealer = sealerOf('key');

	it('opens what it has sealed for the same subject, with another instance too', () => {
		const sealed = sealer.seal('secret Ünïcode', 'record:1');
		expect(isSealed(sealed)).toBe(true);
		expect(sealed).not.toContain('secret');
		expect(sealerOf('key').open(sealed, 'record:1')).toBe('secret Ünïcode');
	});

	it('never seals the same text the same way', () => {
		expect(sealer.seal('a', 's')).not.toBe(sealer.seal('a', 's'));
	});

	it.each([
		['another subject', 'record:2', (text: string) => text],
		['a changed text', 'record:1', (text: string) => `${text.slice(0, -6)}AAAAAA`],
		['a shortened text', 'record:1', (text: string) => text.slice(0, 20)],
		['another format', 'record:1', (text: string) => text.replace('v1.', 'v9.')],
		['no sealed text at all', 'record:1', () => ''],
	])('does not open with %s', (_name, subject, change) => {
		const sealed = sealer.seal('secret', 'record:1');
		const error = failureOf(() => sealer.open(change(sealed), subject));
		expect(isConnectorError(error) && error.code).toBe('VAULT_KEY_MISMATCH');
	});

	it('names where the key came from, and not the key', () => {
		const sealed = sealer.seal('secret', 's');
		const error = failureOf(() => sealerOf('wrong secret key').open(sealed, 's')) as Error;
		expect(error.message).toContain('N8N_ENCRYPTION_KEY');
		expect(error.message).not.toContain('wrong secret key');
	});

	it('makes fingerprints that depend on key, purpose and the division into parts', () => {
		const one = sealer.fingerprint('purpose', 'a', 'bc');
		expect(sealerOf('key').fingerprint('purpose', 'a', 'bc')).toBe(one);
		const others = [
			sealer.fingerprint('purpose', 'ab', 'c'),
			sealer.fingerprint('other', 'a', 'bc'),
			sealerOf('other').fingerprint('purpose', 'a', 'bc'),
		];
		for (const other of others) expect(Sealer.sameFingerprint(one, other)).toBe(false);
		expect(Sealer.sameFingerprint(one, one)).toBe(true);
	});

	it('goes on with the fingerprints of a vault from under another key', () => {
		const older = sealerOf('older key');
		const newer = sealerOf('newer key');
		const own = newer.keyCheck();
		newer.adoptFingerprintKey(newer.sealFingerprintKey(older));
		expect(newer.fingerprint('p', 'x')).toBe(older.fingerprint('p', 'x'));
		expect(newer.keyCheck()).toBe(own);
		expect(newer.keyCheck()).not.toBe(older.keyCheck());
	});
});

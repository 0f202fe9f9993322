import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { readSignedToken } from '../../../../../nodes/DocuWare/auth/tokenChain/signedToken';

const ISSUER = 'https://login.example/tenant';
const NOW = Date.parse('2026-04-07T12:00:00Z');
const SECONDS = NOW / 1000;

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const KEYS = [
	{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', use: 'sig' },
	{ ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec', use: 'sig' },
];

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const CLAIMS = { iss: ISSUER, sub: 'User-1', exp: SECONDS + 600, nbf: SECONDS - 5 };

function signed(header: { alg: string; kid?: string }, claims: object, key: KeyObject): string {
	const text = `${encode(header)}.${encode(claims)}`;
	const pss = header.alg.startsWith('PS')
		? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
		: {};
	const hash = `sha${header.alg.slice(2)}`;
	const proof = sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363', ...pss });
	return `${text}.${proof.toString('base64url')}`;
}

const read = (token: string, keys: unknown = KEYS) =>
	readSignedToken(token, { issuer: ISSUER, keys }, NOW);

describe('readSignedToken', () => {
	it.each([
		['RS256', 'rsa', rsa.privateKey],
		['RS512', 'rsa', rsa.privateKey],
		['PS256', 'rsa', rsa.privateKey],
		['ES256', 'ec', ec.privateKey],
	])('believes a token signed with %s', (alg, kid, key) => {
		expect(read(signed({ alg, kid }, CLAIMS, key))).toEqual({ kind: 'valid', claims: CLAIMS });
		expect(read(signed({ alg }, CLAIMS, key)).kind).toBe('valid');
	});

	it('does not believe what somebody else has signed, or nobody', () => {
		const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' });
		const symmetric = `${encode({ alg: 'HS256', kid: 'rsa' })}.${encode(CLAIMS)}`;
		const hmac = createHmac('sha256', pem).update(symmetric).digest('base64url');
		const good = signed({ alg: 'RS256', kid: 'rsa' }, CLAIMS, rsa.privateKey);
		const [head, , proof] = good.split('.');
		for (const token of [
			signed({ alg: 'RS256', kid: 'rsa' }, CLAIMS, otherRsa.privateKey),
			signed({ alg: 'RS256', kid: 'ec' }, CLAIMS, rsa.privateKey),
			`${symmetric}.${hmac}`,
			`${encode({ alg: 'none' })}.${encode(CLAIMS)}.`,
			`${head}.${encode({ ...CLAIMS, sub: 'somebody else' })}.${proof}`,
			`${good}.more`,
			'opaque-reference-token',
			'',
		]) {
			expect(read(token)).toEqual({ kind: 'unproved' });
		}
		for (const keys of [[], null, 'none', [{ kty: 'oct', k: 'AAAA', kid: 'rsa' }], [null]]) {
			expect(read(good, keys)).toEqual({ kind: 'unproved' });
		}
	});

	it('measures issuer and time', () => {
		const by = (changes: object) =>
			read(signed({ alg: 'RS256', kid: 'rsa' }, { ...CLAIMS, ...changes }, rsa.privateKey)).kind;
		expect(by({ iss: 'https://login.example/other' })).toBe('unproved');
		expect(by({ exp: SECONDS - 600 })).toBe('expired');
		expect(by({ exp: undefined })).toBe('expired');
		expect(by({ exp: SECONDS - 60 })).toBe('valid');
		expect(by({ nbf: SECONDS + 600 })).toBe('unproved');
	});
});

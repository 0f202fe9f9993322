import { createDecipheriv, createHash } from 'node:crypto';
import * as fc from 'fast-check';
import {
	integrationLink,
	type LinkContent,
} from '../../../../../nodes/DocuWare/resources/viewerLink/integrationLink';
import {
	encryptParameters,
	linkBase64,
	type LinkCipher,
} from '../../../../../nodes/DocuWare/resources/viewerLink/linkEncryption';
import { holds } from '../../../../support/properties';

const BASE = 'https://acme.docuware.cloud/DocuWare/Platform';
const CABINET = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const viewer: LinkContent = { view: 'V', fileCabinetId: CABINET, isTray: false, documentId: 18 };

/** What a server does with `ep`, written down a second time. */
function decrypted(ep: string, passphrase: string, cipher: LinkCipher): string {
	const cut = Number(ep.at(-1));
	const base64 = ep.slice(0, -1).replaceAll('-', '+').replaceAll('_', '/') + '='.repeat(cut);
	const bytes = Buffer.from(base64, 'base64');
	const digest = createHash('sha512').update(Buffer.from(passphrase, 'utf8')).digest();
	const key = digest.subarray(0, 32);
	if (cipher === 'cbc') {
		const opening = createDecipheriv('aes-256-cbc', key, digest.subarray(32, 48));
		return Buffer.concat([opening.update(bytes), opening.final()]).toString('utf8');
	}
	const opening = createDecipheriv('aes-256-gcm', key, digest.subarray(32, 44));
	opening.setAuthTag(bytes.subarray(-16));
	return Buffer.concat([opening.update(bytes.subarray(0, -16)), opening.final()]).toString('utf8');
}

describe('a link that everybody can read', () => {
	it('shows a document of a file cabinet', () => {
		expect(integrationLink(BASE, '', viewer)).toBe(
			`${BASE}/WebClient/Integration?p=V&fc=${CABINET}&did=18`,
		);
	});

	it('names a document tray and the organization by what they are', () => {
		const tray: LinkContent = { ...viewer, fileCabinetId: `b_${CABINET}`, isTray: true };
		expect(integrationLink(BASE, '8f4c', tray)).toBe(
			`${BASE}/WebClient/8f4c/Integration?p=V&scid=b_${CABINET}&did=18`,
		);
	});

	it('shows a search with its query in base64, its result list and its end', () => {
		const link = integrationLink(BASE, '', {
			view: 'RLV',
			fileCabinetId: CABINET,
			isTray: false,
			query: '[COMPANY]="Müller & Söhne"',
			resultListId: 'a60d2279-227d-454b-815c-14d64eb165a1',
			validUntil: Date.UTC(2026, 10, 30, 12, 0, 0, 250),
		});
		const { searchParams } = new URL(link);
		expect(searchParams.get('vu')).toBe('2026-11-30T12:00:00Z');
		expect(searchParams.get('rl')).toBe('a60d2279-227d-454b-815c-14d64eb165a1');
		const query = searchParams.get('q') ?? '';
		expect(Buffer.from(query.slice(0, -1), 'base64url').toString('utf8')).toBe(
			'[COMPANY]="Müller & Söhne"',
		);
	});
});

describe('an encrypted link', () => {
	it.each(['cbc', 'gcm'] as const)('holds everything in ep, with %s', (cipher) => {
		const link = integrationLink(
			BASE,
			'',
			{ ...viewer, loginToken: 'one_two' },
			{ passphrase: "a#bc>2~C1'abc\\ä", cipher },
		);
		const [address, ep = ''] = link.split('?ep=');
		expect(address).toBe(`${BASE}/WebClient/Integration`);
		expect(ep).toMatch(/^[\w-]+[012]$/);
		expect(decrypted(ep, "a#bc>2~C1'abc\\ä", cipher)).toBe(`p=V&lct=one_two&fc=${CABINET}&did=18`);
	});

	it.each(['cbc', 'gcm'] as const)('can be opened whatever stands in it, with %s', (cipher) => {
		holds(
			fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (text, phrase) => {
				expect(decrypted(encryptParameters(text, phrase, cipher), phrase, cipher)).toBe(text);
			}),
		);
	});

	it('counts what base64 has cut off', () => {
		expect(linkBase64(Buffer.from('abc'))).toBe('YWJj0');
		expect(linkBase64(Buffer.from('ab'))).toBe('YWI1');
		expect(linkBase64(Buffer.from([0xfb, 0xff, 0xff, 0xff]))).toBe('-____w2');
	});
});

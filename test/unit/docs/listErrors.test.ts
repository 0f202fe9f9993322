import { exactChainErrors } from '../../../nodes/ExactOnline/auth/chainErrors';
import { docuWareChainErrors } from '../../../nodes/DocuWare/auth/tokenChain/chainErrors';
import { wrongPassword } from '../../../nodes/DocuWare/platform/logOnErrors';
import { noLicence } from '../../../nodes/DocuWare/platform/missingLicence';
import { transportFailure } from '../../../nodes/shared/http/failures';
import { listMessage, MOST_IN_LIST } from '../../../nodes/shared/node/listMessage';
import { shownInList } from '../../support/shownInList';
import { errorTexts } from './support/errorTexts';

const ABOUT = {
	identifier: '5e3f6c58-94d1-4e0c-8f60-6f1b6d2a7ef9#0b8e6c58-94d1-4e0c-8f60-6f1b6d2a7ef9',
	host: 'https://start.exactonline.nl',
};

/** Folders whose errors no list has: those of runs and of triggers. */
const OF_RUNS = /\/(?:trigger|resources|lines)\/|shared\/node\//;

/** No list changes anything. */
const OF_WRITES = /the change was made|while the request was under way/;

const texts = errorTexts().filter(
	({ place, message, repairs, listRepairs }) =>
		!OF_RUNS.test(place) && !OF_WRITES.test(message) && [...repairs, ...listRepairs].length > 0,
);

/** What is put in, at a usual length. */
const filled = (text: string) => text.replace(/\{(?:[^{}]|\{[^{}]*\})*\}/g, 'x'.repeat(16));

it('knows what to do of most errors', () => {
	expect(texts.length).toBeGreaterThan(150);
});

it.each(texts.map((text) => [text.place, text.headline, text] as const))(
	'%s has room in a list for what to do: %s',
	(_place, _headline, { codes, message, repairs, listRepairs }) => {
		const [code = 'x'.repeat(30)] = codes;
		for (const repair of listRepairs.length > 0 ? listRepairs : repairs) {
			const text = listMessage({ code, message: filled(message), repair: filled(repair) });
			expect(text).toContain(`[${code}]`);
			expect(text.length).toBeLessThanOrEqual(MOST_IN_LIST);
			expect(shownInList(text)).toBe(text);
		}
	},
);

it('says what happened, what to do, and the code; no identity, no time, no words of the service', () => {
	const lost = exactChainErrors.chainLost(ABOUT, 'EXACT_OLD_REFRESH_TOKEN', 'Old token', null);
	expect(listMessage(lost)).toBe(
		'The connection to Exact Online has ended. Run the credential that was connected last for this app and ' +
			'user; if there is none, open this one and press Connect. [EXACT_OLD_REFRESH_TOKEN]',
	);
	const refused = wrongPassword('peggy at https://acme.docuware.cloud', {
		...{ detail: 'invalid_grant', isSaid: true, organization: '' },
	});
	expect(listMessage(refused)).toBe(
		'DocuWare refused user name and password. Open the credential and correct user name and password ' +
			'(and the organization, on a server with several). [DOCUWARE_WRONG_PASSWORD]',
	);
});

it('shows each of these whole in the box of a list', () => {
	const owner = {
		credentialId: 'aBcDeFgHiJkLmNoP',
		credentialName: 'Exact Online',
		elsewhere: false,
	};
	const at = Date.UTC(2026, 0, 1);
	const errors = [
		...['EXACT_OLD_REFRESH_TOKEN', 'EXACT_CHAIN_BROKEN', 'EXACT_REFRESH_TOKEN_EXPIRED', ''].map(
			(code) => exactChainErrors.chainLost(ABOUT, code, 'The words of the service', null),
		),
		exactChainErrors.chainLost(ABOUT, 'EXACT_OLD_REFRESH_TOKEN', 'x', at),
		exactChainErrors.unknownAuthorization(ABOUT, 'x'),
		exactChainErrors.configuration(ABOUT, 'EXACT_CLIENT_NOT_FOUND', 'x'),
		exactChainErrors.configuration(ABOUT, 'EXACT_INVALID_CLIENT', 'x'),
		exactChainErrors.unavailable(ABOUT, 'x', at),
		exactChainErrors.inDoubt(ABOUT, at, 'x'),
		exactChainErrors.overtaken(ABOUT),
		exactChainErrors.refusedToken(ABOUT),
		exactChainErrors.forgotten(ABOUT, at),
		exactChainErrors.duplicate(ABOUT, owner, at),
		docuWareChainErrors.chainLost(ABOUT, '', 'x', at),
		docuWareChainErrors.unknownAuthorization(ABOUT, 'x'),
		docuWareChainErrors.refusedToken(ABOUT),
		noLicence('peggy at https://acme.docuware.cloud', {
			...{ logsOffWhenIdle: true, waitLimitMs: 60_000, waitedMs: 60_000, detail: 'x' },
		}),
		transportFailure({ code: 'CERT_HAS_EXPIRED' }, ABOUT.host, { mayBeSent: false }, undefined),
	];
	for (const error of errors) {
		const message = listMessage(error);
		expect(message.length).toBeLessThanOrEqual(MOST_IN_LIST);
		expect(shownInList(message)).toBe(message);
		for (const hidden of [ABOUT.identifier, ABOUT.host, 'peggy', '"x"']) {
			expect(message).not.toContain(hidden);
		}
	}
});

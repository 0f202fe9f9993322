import type { ICredentialType } from 'n8n-workflow';
import { DocuWareApi } from '../../../../credentials/DocuWareApi.credentials';
import { DocuWareOAuth2Api } from '../../../../credentials/DocuWareOAuth2Api.credentials';
import { DocuWareTokenApi } from '../../../../credentials/DocuWareTokenApi.credentials';
import {
	readLoginTokenAccount,
	readOAuth2Credential,
	readPasswordAccount,
	USUAL_LICENCE_WAIT_MS,
} from '../../../../nodes/DocuWare/auth/account/credentialData';
import type { SessionAccount } from '../../../../nodes/DocuWare/auth/account/sessionAccount';
import { noLicence } from '../../../../nodes/DocuWare/platform/missingLicence';

type Terms = Pick<SessionAccount, 'policy' | 'licenceWaitMs'>;

const LOG_IN = {
	platformUrl: 'acme',
	userName: 'api',
	password: 'secret',
	loginToken: 'token',
	clientId: 'app',
	clientSecret: 'secret',
};

/** What could be better, as far as the credential has it. */
const WORST = { sessionPolicy: 'logOffWhenIdle', licenceWaitSeconds: 60 };

const TYPES = [new DocuWareApi(), new DocuWareTokenApi(), new DocuWareOAuth2Api()];

const labelsOf = ({ properties }: ICredentialType) =>
	properties.map(({ displayName }) => displayName);

function textsOf({ policy, licenceWaitMs }: Terms): string {
	const { message, repair, listRepair } = noLicence('api', {
		logsOffWhenIdle: policy === 'logOffWhenIdle',
		waitLimitMs: licenceWaitMs,
		waitedMs: licenceWaitMs,
		detail: '',
	});
	return [message, repair, listRepair].join(' ');
}

function appAccount(): Terms {
	const read = readOAuth2Credential(
		{ ...LOG_IN, grantType: 'clientCredentials' },
		{ instanceId: 'instance', credentialId: '1', credentialName: 'app' },
	);
	if (read.kind !== 'clientCredentials') throw new Error(read.kind);
	return read.account;
}

const CREDENTIALS: Array<[string, ICredentialType, Terms, string[]]> = [
	[
		'user and password',
		new DocuWareApi(),
		readPasswordAccount({ ...LOG_IN, ...WORST }),
		['Session Policy', 'Wait for a Licence (Seconds)'],
	],
	[
		'a login token for many times',
		new DocuWareTokenApi(),
		readLoginTokenAccount({ ...LOG_IN, ...WORST, usage: 'Multi' }),
		['Session Policy', 'Wait for a Licence (Seconds)'],
	],
	[
		'a single-use login token',
		new DocuWareTokenApi(),
		readLoginTokenAccount({ ...LOG_IN, ...WORST, usage: 'Single' }),
		['Wait for a Licence (Seconds)'],
	],
	['an app that acts for itself', new DocuWareOAuth2Api(), appAccount(), []],
	[
		'an app registration',
		new DocuWareOAuth2Api(),
		{ policy: 'keep', licenceWaitMs: USUAL_LICENCE_WAIT_MS },
		[],
	],
];

describe('a missing licence', () => {
	it.each(CREDENTIALS)('with %s names fields of that credential', (_means, type, terms, named) => {
		const text = textsOf(terms);
		const labels = new Set(TYPES.flatMap(labelsOf));
		const found = [...labels].filter((label) => text.includes(label));
		expect(found.filter((label) => !labelsOf(type).includes(label))).toEqual([]);
		const settings = found.filter((label) => label !== 'Show Advanced Fields');
		expect(settings.sort()).toEqual(named);
		expect(text.includes('Show Advanced Fields')).toBe(named.length > 0);
	});

	it.each([
		['user and password', readPasswordAccount(LOG_IN)],
		['a login token', readLoginTokenAccount(LOG_IN)],
	])('with %s advises nothing that is so already', (_means, account) => {
		const text = textsOf(account);
		expect(text).not.toMatch(/Session Policy|Wait for a Licence|In the credential/);
		expect(text).toContain('Connections Overview');
	});

	it('speaks of waiting only after a wait, and of the two minutes unless they are over', () => {
		const facts = { logsOffWhenIdle: false, waitLimitMs: 130_000, detail: '' };
		const once = noLicence('api', { ...facts, waitedMs: 0 });
		expect(once.message).not.toContain('also after waiting');
		expect(once.message).toContain('two minutes');
		expect(`${once.message} ${once.repair}`).not.toMatch(/lost|other log-in data/);
		const waited = noLicence('api', { ...facts, waitedMs: 130_400 });
		expect(waited.message).toContain('also after waiting 130 s');
		expect(waited.message).not.toContain('two minutes');
	});

	it('advises no longer wait where none would help', () => {
		const facts = { logsOffWhenIdle: false, waitLimitMs: null, waitedMs: 0, detail: '' };
		expect(noLicence('api', facts).repair).not.toContain('Wait for a Licence');
	});
});

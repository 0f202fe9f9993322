import { join } from 'node:path';
import type { ICredentialType } from 'n8n-workflow';

import type { Json } from '../../support/recordings/differences';
import { asJson } from '../../support/recordings/differences';
import { publishedCredential } from '../../support/recordings/publishedTypes';
import { recordedField } from '../../support/recordings/recordedField';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded } from '../../support/recordings/recording';

/**
 * Expressions of hidden fields that read an address as the nodes do. They are not stored with a
 * credential, and give the same for every address that worked before.
 */
const oneReading = (...paths: string[]): AllowedDifference[] =>
	paths.map((path) => ({
		path,
		change: 'changed',
		issue: 9,
		reason: 'Addresses are read in one way; see test/unit/credentials/addresses.test.ts.',
	}));

const DOMAINS = 'properties > allowedDomains > default';

const IDENTITY_SERVICE: AllowedDifference = {
	path: 'properties > identityServiceUrl',
	change: 'added',
	issue: 9,
	reason: 'Empty in stored credentials, which take the address that the server names as before.',
};

const PASSPHRASE: AllowedDifference = {
	path: 'properties > integrationPassphrase',
	change: 'added',
	issue: 11,
	reason: 'Empty in stored credentials, with which links are made unencrypted.',
};

const WEBHOOK_SECRET: AllowedDifference = {
	path: 'properties > webhookSecret',
	change: 'added',
	issue: 12,
	reason: 'Empty in stored credentials, with which no node receives.',
};

/** What both say is the hint of *Region* now; a notice holds no value. */
const NOTICE: AllowedDifference = {
	path: 'properties > oneConnectionNotice',
	change: 'removed',
	issue: 14,
	reason: 'It is the hint of the first field; a notice is not stored.',
};

const IGNORE_SSL: AllowedDifference = {
	path: 'properties > ignoreSSLIssues',
	change: 'added',
	issue: 14,
	reason: 'Off by default, as it was read from credentials that could not hold it.',
};

const CONNECT = ['properties > authUrl > default', 'properties > accessTokenUrl > default'];

/**
 * n8n's own names for what the fields hold, so that it evaluates few expressions per request. Nobody has
 * stored the earlier ones: nothing was published.
 */
const fewerExpressions = (
	...places: ReadonlyArray<readonly [path: string, change: AllowedDifference['change']]>
): AllowedDifference[] =>
	places.map(([path, change]) => ({
		path,
		change,
		issue: 10,
		reason: 'Fields hold what n8n asks for; nothing was published before.',
	}));

const EXACT_ONLINE = fewerExpressions(
	['properties > region', 'removed'],
	['properties > alwaysShowLogin', 'removed'],
	['properties > authUrl > **', 'changed'],
	['properties > accessTokenUrl > **', 'changed'],
	['properties > authQueryParameters > **', 'changed'],
	['properties > allowedDomains > **', 'changed'],
	['properties > accessTokenUrl > required', 'removed'],
	['properties > accessTokenUrl > options', 'added'],
	['properties > authQueryParameters > options', 'added'],
	['properties > allowedDomains > displayOptions', 'added'],
	['properties > * > displayOptions > **', 'removed'],
	['properties > * > displayOptions > **', 'added'],
	['properties', 'reordered'],
);

const WITH_DOMAINS = fewerExpressions(['properties > allowedDomains > displayOptions', 'added']);

const DOCUWARE_OAUTH2 = fewerExpressions(
	['properties > httpRequestUse', 'removed'],
	['properties > allowedHttpRequestDomains > **', 'changed'],
	['properties > allowedHttpRequestDomains > options', 'added'],
	['properties > scope > default', 'changed'],
	['properties > scope > displayOptions', 'added'],
	['properties > authUrl > displayOptions', 'added'],
	['properties > sendAdditionalBodyProperties', 'added'],
	['properties > additionalBodyProperties', 'added'],
);

/** What is hidden has its default, and what differs from it is shown and stored as before. */
const ADVANCED: AllowedDifference[] = (
	[
		['properties > advancedFields', 'added'],
		['properties > * > displayOptions', 'added'],
		['properties > * > displayOptions > **', 'added'],
	] as const
).map(([path, change]) => ({
	path,
	change,
	issue: 14,
	reason: 'Conditions of Show Advanced Fields; see test/unit/credentials/advancedFields.test.ts.',
}));

/** By credential type. */
const allowedDifferences: Record<string, AllowedDifference[]> = {
	exactOnlineOAuth2Api: [
		...EXACT_ONLINE,
		...oneReading('test > request > baseURL'),
		WEBHOOK_SECRET,
		NOTICE,
		IGNORE_SSL,
		...ADVANCED,
	],
	docuWareApi: [...oneReading(DOMAINS), IDENTITY_SERVICE, PASSPHRASE, ...WITH_DOMAINS, ...ADVANCED],
	docuWareTokenApi: [
		...oneReading(DOMAINS),
		IDENTITY_SERVICE,
		PASSPHRASE,
		...WITH_DOMAINS,
		...ADVANCED,
	],
	docuWareOAuth2Api: [
		...oneReading(DOMAINS, ...CONNECT, 'test > request > baseURL', 'test > request > url'),
		PASSPHRASE,
		...WITH_DOMAINS,
		...DOCUWARE_OAUTH2,
		...ADVANCED,
	],
};

/** What a credential stores, and which of n8n's doors it uses. */
function recordedCredential(type: ICredentialType): Json {
	const hooks = { authenticate: type.authenticate, preAuthentication: type.preAuthentication };
	return asJson({
		name: type.name,
		extends: type.extends,
		genericAuth: type.genericAuth,
		properties: type.properties.map(recordedField),
		hooks: Object.fromEntries(Object.entries(hooks).map(([name, hook]) => [name, typeof hook])),
		test: type.test,
	});
}

it.each(Object.keys(allowedDifferences))(
	'%s has the names, values and defaults that stored credentials hold',
	(name) => {
		expectAsRecorded(
			join(__dirname, `${name}.credential.json`),
			recordedCredential(publishedCredential(name)),
			{ allowedDifferences: allowedDifferences[name] },
		);
	},
);

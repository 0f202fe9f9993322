import type { ICredentialType, INodeParameters, INodeProperties } from 'n8n-workflow';
import { displayParameter, NodeHelpers } from 'n8n-workflow';
import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { DocuWareOAuth2Api } from '../../../credentials/DocuWareOAuth2Api.credentials';
import { DocuWareTokenApi } from '../../../credentials/DocuWareTokenApi.credentials';
import { ExactOnlineOAuth2Api } from '../../../credentials/ExactOnlineOAuth2Api.credentials';
import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';

const SWITCH = 'advancedFields';

/** Names of the fields of n8n's `oAuth2Api`, in their order, as far as these types have them too. */
const INHERITED = [
	...['grantType', 'authUrl', 'accessTokenUrl', 'clientId', 'clientSecret', 'scope'],
	...['authQueryParameters', 'authentication', 'sendAdditionalBodyProperties'],
	'additionalBodyProperties',
];

/** The fields as n8n puts them together, of which those of one name are one. */
function fieldsOf(type: ICredentialType): INodeProperties[] {
	const merged: INodeProperties[] = (type.extends ? INHERITED : []).map((name) => ({
		displayName: name,
		name,
		type: 'string',
		default: '',
	}));
	NodeHelpers.mergeNodeProperties(merged, type.properties);
	return merged;
}

/** What n8n hands out of a stored credential. */
function handedOut(type: ICredentialType, stored: INodeParameters): INodeParameters {
	return NodeHelpers.getNodeParameters(fieldsOf(type), stored, true, false, null, null) ?? {};
}

/** What the editor holds of a stored credential: each field, with its default where nothing is stored. */
function inEditor(type: ICredentialType, stored: INodeParameters): INodeParameters {
	const defaults = fieldsOf(type).map(({ name, default: value }) => [name, value]);
	return { ...(Object.fromEntries(defaults) as INodeParameters), ...stored };
}

/** What the editor shows, in its order. */
function shown(type: ICredentialType, stored: INodeParameters): string[] {
	const values = inEditor(type, stored);
	return fieldsOf(type)
		.filter((field) => field.type !== 'hidden' && displayParameter(values, field, null, null))
		.map(({ name }) => name);
}

/** What the editor stores when the credential is saved without a change. */
function savedAgain(type: ICredentialType, stored: INodeParameters): INodeParameters {
	const values = inEditor(type, stored);
	return NodeHelpers.getNodeParameters(fieldsOf(type), values, false, false, null, null) ?? {};
}

const ON = { [SWITCH]: 'all=shown' };

/** Each advanced field with a value that is not the default one. */
const ADVANCED: Array<[ICredentialType, INodeParameters]> = [
	[
		new ExactOnlineOAuth2Api(),
		{ duplicateRegistration: 'share', webhookSecret: 'w', ignoreSSLIssues: true },
	],
	[new DocuWareOAuth2Api(), { integrationPassphrase: 'p', ignoreSSLIssues: true, allowHttp: true }],
	...[new DocuWareApi(), new DocuWareTokenApi()].map((type): [ICredentialType, INodeParameters] => [
		type,
		{
			wayIn: 'identityService',
			sessionPolicy: 'logOffWhenIdle',
			licenceWaitSeconds: 0,
			integrationPassphrase: 'p',
			identityServiceUrl: 'https://dw.example.com/DocuWare/Identity',
			ignoreSslIssues: true,
			allowHttp: true,
		},
	]),
];

describe.each(ADVANCED.map(([type, values]) => [type.name, type, values] as const))(
	'%s',
	(_name, type, values) => {
		const names = Object.keys(values);

		it('shows what is needed at first, and all where the switch is on', () => {
			for (const name of names) {
				expect(shown(type, {})).not.toContain(name);
				expect(shown(type, ON)).toContain(name);
				expect(handedOut(type, ON)).toHaveProperty(name);
			}
			const before = shown(type, ON).slice(0, shown(type, ON).indexOf(SWITCH));
			expect(before.filter((name) => names.includes(name))).toEqual([]);
		});

		it('has the condition at all advanced fields, and no other', () => {
			const conditions = type.properties.filter((field) =>
				Object.keys(field.displayOptions?.show ?? {}).some((name) => name.includes(SWITCH)),
			);
			expect(conditions.map(({ name }) => name).sort()).toEqual([...names].sort());
			// A field that reads the switch as on is shown before a condition to hide is looked at.
			expect(conditions.filter(({ displayOptions }) => displayOptions?.hide)).toEqual([]);
		});

		it.each(names)('%s keeps its value and uses it, whatever the switch says', (name) => {
			const stored = { [name]: values[name] };
			for (const also of [{}, { [SWITCH]: 'set' }, ON, { [SWITCH]: 'unknown' }]) {
				const all = { ...stored, ...also } as INodeParameters;
				expect(shown(type, all)).toContain(name);
				expect(handedOut(type, all)).toMatchObject(stored);
				expect(savedAgain(type, all)).toMatchObject(stored);
			}
			const expression = { [name]: '={{ $secrets.vault.value }}' };
			expect(handedOut(type, expression)).toMatchObject(expression);
		});

		it('ends with where the HTTP Request node may use it', () => {
			const last = shown(type, ON);
			const use = last.indexOf('allowedHttpRequestDomains');
			expect(last.slice(use + 1).filter((name) => name !== 'allowedDomains')).toEqual([]);
		});
	},
);

it('Exact Online begins with the region, and the address of another one comes with it', () => {
	const type = new ExactOnlineOAuth2Api();
	expect(shown(type, {}).slice(0, 3)).toEqual(['accessTokenUrl', 'clientId', 'clientSecret']);
	expect(shown(type, {})).not.toContain('baseUrl');
});

it('Exact Online says at the first field, next to Connect, what a second log-in means', () => {
	const type = new ExactOnlineOAuth2Api();
	const [first] = shown(type, {});
	const { hint = '' } = type.properties.find(({ name }) => name === first) ?? {};
	expect(hint).toContain('one connection per app and user');
	expect(hint).toContain('n8n says "Account connected" also where');
	expect(hint).toContain('Show Advanced Fields');
	// Five lines of the form.
	expect(hint.length).toBeLessThanOrEqual(400);
	expect(type.properties.filter((field) => field.type === 'notice')).toEqual([]);
});

it.each(ADVANCED.map(([type]) => [type.name, type] as const))(
	'%s has examples as placeholders',
	(_name, type) => {
		const wrong = type.properties.filter(
			({ placeholder }) => placeholder !== undefined && !/^e\.g\. \S/.test(placeholder),
		);
		expect(wrong.map(({ displayName }) => displayName)).toEqual([]);
	},
);

it('a field that is hidden has its default for the node', () => {
	const needed = { platformUrl: 'acme', userName: 'peggy', password: 'p' };
	const type = new DocuWareApi();
	const few = handedOut(type, needed);
	expect(few).not.toHaveProperty('licenceWaitSeconds');
	expect(readPasswordAccount(few)).toEqual(
		readPasswordAccount(handedOut(type, { ...needed, ...ON })),
	);
});

it('a field that another choice makes useless stays away, although it has a value', () => {
	const stored = { wayIn: 'cookie', identityServiceUrl: 'https://x.example/DocuWare/Identity' };
	for (const also of [{}, ON]) {
		expect(handedOut(new DocuWareApi(), { ...stored, ...also })).not.toHaveProperty(
			'identityServiceUrl',
		);
	}
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeHelpers, type IHookFunctions, type INodeParameters } from 'n8n-workflow';
import { DocuWareWebhookSecretApi } from '../../../../credentials/DocuWareWebhookSecretApi.credentials';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { DocuWareWebhookTrigger } from '../../../../nodes/DocuWare/DocuWareWebhookTrigger.node';
import { nodeContext, nodeOf } from '../../../support/n8nContext';

const { description, methods, webhookMethods } = new DocuWareWebhookTrigger();

const SECRET = 'secret-of-the-validation';

async function tested(data: Record<string, string>) {
	const credential = { id: '1', name: 'Secrets', type: 'docuWareWebhookSecretApi', data };
	return await methods.credentialTest.testWebhookSecret.call({} as never, credential);
}

it.each([
	[{ passphrase: 'p' }, 'Complete for webhooks.'],
	[{ validationSecret: SECRET }, 'Complete for validations.'],
	[{ passphrase: 'p', validationSecret: SECRET }, 'Complete for webhooks and validations.'],
])('the test of the credential takes %j', async (data, message) => {
	expect(await tested(data)).toEqual({ status: 'OK', message: expect.stringContaining(message) });
});

it.each([
	[{}, 'no Passphrase'],
	[{ previousPassphrase: '' }, 'no Passphrase'],
	[{ passphrase: 'p', validationSecret: 'short-canary' }, 'shorter than 16'],
	[{ validationSecret: `${SECRET}/` }, 'others than letters'],
])('the test of the credential refuses %j', async (data, message) => {
	const { status, message: said } = await tested(data as Record<string, string>);
	expect(status).toBe('Error');
	expect(said).toContain(message);
	expect(said).toContain('[DOCUWARE_WEBHOOK_SECRET_MISSING]');
	expect(said).not.toContain('canary');
});

async function published(parameters: Record<string, string>, data: Record<string, string>) {
	const credentials = { docuWareWebhookSecretApi: { id: '1', data } };
	const base = nodeContext({ description, parameters, credentials });
	const getNodeParameter = (name: string) => base.getNode().parameters[name];
	const context = { ...base, getNodeParameter } as unknown as IHookFunctions;
	return await webhookMethods.default.checkExists.call(context);
}

const BY_SECRET = { event: 'validation' };
const BY_SIGNATURE = { event: 'validation', validationProof: 'signature' };

it('a workflow is published with what its event needs, and nothing is made at DocuWare', async () => {
	expect(await published({}, { passphrase: 'p' })).toBe(true);
	expect(await published(BY_SECRET, { validationSecret: SECRET })).toBe(true);
	expect(await published(BY_SIGNATURE, { passphrase: 'p' })).toBe(true);
});

it.each([
	[{}, { validationSecret: SECRET }],
	[BY_SECRET, { passphrase: 'p' }],
	[BY_SIGNATURE, { validationSecret: SECRET }],
])('of %j none is published with %j', async (parameters, data) => {
	await expect(published(parameters, data as never)).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_WEBHOOK_SECRET_MISSING]'),
	});
});

it('secrets are fields of the credential, hidden as they are typed, and none of the node', () => {
	const { properties } = new DocuWareWebhookSecretApi();
	expect(properties.map(({ typeOptions }) => typeOptions?.password)).toEqual([true, true, true]);
	expect(description.properties.filter(({ typeOptions }) => typeOptions?.password)).toEqual([]);
	const guide = readFileSync(join(__dirname, '../../../../docs/docuware-credentials.md'), 'utf8');
	for (const { displayName } of properties) expect(guide).toContain(`| ${displayName} `);
});

it('a credential for DocuWare itself is needed only where the document is fetched', () => {
	const needed = (parameters: INodeParameters) => {
		const node = nodeOf({ description, parameters });
		return (description.credentials ?? [])
			.filter((one) => NodeHelpers.displayParameter(node.parameters, one, node, null))
			.map(({ name }) => name);
	};
	expect(needed({})).toEqual(['docuWareWebhookSecretApi']);
	expect(needed({ event: 'validation', fetchDocument: true })).toEqual([
		'docuWareWebhookSecretApi',
	]);
	const both = ['docuWareWebhookSecretApi', 'docuWareApi'];
	expect(needed({ fetchDocument: true })).toEqual(both);
	expect(needed({ fetchDocument: true, authentication: 'oAuth2' })).toEqual([
		...['docuWareWebhookSecretApi', 'docuWareOAuth2Api'],
	]);
});

it('answers to validations need no credential, and everything else does', () => {
	const { description: node } = new DocuWare();
	const needed = (parameters: INodeParameters) =>
		(node.credentials ?? []).filter((one) =>
			NodeHelpers.displayParameter(
				nodeOf({ description: node, parameters }).parameters,
				one,
				null,
				null,
			),
		);
	expect(needed({ resource: 'validation' })).toEqual([]);
	expect(needed({ resource: 'document' })).toHaveLength(1);
});

it('the node receives and does not poll', () => {
	const trigger = new DocuWareWebhookTrigger();
	expect('poll' in trigger).toBe(false);
	expect(description.polling).toBeUndefined();
});

import type { IDataObject } from 'n8n-workflow';
import { FakeSession } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';

const CABINET = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const BASE = 'https://acme.docuware.cloud/DocuWare/Platform';

async function link(parameters: IDataObject, integrationPassphrase?: string, nodeType?: string) {
	const session = new FakeSession();
	const { rows } = await runOperation(session, {
		...(nodeType === undefined ? {} : { nodeType }),
		credentials: { docuWareApi: { id: 'c-1', data: { integrationPassphrase } as never } },
		parameters: {
			resource: 'viewerLink',
			operation: 'create',
			fileCabinetId: { __rl: true, mode: 'id', value: CABINET },
			documentId: 18,
			...parameters,
		},
	});
	return { json: rows[0]?.json ?? {}, session };
}

it('a link shows a document, without asking DocuWare', async () => {
	const { json, session } = await link({});
	expect(json).toEqual({
		url: `${BASE}/WebClient/Integration?p=V&fc=${CABINET}&did=18`,
		encryption: 'none',
		logsIn: false,
		validUntil: null,
		fileCabinetId: CABINET,
		documentId: 18,
	});
	expect(session.requests).toEqual([]);
});

it('a link is encrypted where the credential has the passphrase, and shows nothing of it', async () => {
	const { json } = await link({}, 'a passphrase');
	expect(String(json.url)).toMatch(/\/Integration\?ep=[\w-]+$/);
	expect(json.encryption).toBe('cbc');
	expect(JSON.stringify(json)).not.toContain('a passphrase');
	expect((await link({ encryption: 'gcm' }, 'a passphrase')).json.encryption).toBe('gcm');
	expect((await link({ encryption: 'none' }, 'a passphrase')).json.encryption).toBe('none');
});

it('a link to a result list holds its query and no document', async () => {
	const { json } = await link({
		view: 'RLV',
		linkQuery: '[COMPANY]="Peters"',
		options: { resultListId: 'rl-1', organization: 'org-1' },
	});
	expect(String(json.url)).toMatch(
		/\/WebClient\/org-1\/Integration\?p=RLV&fc=[^&]+&rl=rl-1&q=[^&]+$/,
	);
	expect(json).not.toHaveProperty('documentId');
});

it('a link that logs in holds a login token, and ends', async () => {
	const { json, session } = await link(
		{ logIn: true, options: { validMinutes: 90 } },
		'a passphrase',
	);
	expect(session.calls).toEqual([
		['createLoginToken', { targetProducts: ['WebClient'], usage: 'Multi', lifetime: '0.01:30:00' }],
		['noteSecretShown', undefined],
	]);
	expect(json.logsIn).toBe(true);
	expect(json.validUntil).toMatch(/^20\d\d-.*Z$/);
	expect(JSON.stringify(json)).not.toContain('raw-login-token');
});

it.each([
	['encrypted without a passphrase', { encryption: 'cbc' }, 'has no Integration Passphrase'],
	['open, and logs in', { logIn: true }, 'has to be encrypted'],
	['for no time', { options: { validMinutes: 0 } }, 'Valid For of item 0'],
	['with a parameter put in', { options: { resultListId: 'r&fc=other' } }, 'is no Result List ID'],
	['of no organization', { options: { organization: 'a/b' } }, 'is no Organization GUID'],
	['to no document', { documentId: 'x' }, '"x" is no ID'],
])('no link is made that is %s', async (_case, parameters, message) => {
	await expect(link(parameters)).rejects.toMatchObject({
		code: 'DOCUWARE_INVALID_PARAMETER',
		message: expect.stringContaining(message),
	});
});

it('an AI agent makes no link that logs in', async () => {
	const type = 'n8n-nodes-exactonline-docuware.docuWareTool';
	await expect(link({ logIn: true }, 'a passphrase', type)).rejects.toMatchObject({
		code: 'DOCUWARE_NOT_FOR_AI',
	});
	expect((await link({}, undefined, type)).json.encryption).toBe('none');
});

it('a link whose end a model leaves empty is refused, since it would never end', async () => {
	const options = { validMinutes: "={{ $fromAI('minutes') }}" };
	const tool = 'n8n-nodes-exactonline-docuware.docuWareTool';
	await expect(link({ options }, undefined, tool)).rejects.toMatchObject({
		message: expect.stringContaining('Options > Valid For (Minutes)'),
		code: 'DOCUWARE_EMPTY_VALUE',
	});
});

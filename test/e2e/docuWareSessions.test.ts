import { join } from 'node:path';
import {
	activateWorkflow,
	connectOAuth2,
	createCredential,
	deactivateWorkflow,
	findSecrets,
	findSecretsIn,
	importWorkflow,
	loadOptions,
	outputOf,
	packageName,
	projectRoot,
	readWorkflowFile,
	runWorkflow,
	testCredential,
	waitForExecutions,
	type CredentialReference,
	type WorkflowFile,
} from '../support/n8n';
import {
	DOCUWARE_CREDENTIAL,
	DocuWareHost,
	docuWareNode,
	endings,
	httpRequestNode,
	UNDER_TEST,
} from './support/docuWareHost';

const MANUAL = "When clicking 'Execute workflow'";

let docuWare: DocuWareHost;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 13, whole: true });
});

afterAll(async () => {
	await docuWare?.dispose();
});

beforeEach(() => {
	docuWare.simulator.state.resetCounters();
	docuWare.simulator.configure({ version: '7.10', concurrentLicences: 100 });
});

async function example(name: string, credential: CredentialReference): Promise<WorkflowFile> {
	const path = join(projectRoot, 'examples', name);
	return await readWorkflowFile(path, { [DOCUWARE_CREDENTIAL]: credential });
}

describe('the example workflows', () => {
	it('session round trip: log on, work, login token, log off, token log-on, work, on one licence', async () => {
		docuWare.simulator.configure({ concurrentLicences: 1 });
		const user = docuWare.newUser();
		const credential = await docuWare.credential(user);
		const file = await example('docuware-session-round-trip.json', credential);
		const { id } = await importWorkflow(docuWare.client, file);
		const execution = await runWorkflow(docuWare.client, id, MANUAL);
		const { logOns, licences, loginTokens, unauthorized } = structuredClone(
			docuWare.simulator.counters,
		);
		const again = await runWorkflow(docuWare.client, id, MANUAL);
		expect(endings([execution, again])).toEqual({ success: 2 });

		expect(outputOf(execution, 'File Cabinets').map(({ json }) => json.Name)).toContain('Invoices');
		expect(outputOf(execution, 'Log Off')[0]?.json).toMatchObject({
			loggedOff: true,
			state: 'none',
		});
		expect(outputOf(execution, 'Token Log On')[0]?.json).toMatchObject({
			state: 'open',
			openedBy: 'loginToken',
		});
		expect(outputOf(execution, 'Organizations')[0]?.json.Name).toBe('Peters Engineering');
		expect(logOns).toEqual({ password: 1, token: 1 });
		expect(loginTokens).toMatchObject({ made: 1, used: 1, refused: 0, inUrl: 0 });
		expect(unauthorized.licence).toBe(0);
		expect(licences.maxInUse).toBe(1);
		expect(docuWare.simulator.counters.logOns).toEqual({ password: 1, token: 2 });
		expect(docuWare.simulator.counters.licences.maxInUse).toBe(1);
		const tokens = docuWare.simulator.state.loginTokens.all().map(({ value }) => value);
		const cookies = docuWare.simulator.state.sessions.all().map((session) => session.id);
		const secrets = [user.password, ...tokens, ...cookies];
		expect(secrets).toHaveLength(4);
		expect(await findSecrets(docuWare.host.userFolder, secrets)).toEqual([]);
		expect(findSecretsIn(docuWare.host.output, secrets, 'output of n8n')).toEqual([]);
	});

	it('scheduled run with kept session: one log-on for all runs, also after a restart of n8n', async () => {
		const credential = await docuWare.credential(docuWare.newUser());
		const file = await example('docuware-kept-session.json', credential);
		const often = file.nodes.map((node) =>
			node.type === 'n8n-nodes-base.scheduleTrigger'
				? {
						...node,
						parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } },
					}
				: node,
		);
		const workflow = await importWorkflow(docuWare.client, { ...file, nodes: often });
		await activateWorkflow(docuWare.client, workflow);
		const scheduled = await waitForExecutions(docuWare.client, workflow.id, 2);
		await deactivateWorkflow(docuWare.client, workflow.id);
		expect(Object.keys(endings(scheduled))).toEqual(['success']);

		await docuWare.host.restart();
		const execution = await runWorkflow(docuWare.client, workflow.id, MANUAL);
		expect(outputOf(execution, 'File Cabinets')).toHaveLength(2);
		expect(outputOf(execution, 'Session Status')[0]?.json).toMatchObject({
			state: 'open',
			generation: 1,
			licenceNote: expect.stringContaining('one licence'),
		});
		expect(docuWare.simulator.counters.logOns).toEqual({ password: 1, token: 0 });
		expect(docuWare.simulator.counters.logOffs).toBe(0);
	});
});

describe('the HTTP Request node with the DocuWare credential', () => {
	it('30 parallel executions make one log-on, and one more after the session was revoked', async () => {
		const user = docuWare.newUser();
		const credential = await docuWare.credential(user);
		const node = httpRequestNode(credential, docuWare.url('Organizations'));
		const cold = await docuWare.runTogether(await docuWare.webhookWorkflow(node), 30);
		expect(endings(cold)).toEqual({ success: 30 });
		expect(docuWare.simulator.counters.logOns).toEqual({ password: 1, token: 0 });

		docuWare.simulator.revokeSessions(user.name);
		const revoked = await docuWare.runTogether(await docuWare.webhookWorkflow(node), 30);
		expect(endings(revoked)).toEqual({ success: 30 });
		expect(docuWare.simulator.counters.logOns).toEqual({ password: 2, token: 0 });
	});

	it('a POST answered 500 is sent once, and a 404 causes no log-on', async () => {
		const credential = await docuWare.credential(docuWare.newUser());
		const get = (path: string) => httpRequestNode(credential, docuWare.url(path));
		expect((await docuWare.runOnce(get('Organizations'))).status).toBe('success');
		docuWare.simulator.faults.push({
			kind: 'status',
			status: 500,
			body: '{"Message":"Out of order."}',
			where: { method: 'POST', tags: { route: 'FileCabinets/{fileCabinetId}/Documents' } },
			times: Infinity,
		});
		const [cabinet] = docuWare.simulator.world.fileCabinets;
		const path = `FileCabinets/${cabinet?.id ?? ''}/Documents`;
		const post = httpRequestNode(credential, docuWare.url(path), {
			method: 'POST',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '{"Fields":[]}',
		});
		expect((await docuWare.runOnce(post)).status).toBe('error');
		expect((await docuWare.runOnce(get('Nothing'))).status).toBe('error');
		docuWare.simulator.faults.clear();
		const { requests, logOns, statuses } = docuWare.simulator.counters;
		expect(requests['POST FileCabinets/{fileCabinetId}/Documents']).toBe(1);
		expect(statuses['404']).toBe(1);
		expect(logOns).toEqual({ password: 1, token: 0 });
	});

	it('sends no cookie to another host', async () => {
		const credential = await docuWare.credential(docuWare.newUser(), {
			allowedHttpRequestDomains: 'all',
		});
		const foreign = `${docuWare.simulator.identityUrl}/.well-known/openid-configuration`;
		const execution = await docuWare.runOnce(httpRequestNode(credential, foreign));
		expect(execution.status).toBe('success');
		expect(docuWare.simulator.counters.cookiesSentToIdentityHost).toBe(0);
	});
});

describe('the DocuWare node in n8n', () => {
	it('offers Custom API Call as a resource once, and its tests to the credentials', async () => {
		const nodes = (await docuWare.client.request('GET', '/types/nodes.json')) as Array<{
			name: string;
			properties: Array<{ name: string; options?: Array<{ name: string; value: string }> }>;
		}>;
		const node = nodes.find(({ name }) => name === `${packageName}.docuWare`);
		const resource = node?.properties.find(({ name }) => name === 'resource');
		expect(resource?.options?.map(({ value }) => value)).toEqual([
			...['document', 'documentTray', 'fileCabinet', 'group', 'organization', 'role', 'session'],
			...['stamp', 'trashBin', 'user', 'validation', 'viewerLink', 'workflow', 'customApiCall'],
		]);
		const user = docuWare.newUser();
		const good = await docuWare.credential(user);
		expect(await testCredential(docuWare.client, good.id, DOCUWARE_CREDENTIAL)).toMatchObject({
			status: 'OK',
			message: expect.stringContaining(user.name),
		});
		const wrong = await docuWare.credential({ ...user, password: 'wrong' });
		expect(await testCredential(docuWare.client, wrong.id, DOCUWARE_CREDENTIAL)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('[DOCUWARE_WRONG_PASSWORD]'),
		});
	});

	it('lists the organizations in its drop-down', async () => {
		const credential = await docuWare.credential(docuWare.newUser());
		const options = await loadOptions(docuWare.client, {
			nodeType: `${packageName}.docuWare`,
			methodName: 'getOrganizations',
			path: 'parameters.options.organizationId',
			parameters: { authentication: 'userPassword', resource: 'fileCabinet', operation: 'getAll' },
			credentials: { [DOCUWARE_CREDENTIAL]: credential },
		});
		expect(options).toEqual([{ name: 'Peters Engineering', value: '1' }]);
	});

	it('works with a login token, and with an app registration on 7.12', async () => {
		const owner = await docuWare.credential(docuWare.newUser());
		const made = await docuWare.runOnce(
			docuWareNode(
				{ [DOCUWARE_CREDENTIAL]: owner },
				{ resource: 'session', operation: 'createLoginToken', includeSecret: true },
			),
		);
		const token = await createCredential(docuWare.client, 'docuWareTokenApi', 'DocuWare token', {
			platformUrl: docuWare.simulator.url,
			loginToken: outputOf(made, UNDER_TEST)[0]?.json.loginToken,
		});
		const list = { resource: 'fileCabinet', operation: 'getAll' };
		const byToken = await docuWare.runOnce(
			docuWareNode({ docuWareTokenApi: token }, { authentication: 'loginToken', ...list }),
		);
		expect(outputOf(byToken, UNDER_TEST)).toHaveLength(2);

		const user = docuWare.newUser();
		docuWare.simulator.configure({ version: '7.12', autoConsent: user.name });
		docuWare.simulator.registerApp({
			clientId: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7eff',
			name: 'n8n under test',
			type: 'web',
			clientSecrets: ['secret-of-the-app'],
			redirectUris: [`${docuWare.host.url}/rest/oauth2-credential/callback`],
			refreshTokens: true,
		});
		const app = await createCredential(docuWare.client, 'docuWareOAuth2Api', 'DocuWare app', {
			platformUrl: docuWare.simulator.url,
			identityServiceUrl: docuWare.simulator.identityUrl,
			clientId: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7eff',
			clientSecret: 'secret-of-the-app',
		});
		await connectOAuth2(docuWare.client, app.id);
		const byApp = await docuWare.runOnce(
			docuWareNode({ docuWareOAuth2Api: app }, { authentication: 'oAuth2', ...list }),
		);
		expect(outputOf(byApp, UNDER_TEST)).toHaveLength(2);
		const url = docuWare.url('Organizations');
		expect(await testCredential(docuWare.client, app.id, 'docuWareOAuth2Api')).toMatchObject({
			status: 'OK',
		});
		const byHttp = await docuWare.runOnce(httpRequestNode(app, url, {}, 'docuWareOAuth2Api'));
		expect(byHttp.status).toBe('success');
		expect(docuWare.simulator.counters.grants).toMatchObject({
			authorization_code: 1,
			password: 0,
		});
	});
});

it('Forget ends a session for good; the next run logs on anew', async () => {
	const credential = await docuWare.credential(docuWare.newUser());
	const node = (operation: string, parameters = {}) =>
		docuWareNode(
			{ [DOCUWARE_CREDENTIAL]: credential },
			{ resource: 'session', operation, ...parameters },
		);
	await docuWare.runOnce(node('createLoginToken'));
	// Another run may still count as using it.
	const forgotten = await docuWare.runOnce(node('forget', { confirmed: true, force: true }));
	expect(outputOf(forgotten, UNDER_TEST)[0]?.json).toMatchObject({
		forgotten: true,
		loggedOff: true,
		tokensRevoked: null,
	});
	const before = await docuWare.runOnce(node('getStatus'));
	expect(outputOf(before, UNDER_TEST)[0]?.json).toMatchObject({
		state: 'none',
		loginTokenExpiresAt: null,
		attempts: [{ kind: 'forget' }, { kind: 'logOff' }, { kind: 'loginToken' }, { kind: 'logon' }],
	});
	expect(endings([await docuWare.runOnce(node('logOn'))])).toEqual({ success: 1 });
	const { logOns, logOffs } = docuWare.simulator.counters;
	expect({ logOns, logOffs }).toEqual({ logOns: { password: 2, token: 0 }, logOffs: 1 });
});

import { AccessTokenStore } from '../simulators/DocuWare/identity/accessTokenStore';
import { AuthorizationCodeStore } from '../simulators/DocuWare/identity/authorizationCodeStore';
import { RefreshTokenStore } from '../simulators/DocuWare/identity/refreshTokenStore';
import { LoginTokenStore } from '../simulators/DocuWare/sessions/loginTokenStore';
import { SessionRegistry } from '../simulators/DocuWare/sessions/sessionRegistry';
import {
	connectOAuth2,
	createCredential,
	findSecrets,
	findSecretsIn,
	outputOf,
	testCredential,
	type CredentialReference,
	type Execution,
	type WorkflowNode,
} from '../support/n8n';
import {
	DOCUWARE_CREDENTIAL,
	DocuWareHost,
	docuWareNode,
	endings,
	httpRequestNode,
	UNDER_TEST,
} from './support/docuWareHost';

const CLIENT_SECRET = 'canary-secret-of-the-app';
const WRONG_PASSWORD = 'canary-wrong-password';
const WEB_APP = '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7ef1';
const SERVICE_APP = '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7ef2';
const LIST = { resource: 'fileCabinet', operation: 'getAll' };

let docuWare: DocuWareHost;

/** Everything that the simulator has handed out and that proves somebody. */
const issued = new Set<string>([CLIENT_SECRET, WRONG_PASSWORD]);

/** Everything that executions and credential tests have shown. */
const shown: string[] = [];

beforeAll(async () => {
	noteWhatIsIssued();
	docuWare = await DocuWareHost.start({ users: 3, env: { N8N_LOG_LEVEL: 'debug' } });
	for (const { password } of docuWare.simulator.world.users) issued.add(password);
});

afterAll(async () => {
	await docuWare?.dispose();
});

/** Listens where the simulator makes its secrets; it keeps them to itself otherwise. */
function noteWhatIsIssued(): void {
	listen(SessionRegistry.prototype, 'open', ({ id, browserId }) => [id, browserId]);
	listen(LoginTokenStore.prototype, 'make', ({ value }) => [value]);
	listen(AccessTokenStore.prototype, 'issue', ({ value }) => [value]);
	listen(AuthorizationCodeStore.prototype, 'issue', (code) => [code]);
	listen(RefreshTokenStore.prototype, 'start', ({ newest }) => [newest]);
}

function listen<Store, Name extends keyof Store>(
	store: Store,
	name: Name,
	secretsOf: (made: Made<Store[Name]>) => string[],
): void {
	const original = store[name] as (...given: unknown[]) => Made<Store[Name]>;
	const listening = function (this: unknown, ...given: unknown[]) {
		const made = original.apply(this, given);
		for (const secret of secretsOf(made)) issued.add(secret);
		return made;
	};
	store[name] = listening as Store[Name];
}

type Made<Method> = Method extends (...given: never[]) => infer Result ? Result : never;

async function run(node: WorkflowNode): Promise<Execution> {
	const execution = await docuWare.runOnce(node);
	shown.push(JSON.stringify(execution));
	return execution;
}

/** Uses a credential in both nodes, well and badly, and gives the endings of the good uses. */
async function useEverywhere(
	type: 'docuWareApi' | 'docuWareTokenApi' | 'docuWareOAuth2Api',
	credential: CredentialReference,
): Promise<Record<string, number>> {
	const authentication = { docuWareApi: 'userPassword', docuWareTokenApi: 'loginToken' };
	const way = type === 'docuWareOAuth2Api' ? 'oAuth2' : authentication[type];
	const node = (parameters: Record<string, unknown>) =>
		docuWareNode({ [type]: credential }, { authentication: way, ...parameters });
	const http = (path: string, parameters = {}) =>
		httpRequestNode(credential, docuWare.url(path), parameters, type);
	const good = [
		await run(node(LIST)),
		await run(node({ resource: 'session', operation: 'getStatus' })),
		await run(node({ resource: 'session', operation: 'createLoginToken' })),
		await run(
			http('Organizations', { options: { response: { response: { fullResponse: true } } } }),
		),
	];
	const call = { resource: 'customApiCall', operation: 'call', path: 'Nothing' };
	const post = { method: 'POST', sendBody: true, specifyBody: 'json', jsonBody: '{"a":' };
	const bad = [await run(node(call)), await run(http('Nothing')), await run(http('Nothing', post))];
	expect(bad.map(({ status }) => status)).toEqual(['error', 'error', 'error']);
	return endings(good);
}

it('no secret stands in the database, the files or the output of n8n, nor in what runs show', async () => {
	const { simulator } = docuWare;
	const [user, other] = [docuWare.newUser(), docuWare.newUser()];
	const password = await docuWare.credential(user);
	expect(await useEverywhere('docuWareApi', password)).toEqual({ success: 4 });
	const wrong = await docuWare.credential({ ...user, password: WRONG_PASSWORD });
	shown.push(JSON.stringify(await testCredential(docuWare.client, wrong.id, DOCUWARE_CREDENTIAL)));
	expect((await run(httpRequestNode(wrong, docuWare.url('Organizations')))).status).toBe('error');
	const off = { resource: 'session', operation: 'logOff', ifOthersUse: 'logOff' };
	const loggedOff = await run(docuWareNode({ [DOCUWARE_CREDENTIAL]: password }, off));
	expect(outputOf(loggedOff, UNDER_TEST)[0]?.json).toMatchObject({ loginTokenCreated: true });

	const { value: loginToken } = simulator.state.loginTokens.make({
		user: other,
		usage: 'Multi',
		targetProducts: ['PlatformService'],
		expiresAt: simulator.state.now() + 3_600_000,
	});
	const token = await createCredential(docuWare.client, 'docuWareTokenApi', 'Token', {
		platformUrl: simulator.url,
		loginToken,
	});
	expect(await useEverywhere('docuWareTokenApi', token)).toEqual({ success: 4 });

	simulator.configure({ version: '7.12', autoConsent: other.name });
	const app = { name: 'n8n under test', clientSecrets: [CLIENT_SECRET] };
	simulator.registerApp({
		...app,
		clientId: WEB_APP,
		type: 'web',
		redirectUris: [`${docuWare.host.url}/rest/oauth2-credential/callback`],
		refreshTokens: true,
	});
	simulator.registerApp({
		...app,
		clientId: SERVICE_APP,
		type: 'service',
		redirectUris: [],
		refreshTokens: false,
		actsAs: other.name,
	});
	const oauth2 = async (clientId: string, fields: Record<string, unknown> = {}) =>
		await createCredential(docuWare.client, 'docuWareOAuth2Api', clientId, {
			platformUrl: simulator.url,
			identityServiceUrl: simulator.identityUrl,
			clientId,
			clientSecret: CLIENT_SECRET,
			...fields,
		});
	const connected = await oauth2(WEB_APP);
	await connectOAuth2(docuWare.client, connected.id);
	expect(await useEverywhere('docuWareOAuth2Api', connected)).toEqual({ success: 4 });
	const service = await oauth2(SERVICE_APP, { grantType: 'clientCredentials' });
	expect(await useEverywhere('docuWareOAuth2Api', service)).toEqual({ success: 4 });
	expect(await useEverywhere('docuWareApi', password)).toEqual({ success: 4 });

	const secrets = [...issued];
	expect(secrets.length).toBeGreaterThan(15);
	expect(await findSecrets(docuWare.host.userFolder, secrets)).toEqual([]);
	expect(findSecretsIn(docuWare.host.output, secrets, 'output of n8n')).toEqual([]);
	expect(findSecretsIn(shown.join('\n'), secrets, 'what runs show')).toEqual([]);
});

it('no host but that of the server gets the access token of an app registration', async () => {
	const credential = await createCredential(docuWare.client, 'docuWareOAuth2Api', 'Elsewhere', {
		platformUrl: 'localhost:1',
		identityServiceUrl: docuWare.simulator.identityUrl,
		clientId: SERVICE_APP,
		clientSecret: CLIENT_SECRET,
		grantType: 'clientCredentials',
	});
	docuWare.simulator.state.resetCounters();
	const url = docuWare.url('Organizations');
	const execution = await run(httpRequestNode(credential, url, {}, 'docuWareOAuth2Api'));
	expect(execution.status).toBe('error');
	expect(execution.error?.message).toMatch(/domain/i);
	// What went out is the app's own request for a token.
	expect(Object.keys(docuWare.simulator.counters.requests)).toEqual([
		'POST identity:connect/token',
	]);
});

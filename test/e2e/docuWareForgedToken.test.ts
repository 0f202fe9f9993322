import type { SimulatedUser } from '../simulators/DocuWare';
import {
	addMember,
	chainOf,
	connectOAuth2,
	createCredential,
	importWorkflow,
	manualTrigger,
	runWorkflow,
	type CredentialReference,
	type Execution,
	type N8nClient,
	type WorkflowNode,
} from '../support/n8n';
import { DocuWareHost, docuWareNode, httpRequestNode } from './support/docuWareHost';
import { startStrangerHost, type StrangerHost } from './support/strangerHost';

const TYPE = 'docuWareOAuth2Api';
const CLIENT_ID = '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7ef3';
const CLIENT_SECRET = 'secret-of-the-app';

let docuWare: DocuWareHost;
let stranger: StrangerHost;
let member: N8nClient;
let victim: SimulatedUser;
let connected: CredentialReference;

/** Access tokens that the simulator has handed out. */
const issued: string[] = [];

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 1 });
	stranger = await startStrangerHost();
	member = await addMember(docuWare.client, 'member@example.com');
	victim = docuWare.newUser();
	const { simulator } = docuWare;
	simulator.configure({ version: '7.12', autoConsent: victim.name });
	simulator.registerApp({
		name: 'n8n under test',
		clientId: CLIENT_ID,
		clientSecrets: [CLIENT_SECRET],
		type: 'web',
		redirectUris: [`${docuWare.host.url}/rest/oauth2-credential/callback`],
		refreshTokens: true,
	});
	const { accessTokens } = simulator.state;
	const issue = accessTokens.issue.bind(accessTokens);
	accessTokens.issue = (...given) => {
		const token = issue(...given);
		issued.push(token.value);
		return token;
	};
	connected = await createCredential(docuWare.client, TYPE, 'Of the owner', fields({}));
	await connectOAuth2(docuWare.client, connected.id);
});

afterAll(async () => {
	await stranger?.close();
	await docuWare?.dispose();
});

function fields(changes: Record<string, unknown>): Record<string, unknown> {
	const { simulator } = docuWare;
	return {
		platformUrl: simulator.url,
		identityServiceUrl: simulator.identityUrl,
		clientId: CLIENT_ID,
		clientSecret: CLIENT_SECRET,
		...changes,
	};
}

function encode(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What n8n lets any member write into the field that the Connect button fills. */
function forgedTokenData(): Record<string, unknown> {
	const now = Math.floor(Date.now() / 1000);
	const payload = {
		iss: docuWare.simulator.identityUrl,
		sub: victim.id,
		username: victim.name,
		client_id: CLIENT_ID,
		nbf: now - 10,
		exp: now + 7200,
	};
	const head = encode({ alg: 'RS256', kid: 'simulator', typ: 'at+jwt' });
	return {
		access_token: `${head}.${encode(payload)}.${'A'.repeat(342)}`,
		refresh_token: 'F'.repeat(64),
		token_type: 'Bearer',
		expires_in: 7200,
		n8n_expires_at: String(Date.now() + 7_200_000),
	};
}

let workflows = 0;

async function runAs(client: N8nClient, node: WorkflowNode): Promise<Execution> {
	const file = chainOf(`Forged ${++workflows}`, [manualTrigger(), node]);
	return await runWorkflow(client, (await importWorkflow(client, file)).id);
}

/** Everything that somebody can do with the credential, in both nodes. */
function uses(credential: CredentialReference, target: string): WorkflowNode[] {
	const own = (parameters: Record<string, unknown>) =>
		docuWareNode({ [TYPE]: credential }, { authentication: 'oAuth2', ...parameters });
	return [
		own({ resource: 'fileCabinet', operation: 'getAll' }),
		own({ resource: 'session', operation: 'getStatus' }),
		own({ resource: 'session', operation: 'logOn', includeSecret: true }),
		own({ resource: 'session', operation: 'logOn', force: true, includeSecret: true }),
		own({ resource: 'session', operation: 'createLoginToken' }),
		httpRequestNode(credential, `${target}/DocuWare/Platform/Organizations`, {}, TYPE),
	];
}

async function ownersRun(): Promise<string> {
	const node = docuWareNode(
		{ [TYPE]: connected },
		{ authentication: 'oAuth2', resource: 'fileCabinet', operation: 'getAll' },
	);
	return (await runAs(docuWare.client, node)).status;
}

// Red under a planted mutation: `whoAmI` takes `sub` from `unverifiedClaims`.
it('a member who forges a token in a credential gets nothing of the owner', async () => {
	expect(await ownersRun()).toBe('success');
	const { rotated } = docuWare.simulator.counters.refreshTokens;
	for (const target of [stranger.url, docuWare.simulator.url]) {
		const forged = await createCredential(
			member,
			TYPE,
			'Forged',
			fields({
				clientSecret: 'not known to the member',
				oauthTokenData: forgedTokenData(),
				platformUrl: target,
			}),
		);
		for (const node of uses(forged, target)) {
			const execution = await runAs(member, node);
			expect(execution.status).toBe('error');
			const text = JSON.stringify(execution);
			expect(issued.filter((token) => text.includes(token))).toEqual([]);
		}
	}
	const received = stranger.received.join('\n');
	expect(issued.length).toBeGreaterThan(0);
	expect(issued.filter((token) => received.includes(token))).toEqual([]);
	expect(await ownersRun()).toBe('success');
	expect(docuWare.simulator.counters.refreshTokens).toMatchObject({
		rotated,
		replayed: 0,
		familiesRevoked: 0,
	});
});

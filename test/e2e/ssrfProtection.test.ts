import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
	addMember,
	chainOf,
	createCredential,
	importWorkflow,
	manualTrigger,
	N8nHost,
	outputOf,
	runWorkflow,
	testCredential,
	type CredentialReference,
	type Execution,
	type N8nClient,
	type OutputItem,
	type WorkflowNode,
} from '../support/n8n';
import { enteredStandIn } from '../support/exactStandIn';
import {
	DOCUWARE_CREDENTIAL,
	docuWareNode,
	httpRequestNode,
	UNDER_TEST,
} from './support/docuWareHost';
import { EXACT_CREDENTIAL } from './support/exactHost';
import { meNode } from './support/exactWorkflows';

const BLOCKED = [
	'127.0.0.1',
	'localhost',
	'127.1',
	'2130706433',
	'0x7f000001',
	'0177.0.0.1',
	'10.0.0.1',
	'172.16.5.4',
	'192.168.1.1',
	'169.254.169.254',
	'0.0.0.0',
	'198.18.0.1',
	'192.0.2.1',
	'203.0.113.9',
	'9.9.9.9',
	'[::1]',
	'[::ffff:127.0.0.1]',
	'[::ffff:0a00:0001]',
	'[fe80::1]',
	'[fc00::1]',
	'[fd12:3456::1]',
	'evil.example',
	'www.evil.example.',
];

/** Spellings of addresses that a credential may not have at all, whatever they stand for. */
const OTHER_SPELLINGS = [
	'127.1',
	'2130706433',
	'0x7f000001',
	'0177.0.0.1',
	'[::ffff:127.0.0.1]',
	'[::ffff:0a00:0001]',
	'[::ffff:8.8.8.8]',
];

const ALLOWED = [
	'127.0.0.2',
	'8.8.8.8',
	'172.15.0.1',
	'172.32.0.1',
	'192.169.0.1',
	'100.64.0.1',
	'11.0.0.1',
	'[2001:4860:4860::8888]',
	'[::ffff:8.8.8.8]',
	'no-such-name.invalid',
];

const HOSTS = [...BLOCKED, ...ALLOWED];

let stub: Server;
let port: number;
/** Requests that got through, to this machine or through the proxy. */
const reached: string[] = [];
let host: N8nHost;
/** Somebody with no more than the rights of a member. */
let member: N8nClient;

beforeAll(async () => {
	// Target and proxy in one: whatever arrives was let through.
	stub = createServer((request, response) => {
		reached.push(`${request.headers.host} ${request.url}`);
		response.writeHead(404).end('nothing here');
	});
	await new Promise<void>((resolve) => stub.listen(0, '0.0.0.0', resolve));
	({ port } = stub.address() as AddressInfo);
	host = await N8nHost.start({
		env: {
			N8N_SSRF_PROTECTION_ENABLED: 'true',
			N8N_SSRF_BLOCKED_IP_RANGES: 'default,9.9.9.9/32',
			N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.2/32',
			N8N_SSRF_BLOCKED_HOSTNAMES: 'evil.example,*.evil.example',
			HTTP_PROXY: `http://127.0.0.1:${port}`,
		},
	});
	member = await addMember(host.client, 'member@example.com');
});

afterAll(async () => {
	await host?.dispose();
	stub?.closeAllConnections();
	await new Promise((resolve) => stub?.close(resolve));
});

/** One item per host. */
function hostItems(): WorkflowNode[] {
	return [
		{
			name: 'Hosts',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ host: HOSTS }), options: {} },
		},
		{
			name: 'Split',
			type: 'n8n-nodes-base.splitOut',
			parameters: { fieldToSplitOut: 'host', options: {} },
		},
	];
}

async function run(client: N8nClient, name: string, ...nodes: WorkflowNode[]): Promise<Execution> {
	const file = chainOf(name, [manualTrigger(), ...nodes]);
	return await runWorkflow(client, (await importWorkflow(client, file)).id);
}

async function runOnHosts(client: N8nClient, name: string, node: WorkflowNode): Promise<Execution> {
	return await run(client, name, ...hostItems(), { ...node, onError: 'continueRegularOutput' });
}

/** The hosts whose item says that it was blocked. */
function blockedIn(execution: Execution, sign: RegExp): string[] {
	const items: OutputItem[] = outputOf(execution, UNDER_TEST);
	expect(items).toHaveLength(HOSTS.length);
	return HOSTS.filter((_host, index) => sign.test(JSON.stringify(items[index])));
}

async function docuWareAt(client: N8nClient, platformUrl: string): Promise<CredentialReference> {
	return await createCredential(client, DOCUWARE_CREDENTIAL, platformUrl, {
		platformUrl,
		allowHttp: true,
		userName: 'peters',
		password: 'canary-password',
		licenceWaitSeconds: 0,
	});
}

/** With the verdict on every host: whose spelling no credential may have, and who was blocked. */
function expectSameVerdict(execution: Execution): void {
	const misspelt = blockedIn(execution, /DOCUWARE_CREDENTIAL_INVALID/);
	expect(misspelt).toEqual(OTHER_SPELLINGS);
	const isSpelt = (name: string) => !misspelt.includes(name);
	expect(blockedIn(execution, /HTTP_SSRF_BLOCKED/)).toEqual(BLOCKED.filter(isSpelt));
	const literals = ALLOWED.filter((name) => !name.endsWith('.invalid') && isSpelt(name));
	const hostsReached = new Set(reached.map((one) => one.split(' ')[0]));
	expect(hostsReached.size).toBe(literals.length);
}

const HOST_URL = '=http://{{ $json.host }}';

beforeEach(() => reached.splice(0));

it('n8n’s HTTP Request node gives this verdict on every address', async () => {
	const execution = await runOnHosts(host.client, 'HTTP Request', {
		name: UNDER_TEST,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: { url: `${HOST_URL}:${port}/`, options: { timeout: 20_000 } },
	});
	expect(blockedIn(execution, /SsrfBlocked/)).toEqual(BLOCKED);
});

it('the DocuWare node gives the same one', async () => {
	const credential = await docuWareAt(host.client, `${HOST_URL}:${port}`);
	const logOn = { resource: 'session', operation: 'logOn' };
	const node = docuWareNode({ [DOCUWARE_CREDENTIAL]: credential }, logOn);
	expectSameVerdict(await runOnHosts(host.client, 'DocuWare', node));
});

it('the hook in the HTTP Request node gives the same one, in the run of a member', async () => {
	const credential = await docuWareAt(member, `${HOST_URL}:${port}`);
	const url = `${HOST_URL}:${port}/DocuWare/Platform/Organizations`;
	expectSameVerdict(await runOnHosts(member, 'Hook', httpRequestNode(credential, url)));
});

describe.each(['owner', 'member'] as const)('the base URL 127.0.0.1, written by the %s', (who) => {
	const client = () => (who === 'owner' ? host.client : member);

	it('of DocuWare is reached by no credential test and no node', async () => {
		const credential = await docuWareAt(client(), `http://127.0.0.1:${port}`);
		const result = await testCredential(client(), credential.id, DOCUWARE_CREDENTIAL);
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('SSRF protection'),
		});
		const logOn = { resource: 'session', operation: 'logOn' };
		const node = docuWareNode({ [DOCUWARE_CREDENTIAL]: credential }, logOn);
		const execution = await run(client(), `DocuWare of the ${who}`, node);
		expect(JSON.stringify(execution)).toContain('HTTP_SSRF_BLOCKED');
		expect(reached).toEqual([]);
	});

	it('of Exact Online is reached by no node, and by no HTTP Request node through the hook', async () => {
		const baseUrl = `http://127.0.0.1:${port}`;
		const credential = await createCredential(client(), EXACT_CREDENTIAL, `Exact of the ${who}`, {
			...enteredStandIn(baseUrl),
			clientId: `6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c000${who.length}`,
			clientSecret: 'a client secret',
			oauthTokenData: {
				access_token: `canary-access-token-${who}`,
				refresh_token: `canary-refresh-token-${who}`,
				token_type: 'bearer',
				expires_in: 600,
				n8n_expires_at: String(Date.now() + 600_000),
			},
		});
		const url = `${baseUrl}/api/v1/current/Me`;
		for (const node of [
			meNode(credential),
			httpRequestNode(credential, url, {}, EXACT_CREDENTIAL),
		]) {
			const execution = await run(client(), `Exact of the ${who}: ${node.type}`, node);
			expect(execution.error).toMatchObject({
				message: expect.stringContaining('SSRF protection'),
				description: expect.stringContaining('N8N_SSRF_ALLOWED_IP_RANGES'),
			});
		}
		expect(reached).toEqual([]);
	});
});

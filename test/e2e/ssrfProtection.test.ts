import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
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
	type OutputItem,
	type WorkflowNode,
} from '../support/n8n';
import { DOCUWARE_CREDENTIAL, docuWareNode, UNDER_TEST } from './support/docuWareHost';

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

async function runOnHosts(name: string, node: WorkflowNode): Promise<Execution> {
	const nodes = [manualTrigger(), ...hostItems(), { ...node, onError: 'continueRegularOutput' }];
	const { id } = await importWorkflow(host.client, chainOf(name, nodes));
	return await runWorkflow(host.client, id);
}

/** The hosts whose item says that it was blocked. */
function blockedIn(execution: Execution, sign: RegExp): string[] {
	const items: OutputItem[] = outputOf(execution, UNDER_TEST);
	expect(items).toHaveLength(HOSTS.length);
	return HOSTS.filter((_host, index) => sign.test(JSON.stringify(items[index])));
}

async function docuWareAt(platformUrl: string): Promise<CredentialReference> {
	return await createCredential(host.client, DOCUWARE_CREDENTIAL, platformUrl, {
		platformUrl,
		allowHttp: true,
		userName: 'peters',
		password: 'canary-password',
		licenceWaitSeconds: 0,
	});
}

it('gives the same verdict as n8n’s HTTP Request node on every address', async () => {
	const httpRequest = await runOnHosts('HTTP Request', {
		name: UNDER_TEST,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: { url: `=http://{{ $json.host }}:${port}/`, options: { timeout: 20_000 } },
	});
	const theirs = blockedIn(httpRequest, /SsrfBlocked/);
	expect(theirs).toEqual(BLOCKED);

	reached.length = 0;
	const credential = await docuWareAt(`=http://{{ $json.host }}:${port}`);
	const ours = await runOnHosts(
		'DocuWare',
		docuWareNode(
			{ [DOCUWARE_CREDENTIAL]: credential },
			{ resource: 'session', operation: 'logOn' },
		),
	);
	const misspelt = blockedIn(ours, /DOCUWARE_CREDENTIAL_INVALID/);
	expect(misspelt).toEqual(OTHER_SPELLINGS);
	const isSpelt = (name: string) => !misspelt.includes(name);
	expect(blockedIn(ours, /HTTP_SSRF_BLOCKED/)).toEqual(theirs.filter(isSpelt));
	const literals = ALLOWED.filter((name) => !name.endsWith('.invalid') && isSpelt(name));
	const hostsReached = new Set(reached.map((one) => one.split(' ')[0]));
	expect(hostsReached.size).toBe(literals.length);
});

it('holds for the credential test', async () => {
	reached.length = 0;
	const { id } = await docuWareAt(`http://127.0.0.1:${port}`);
	const result = await testCredential(host.client, id, DOCUWARE_CREDENTIAL);
	expect(result).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('SSRF protection'),
	});
	expect(reached).toEqual([]);
});

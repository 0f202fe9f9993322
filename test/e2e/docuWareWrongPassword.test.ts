import type { SimulatedUser } from '../simulators/DocuWare';
import {
	addMember,
	chainOf,
	createCredential,
	importWorkflow,
	manualTrigger,
	outputOf,
	runWorkflow,
	type CredentialReference,
	type Execution,
	type N8nClient,
	type WorkflowNode,
} from '../support/n8n';
import {
	DOCUWARE_CREDENTIAL,
	DocuWareHost,
	docuWareNode,
	httpRequestNode,
	UNDER_TEST,
} from './support/docuWareHost';

let docuWare: DocuWareHost;
let member: N8nClient;
let victim: SimulatedUser;
let own: CredentialReference;
let workflows = 0;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 2 });
	docuWare.simulator.configure({ version: '7.10', concurrentLicences: 10 });
	member = await addMember(docuWare.client, 'member@example.com');
	victim = docuWare.newUser();
	own = await docuWare.credential(victim);
});

afterAll(async () => {
	await docuWare?.dispose();
});

async function runAs(client: N8nClient, node: WorkflowNode): Promise<Execution> {
	const file = chainOf(`Wrong password ${++workflows}`, [manualTrigger(), node]);
	return await runWorkflow(client, (await importWorkflow(client, file)).id);
}

function session(
	credential: CredentialReference,
	operation: string,
	parameters: Record<string, unknown> = {},
): WorkflowNode {
	const credentials = { [DOCUWARE_CREDENTIAL]: credential };
	return docuWareNode(credentials, { resource: 'session', operation, ...parameters });
}

async function ownersSession(): Promise<Record<string, unknown>> {
	const run = await runAs(docuWare.client, session(own, 'logOn', { includeSecret: true }));
	return outputOf(run, UNDER_TEST)[0]?.json ?? {};
}

it('a member with the right user and a wrong password gets nothing of the owner’s session, and ends nothing', async () => {
	const { simulator } = docuWare;
	const before = await ownersSession();
	const secrets = [String(before.cookie), String(before.sessionReference)];
	expect(before).toMatchObject({ state: 'open', generation: 1 });
	expect(secrets[0]).toContain('.DWPLATFORMAUTH=');

	const forged = await createCredential(member, DOCUWARE_CREDENTIAL, 'Of the member', {
		platformUrl: simulator.url,
		userName: victim.name,
		password: 'made up',
		licenceWaitSeconds: 0,
		sessionPolicy: 'logOffWhenIdle',
		idleSeconds: 0,
	});
	const reference = { sessionSource: 'reference', sessionReference: before.sessionReference };
	const tries = [
		session(forged, 'getStatus', { includeSecret: true }),
		...[{}, reference].flatMap((source) => [
			session(forged, 'logOff', { ifOthersUse: 'logOff', ...source }),
			session(forged, 'createLoginToken', { includeSecret: true, ...source }),
			session(forged, 'tokenLogOn', { includeSecret: true, ...source }),
			session(forged, 'logOn', { includeSecret: true, ...source }),
		]),
		session(forged, 'getStatus', { includeSecret: true, ...reference }),
		httpRequestNode(forged, docuWare.url('Organizations')),
	];
	for (const node of tries) {
		const execution = await runAs(member, node);
		// Only the status ends well: it says that there is a session, and that it is another's.
		const isStatus = node.parameters?.operation === 'getStatus';
		const isOwnStatus = isStatus && node.parameters?.sessionSource === undefined;
		expect(execution.status).toBe(isOwnStatus ? 'success' : 'error');
		const data = JSON.stringify(execution);
		const told = data.replaceAll(JSON.stringify(before.sessionReference), '');
		for (const secret of secrets) expect(told).not.toContain(secret);
		expect(data).not.toContain('DWPLATFORMAUTH');
	}
	const after = await ownersSession();
	expect(after).toMatchObject({ state: 'open', generation: 1 });
	expect(simulator.counters).toMatchObject({
		logOffs: 0,
		logOns: { password: 1, token: 0 },
		loginTokens: { made: 0 },
	});
});

import {
	addMember,
	chainOf,
	importWorkflow,
	manualTrigger,
	readExecution,
	startWorkflow,
	type Execution,
	type N8nClient,
	type WorkflowNode,
} from '../support/n8n';
import {
	DocuWareHost,
	docuWareNode,
	DOCUWARE_CREDENTIAL,
	httpRequestNode,
} from './support/docuWareHost';

/** Shorter than a shutdown, longer than anything else here, in s. */
const FOREIGN_SECONDS = 8;

/** Far longer than any test, in s: what logs off is the shutdown. */
const IDLE_SECONDS = 600;

let docuWare: DocuWareHost;
/** Runs what has nothing to do with the package. */
let member: N8nClient;
let workflow: string;
let httpWorkflow: string;

/** A workflow that has nothing to do with this package, and runs for so long. */
const foreign = (seconds: number): WorkflowNode => ({
	name: 'Foreign',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { amount: seconds, unit: 'seconds' },
});

beforeAll(async () => {
	// How long a real process takes to end is what counts: with all that n8n starts.
	docuWare = await DocuWareHost.start({ users: 1, whole: true });
	member = await addMember(docuWare.client, 'member@example.com');
	const credential = await docuWare.credential(docuWare.newUser(), {
		sessionPolicy: 'logOffWhenIdle',
		idleSeconds: IDLE_SECONDS,
	});
	const list = { resource: 'fileCabinet', operation: 'getAll' };
	const node = docuWareNode({ [DOCUWARE_CREDENTIAL]: credential }, list);
	const file = chainOf('File Cabinets', [manualTrigger(), node]);
	({ id: workflow } = await importWorkflow(docuWare.client, file));
	const request = httpRequestNode(credential, docuWare.url('Organizations'));
	const byHttp = chainOf('HTTP Request', [manualTrigger(), { ...request, name: 'HTTP' }]);
	({ id: httpWorkflow } = await importWorkflow(docuWare.client, byHttp));
});

afterAll(async () => {
	await docuWare?.dispose();
});

beforeEach(() => docuWare.simulator.state.resetCounters());

async function startForeign(seconds: number): Promise<string> {
	const file = chainOf(`Foreign ${seconds}`, [manualTrigger(), foreign(seconds)]);
	const { id } = await importWorkflow(member, file);
	const execution = await startWorkflow(member, id);
	await reached(execution, 'running', member);
	return execution;
}

async function reached(
	execution: string,
	status: Execution['status'],
	client = docuWare.client,
): Promise<void> {
	while ((await readExecution(client, execution)).status !== status) {
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

async function useSession(): Promise<void> {
	await reached(await startWorkflow(docuWare.client, workflow), 'success');
	expect(docuWare.simulator.counters.logOffs).toBe(0);
}

describe('n8n with a session of Log Off When Idle', () => {
	it('SIGTERM: lets a workflow of another user, of 8 s, end, then logs off, and ends in order', async () => {
		await useSession();
		const execution = await startForeign(FOREIGN_SECONDS);
		expect(await docuWare.host.process.stop()).toEqual({ code: 0, signal: null });
		expect(docuWare.simulator.counters).toMatchObject({ logOffs: 1, loginTokens: { made: 1 } });
		await docuWare.host.startAgain();
		expect((await readExecution(member, execution)).status).toBe('success');
	});

	it('SIGINT: ends after its shutdown time of 10 s with a workflow of 20 s, and logs off', async () => {
		await docuWare.host.restart({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10' });
		await useSession();
		await startForeign(20);
		const { process: n8n } = docuWare.host;
		n8n.signal('SIGINT');
		// The exit code is that of n8n, which has given up waiting.
		expect(await n8n.ended).toEqual({ code: 1, signal: null });
		expect(n8n.output).toContain('Shutdown timed out after 10 seconds');
		expect(docuWare.simulator.counters).toMatchObject({ logOffs: 1, loginTokens: { made: 1 } });
	});

	// Nothing tells the package when the request of an HTTP Request node has ended.
	it.each(['DocuWare', 'HTTP Request'])('`n8n execute` of a %s node: logs off', async (node) => {
		await docuWare.host.execute(node === 'DocuWare' ? workflow : httpWorkflow);
		const { logOns, logOffs, loginTokens } = docuWare.simulator.counters;
		expect({ logOns: logOns.token, logOffs, made: loginTokens.made }).toEqual({
			...{ logOns: 1, logOffs: 1, made: 1 },
		});
	});
});

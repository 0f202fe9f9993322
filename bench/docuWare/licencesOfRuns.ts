import {
	DocuWareHost,
	docuWareNode,
	endings,
	httpRequestNode,
} from '../../test/e2e/support/docuWareHost';
import type { SimulatedUser } from '../../test/simulators/DocuWare';
import { callWebhook, waitForExecutions, type WorkflowNode } from '../../test/support/n8n';

/** More than the runs can take, so that what is taken shows. */
const LICENCES = 1_000;

/** What a way has cost the server. */
export interface LicenceRow {
	Way: string;
	Runs: number;
	Failed: number;
	'Log-ons': number;
	'Licences in use at most': number;
	'Licences blocked at most': number;
}

/** A way to ask DocuWare one question in an execution. */
interface Way {
	name: string;
	nodes(host: DocuWareHost, user: SimulatedUser): Promise<WorkflowNode[]>;
}

const WAYS: readonly Way[] = [
	{
		name: 'DocuWare node',
		nodes: async (host, user) => [
			docuWareNode(
				{ docuWareApi: await host.credential(user) },
				{ resource: 'organization', operation: 'getCurrent' },
			),
		],
	},
	{
		name: "HTTP Request, this package's credential",
		nodes: async (host, user) => [
			httpRequestNode(await host.credential(user), host.url('Organizations')),
		],
	},
	{
		name: 'HTTP Request that logs on, asks and logs off',
		nodes: async (host, user) => await Promise.resolve(byHand(host, user)),
	},
];

/**
 * So many executions at once, each with one question for DocuWare, by a user of its own in each way. There is no generic
 * credential of n8n for DocuWare's sessions, so that beside this package stands what workflows do without it.
 */
export async function licencesOfRuns(runs: number): Promise<LicenceRow[]> {
	const host = await DocuWareHost.start({ users: WAYS.length, whole: true });
	const { simulator } = host;
	simulator.configure({ concurrentLicences: LICENCES });
	const rows: LicenceRow[] = [];
	try {
		for (const { name, nodes } of WAYS) {
			const { workflow, path } = await host.webhookWorkflow(...(await nodes(host, host.newUser())));
			simulator.revokeSessions();
			simulator.state.licences.clear();
			simulator.state.resetCounters();
			await Promise.all(Array.from({ length: runs }, async () => await call(host, path)));
			const { success = 0 } = endings(await waitForExecutions(host.client, workflow.id, runs));
			const { logOns, licences } = simulator.counters;
			rows.push({
				Way: name,
				Runs: runs,
				Failed: runs - success,
				'Log-ons': logOns.password + logOns.token,
				'Licences in use at most': licences.maxInUse,
				'Licences blocked at most': licences.maxBlocked,
			});
		}
	} finally {
		await host.dispose();
	}
	return rows;
}

async function call({ client }: DocuWareHost, path: string): Promise<void> {
	const response = await callWebhook(client, path);
	if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
	await response.text();
}

/** Three requests, of which the second and the third have the cookies of the first. */
function byHand(host: DocuWareHost, { name, password }: SimulatedUser): WorkflowNode[] {
	const [organization] = host.simulator.world.organizations;
	const fields = { UserName: name, Password: password, Organization: organization?.name ?? '' };
	const cookie =
		"={{ $('Log On').item.json.headers['set-cookie'].map((line) => line.split(';')[0]).join('; ') }}";
	const json = { name: 'Accept', value: 'application/json' };
	const headers = { parameters: [json, { name: 'Cookie', value: cookie }] };
	const request = (title: string, parameters: Record<string, unknown>): WorkflowNode => ({
		name: title,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: { sendHeaders: true, headerParameters: headers, options: {}, ...parameters },
	});
	return [
		request('Log On', {
			...{ method: 'POST', url: host.url('Account/Logon') },
			headerParameters: { parameters: [json] },
			...{ sendBody: true, contentType: 'form-urlencoded' },
			bodyParameters: {
				parameters: Object.entries(fields).map(([field, value]) => ({ name: field, value })),
			},
			options: { response: { response: { fullResponse: true } } },
		}),
		request('Ask', { url: host.url('Organizations') }),
		request('Log Off', { url: host.url('Account/Logoff') }),
	];
}

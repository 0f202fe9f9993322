import {
	activateWorkflow,
	callWebhook,
	chainOf,
	createCredential,
	importWorkflow,
	listExecutions,
	manualTrigger,
	N8nHost,
	packageName,
	runWorkflow,
	waitForExecutions,
	webhookTrigger,
	type CredentialReference,
	type Execution,
	type N8nClient,
	type Workflow,
	type WorkflowNode,
} from '../../support/n8n';
import {
	defaultWorld,
	startDocuWareSimulator,
	type DocuWareSimulator,
	type SimulatedUser,
} from '../../simulators/DocuWare';

export const DOCUWARE_CREDENTIAL = 'docuWareApi';

/** Name of the node under test in the workflows made here. */
export const UNDER_TEST = 'Under Test';

const POLL_PAUSE_MS = 50;

/** A real n8n with the package, and a DocuWare server with a user for each test case. */
export class DocuWareHost {
	private taken = 0;

	private workflows = 0;

	private constructor(
		readonly host: N8nHost,
		readonly simulator: DocuWareSimulator,
	) {}

	static async start(options: {
		users: number;
		/** Further variables for n8n. */
		env?: Record<string, string>;
		/** Editor and Code nodes too, see `N8nHostOptions`. */
		whole?: boolean;
	}): Promise<DocuWareHost> {
		const { users, ...n8n } = options;
		const world = defaultWorld();
		world.users = Array.from({ length: users }, (_, index): SimulatedUser => ({
			id: `5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f2a${String(index + 10)}`,
			name: `user.${index + 1}`,
			password: `P&ssword+Müller ${index + 1}%`,
			email: `user.${index + 1}@example.com`,
			organizationId: '1',
		}));
		const simulator = await startDocuWareSimulator({ world });
		try {
			return new DocuWareHost(await N8nHost.start(n8n), simulator);
		} catch (error) {
			await simulator.close();
			throw error;
		}
	}

	/** Session of n8n's owner. */
	get client(): N8nClient {
		return this.host.client;
	}

	/** Address of a path below the Platform. */
	url(path: string): string {
		return `${this.simulator.url}/DocuWare/Platform/${path}`;
	}

	/** A user whom nobody has used yet. */
	newUser(): SimulatedUser {
		const user = this.simulator.world.users[this.taken++];
		if (user === undefined) throw new Error('All users are in use.');
		return user;
	}

	/** A credential of user and password. */
	async credential(
		{ name, password }: SimulatedUser,
		fields: Record<string, unknown> = {},
	): Promise<CredentialReference> {
		return await createCredential(this.client, DOCUWARE_CREDENTIAL, `DocuWare ${name}`, {
			platformUrl: this.simulator.url,
			userName: name,
			password,
			licenceWaitSeconds: 0,
			...fields,
		});
	}

	/** Imports a workflow, runs it once by hand, and waits for its end. */
	async runOnce(...nodes: WorkflowNode[]): Promise<Execution> {
		const file = chainOf(`Manual ${++this.workflows}`, [manualTrigger(), ...nodes]);
		return await runWorkflow(this.client, (await importWorkflow(this.client, file)).id);
	}

	/** Imports and activates a workflow with a webhook in front. */
	async webhookWorkflow(...nodes: WorkflowNode[]): Promise<{ workflow: Workflow; path: string }> {
		const path = `docuware-${++this.workflows}`;
		const file = chainOf(path, [webhookTrigger(path, 'onReceived'), ...nodes]);
		const workflow = await importWorkflow(this.client, file);
		await activateWorkflow(this.client, workflow);
		return { workflow, path };
	}

	/**
	 * Starts executions at once, as a burst of webhook calls does. The first log-on is held until every
	 * execution has started, so that all of them need the session that is being opened.
	 *
	 * @returns all executions, ended
	 */
	async runTogether(
		{ workflow, path }: { workflow: Workflow; path: string },
		times: number,
	): Promise<Execution[]> {
		const hold = this.simulator.holds.hold('platform.received', {
			where: { tags: { route: 'Account/Logon' } },
			times: 1,
		});
		await Promise.all(
			Array.from({ length: times }, async () => {
				const response = await callWebhook(this.client, path);
				if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
				await response.text();
			}),
		);
		await hold.waiting();
		await this.allStarted(workflow.id, times);
		hold.release();
		return await waitForExecutions(this.client, workflow.id, times);
	}

	/** Ends everything. */
	async dispose(): Promise<void> {
		await this.host.dispose();
		await this.simulator.close();
	}

	private async allStarted(workflowId: string, count: number): Promise<void> {
		for (;;) {
			const executions = await listExecutions(this.client, workflowId);
			if (executions.filter(({ status }) => status !== 'new').length >= count) return;
			await new Promise((resolve) => setTimeout(resolve, POLL_PAUSE_MS));
		}
	}
}

/** Our node. Parameters as n8n stores them: `resource`, `operation`, and the operation's own. */
export function docuWareNode(
	credentials: WorkflowNode['credentials'],
	parameters: Record<string, unknown>,
): WorkflowNode {
	return { name: UNDER_TEST, type: `${packageName}.docuWare`, parameters, credentials };
}

/** n8n's *HTTP Request* node with a credential as predefined credential type. */
export function httpRequestNode(
	credential: CredentialReference,
	url: string,
	parameters: Record<string, unknown> = {},
	type = DOCUWARE_CREDENTIAL,
): WorkflowNode {
	return {
		name: UNDER_TEST,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: type,
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Accept', value: 'application/json' }] },
			options: {},
			...parameters,
		},
		credentials: { [type]: credential },
	};
}

/** How many executions ended in which way; those that failed by the text of their error. */
export function endings(executions: Execution[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { status, error } of executions) {
		const ending = error === undefined ? status : `${error.message} ${error.description ?? ''}`;
		counts[ending] = (counts[ending] ?? 0) + 1;
	}
	return counts;
}

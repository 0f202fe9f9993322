import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ExactOnlineSimulator } from '../test/simulators/exactOnline';
import { DEFAULT_APPS } from '../test/simulators/exactOnline/world/people';
import {
	connectOAuth2,
	createCredential,
	importWorkflow,
	listCredentials,
	listWorkflows,
	N8nHost,
	portOrFree,
	projectRoot,
	readWorkflowFile,
	updateCredential,
	type CredentialReference,
	type OwnerAccount,
	type WorkflowSummary,
} from '../test/support/n8n';

/** The account that `npm start` prints; the demo listens on the loopback address only. */
export const demoOwner: OwnerAccount = {
	email: 'demo@example.com',
	password: 'DemoPassword1',
	firstName: 'Demo',
	lastName: 'Owner',
};

const credentialType = 'exactOnlineOAuth2Api';
const credentialName = 'Exact Online (simulator)';
const examplesFolder = join(projectRoot, 'examples');

export interface DemoOptions {
	/** User folder of n8n, kept; without it a temporary one. */
	userFolder?: string;
	/** Wanted port of n8n; another free one if it is taken. */
	port: number;
	/** Wanted port of the Exact Online simulator; another free one if it is taken. */
	simulatorPort: number;
	/** Life of an access token, in s; Exact Online's own is 600. */
	tokenLifeSeconds: number;
	/** Told what is being done, one line at a time. */
	report: (line: string) => void;
}

/** n8n with the package, a simulator, a connected credential and the example workflows. */
export interface Demo {
	host: N8nHost;
	simulator: ExactOnlineSimulator;
	credential: CredentialReference;
	/** The example workflows in the order of their file names. */
	workflows: WorkflowSummary[];
	/** Ends n8n and the simulator; resolves when both are gone. */
	stop(): Promise<void>;
}

/** Starts everything; on a failure nothing is left running. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
	const { report } = options;
	const port = await portOrFree(options.port);
	const simulator = await startSimulator(options, port);
	let host: N8nHost | undefined;
	try {
		report(`Exact Online simulator: ${simulator.url}`);
		report('Building the package and starting n8n …');
		host = await N8nHost.start({
			port,
			owner: demoOwner,
			...(options.userFolder === undefined ? {} : { userFolder: options.userFolder }),
		});
		const credential = await connectedCredential(host, simulator);
		report(`Credential "${credential.name}" is connected.`);
		const workflows = await importExamples(host, credential);
		for (const { name } of workflows) report(`Workflow "${name}" is imported.`);
		return { host, simulator, credential, workflows, stop: () => stopBoth(host, simulator) };
	} catch (error) {
		await stopBoth(host, simulator);
		throw error;
	}
}

async function startSimulator(
	options: DemoOptions,
	n8nPort: number,
): Promise<ExactOnlineSimulator> {
	const callback = `http://localhost:${n8nPort}/rest/oauth2-credential/callback`;
	return await ExactOnlineSimulator.start({
		port: await portOrFree(options.simulatorPort),
		apps: DEFAULT_APPS.map((app) => ({ ...app, redirectUris: [...app.redirectUris, callback] })),
		switches: { accessTokenLifeSeconds: options.tokenLifeSeconds, autoConsent: true },
	});
}

/**
 * The demo credential, connected through n8n's own OAuth callback. The simulator forgets its chains when
 * it ends, so an n8n that is started again on the same folder is connected anew.
 */
async function connectedCredential(
	host: N8nHost,
	simulator: ExactOnlineSimulator,
): Promise<CredentialReference> {
	const [app] = simulator.world.apps;
	if (app === undefined) throw new Error('The simulator has no app.');
	const data = {
		region: 'custom',
		baseUrl: simulator.url,
		clientId: app.clientId,
		clientSecret: app.clientSecret,
		alwaysShowLogin: false,
	};
	const { client } = host;
	const known = (await listCredentials(client)).find(({ name }) => name === credentialName);
	if (known !== undefined) await updateCredential(client, known.id, { data });
	const credential =
		known ?? (await createCredential(client, credentialType, credentialName, data));
	await connectOAuth2(client, credential.id);
	return { id: credential.id, name: credential.name };
}

/** Imports the examples that are not there yet, so that a user's changes survive a restart. */
async function importExamples(
	host: N8nHost,
	credential: CredentialReference,
): Promise<WorkflowSummary[]> {
	const { client } = host;
	const present = await listWorkflows(client);
	const files = (await readdir(examplesFolder)).filter((file) => file.endsWith('.json')).sort();
	const workflows: WorkflowSummary[] = [];
	for (const file of files) {
		const workflow = await readWorkflowFile(join(examplesFolder, file), {
			[credentialType]: credential,
		});
		const known = present.find(({ name }) => name === workflow.name);
		const { id, name } = known ?? (await importWorkflow(client, workflow));
		workflows.push({ id, name });
	}
	return workflows;
}

async function stopBoth(host: N8nHost | undefined, simulator: ExactOnlineSimulator): Promise<void> {
	await host?.stop();
	await host?.dispose();
	await simulator.close();
}

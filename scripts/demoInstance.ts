import { join } from 'node:path';
import {
	DEFAULT_APPS,
	ExactOnlineSimulator,
	FIRST_DIVISION,
	unpaidInvoices,
} from '../test/simulators/ExactOnline';
import { DocuWareSimulator } from '../test/simulators/DocuWare';
import {
	connectOAuth2,
	createCredential,
	ensureBuilt,
	importWorkflow,
	isBuilt,
	listCredentials,
	listWorkflows,
	N8nHost,
	portOrFree,
	projectRoot,
	readWorkflowFile,
	updateCredential,
	type CredentialReference,
	type OwnerAccount,
} from '../test/support/n8n';
import { enteredStandIn } from '../test/support/exactStandIn';
import { DEMO_EXAMPLES } from './demoExamples';
import type { ListedExample } from './demoListing';
import { addDemoInvoices, demoWorld } from './demoWorld';

/** The account that `npm start` prints; the demo listens on the loopback address only. */
export const demoOwner: OwnerAccount = {
	email: 'demo@example.com',
	password: 'DemoPassword1',
	firstName: 'Demo',
	lastName: 'Owner',
};

const exactCredential = { type: 'exactOnlineOAuth2Api', name: 'Exact Online (simulator)' };
const docuWareCredential = { type: 'docuWareApi', name: 'DocuWare (simulator)' };
const examplesFolder = join(projectRoot, 'examples');

export interface DemoOptions {
	/** User folder of n8n, kept; without it a temporary one. */
	userFolder?: string;
	/** Wanted port of n8n; another free one if it is taken. */
	port: number;
	/** Wanted ports of the simulators; other free ones if they are taken. */
	exactOnlinePort: number;
	docuWarePort: number;
	/** Life of an access token, in s; Exact Online's own is 600. */
	tokenLifeSeconds: number;
	/** Told what is being done, one line at a time. */
	report: (line: string) => void;
}

/** The two simulated services. */
export interface Simulators {
	exactOnline: ExactOnlineSimulator;
	docuWare: DocuWareSimulator;
}

/** n8n with the package, the simulators, a credential for each, and the example workflows. */
export interface Demo extends Simulators {
	host: N8nHost;
	/** What is entered in a credential of Exact Online for the simulator's first app. */
	enteredExactOnline: Record<string, unknown>;
	/** The example workflows, the one to open first at the top. */
	workflows: ListedExample[];
	/** Ends n8n and the simulators; resolves when all are gone. */
	stop(): Promise<void>;
}

/** Starts everything; on a failure nothing is left running. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
	const { report } = options;
	const port = await portOrFree(options.port);
	const exactOnline = await startExactOnline(options, port);
	const docuWare = await startDocuWare(await portOrFree(options.docuWarePort), exactOnline);
	const simulators: Simulators = { exactOnline, docuWare };
	let host: N8nHost | undefined;
	try {
		report(`Exact Online simulator: ${simulators.exactOnline.url}`);
		report(`DocuWare simulator: ${simulators.docuWare.url}`);
		if (!(await isBuilt())) {
			report('Building the package (a minute or less) …');
			await ensureBuilt();
		}
		report('Starting n8n (half a minute; the first time a minute) …');
		host = await N8nHost.start({
			port,
			owner: demoOwner,
			whole: true,
			...(options.userFolder === undefined ? {} : { userFolder: options.userFolder }),
		});
		const credentials = {
			[exactCredential.type]: await connectedCredential(host, simulators.exactOnline),
			[docuWareCredential.type]: await passwordCredential(host, simulators.docuWare),
		};
		for (const { name } of Object.values(credentials)) report(`Credential "${name}" is ready.`);
		const workflows = await importExamples(host, credentials);
		report(`${workflows.length} example workflows are there.`);
		const enteredExactOnline = entered(exactOnline);
		return {
			...simulators,
			host,
			enteredExactOnline,
			workflows,
			stop: () => stopAll(host, simulators),
		};
	} catch (error) {
		await stopAll(host, simulators);
		throw error;
	}
}

async function startExactOnline(
	options: DemoOptions,
	n8nPort: number,
): Promise<ExactOnlineSimulator> {
	const callback = `http://localhost:${n8nPort}/rest/oauth2-credential/callback`;
	const simulator = await ExactOnlineSimulator.start({
		port: await portOrFree(options.exactOnlinePort),
		apps: DEFAULT_APPS.map((app) => ({ ...app, redirectUris: [...app.redirectUris, callback] })),
		switches: { accessTokenLifeSeconds: options.tokenLifeSeconds, autoConsent: true },
	});
	const owed = unpaidInvoices(simulator.rows(FIRST_DIVISION, 'crm/Accounts'), Date.now());
	simulator.addRows(FIRST_DIVISION, 'cashflow/Receivables', owed);
	return simulator;
}

async function startDocuWare(
	port: number,
	exactOnline: ExactOnlineSimulator,
): Promise<DocuWareSimulator> {
	const simulator = await DocuWareSimulator.start({ port, world: demoWorld() });
	addDemoInvoices(simulator, exactOnline);
	return simulator;
}

/**
 * The demo credential, connected through n8n's own OAuth callback. The simulator forgets its chains when
 * it ends, so an n8n that is started again on the same folder is connected anew.
 */
async function connectedCredential(
	host: N8nHost,
	simulator: ExactOnlineSimulator,
): Promise<CredentialReference> {
	const credential = await savedCredential(host, exactCredential, entered(simulator));
	await connectOAuth2(host.client, credential.id);
	return credential;
}

function entered(simulator: ExactOnlineSimulator): Record<string, unknown> {
	const [app] = simulator.world.apps;
	if (app === undefined) throw new Error('The simulator has no app.');
	const { clientId, clientSecret } = app;
	return {
		...enteredStandIn(simulator.url),
		...{ clientId, clientSecret, authQueryParameters: 'force_login=0' },
	};
}

/** A DocuWare credential of the simulator's first user. */
async function passwordCredential(
	host: N8nHost,
	simulator: DocuWareSimulator,
): Promise<CredentialReference> {
	const [user] = simulator.world.users;
	if (user === undefined) throw new Error('The simulator has no user.');
	return await savedCredential(host, docuWareCredential, {
		platformUrl: simulator.url,
		userName: user.name,
		password: user.password,
	});
}

/** Makes the credential, or brings the one of an earlier start up to date. */
async function savedCredential(
	{ client }: N8nHost,
	{ type, name }: { type: string; name: string },
	data: Record<string, unknown>,
): Promise<CredentialReference> {
	const known = (await listCredentials(client)).find((one) => one.name === name);
	if (known !== undefined) await updateCredential(client, known.id, { data });
	const { id } = known ?? (await createCredential(client, type, name, data));
	return { id, name };
}

/**
 * Imports the examples that are not there yet, so that a user's changes survive a restart. The first one comes
 * last, since n8n lists the newest at the top.
 */
async function importExamples(
	host: N8nHost,
	credentials: Record<string, CredentialReference>,
): Promise<ListedExample[]> {
	const { client } = host;
	const present = await listWorkflows(client);
	const workflows: ListedExample[] = [];
	for (const example of DEMO_EXAMPLES.toReversed()) {
		const workflow = await readWorkflowFile(join(examplesFolder, example.file), credentials);
		const known = present.find(({ name }) => name === workflow.name);
		const { id, name } = known ?? (await importWorkflow(client, workflow));
		workflows.unshift({ ...example, id, name });
	}
	return workflows;
}

async function stopAll(host: N8nHost | undefined, simulators: Simulators): Promise<void> {
	await host?.stop();
	await host?.dispose();
	await simulators.exactOnline.close();
	await simulators.docuWare.close();
}

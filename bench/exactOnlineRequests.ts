import { ExactHost, type ExactIdentity } from '../test/e2e/support/exactHost';
import {
	httpRequestNode,
	itemNodes,
	meNode,
	meUrl,
	UNDER_TEST,
} from '../test/e2e/support/exactWorkflows';
import {
	chainOf,
	createCredential,
	importWorkflow,
	manualTrigger,
	runWorkflow,
	authorizationUrl,
	finishCallback,
	type CredentialReference,
	type WorkflowNode,
} from '../test/support/n8n';
import { connectThroughBrowser } from '../test/simulators/ExactOnline';

const ITEMS = Number(process.env.BENCH_ITEMS ?? 200);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const GENERIC_CREDENTIAL = 'oAuth2Api';

/**
 * `npm run bench`: the same requests (`current/Me`, once per item) through n8n's own HTTP Request node
 * with n8n's generic OAuth2 credential, through the HTTP Request node with this package's credential,
 * and through the Exact Online node; in turns, in one run of one n8n. Prints the median time of a node
 * and its ratio to the first. Machines are noisy: only the ratio says something, and nothing fails.
 */
async function main(): Promise<void> {
	const exact = await ExactHost.start({ identities: 2 });
	try {
		const ours = await exact.connectedCredential(exact.newIdentity(), 'Package');
		const generic = await genericCredential(exact, exact.newIdentity());
		const ways: Array<[string, WorkflowNode]> = [
			["n8n's HTTP Request, n8n's OAuth2 credential", genericNode(exact, generic)],
			["n8n's HTTP Request, this package's credential", httpRequestNode(ours, meUrl(exact))],
			['Exact Online node', meNode(ours)],
		];
		const times = new Map(ways.map(([name]): [string, number[]] => [name, []]));
		const workflows = await Promise.all(
			ways.map(async ([name, node]) => ({ name, id: await importRun(exact, name, node) })),
		);
		for (let round = 0; round <= ROUNDS; round += 1) {
			for (const { name, id } of workflows) {
				const execution = await runWorkflow(exact.client, id);
				if (execution.status !== 'success') throw new Error(`${name}: ${execution.status}`);
				const [run] = execution.runData[UNDER_TEST] ?? [];
				// The first round only warms everything up.
				if (round > 0) times.get(name)?.push(run?.executionTime ?? NaN);
			}
		}
		print(times);
	} finally {
		await exact.dispose();
	}
}

async function importRun(exact: ExactHost, name: string, node: WorkflowNode): Promise<string> {
	const items = Array.from({ length: ITEMS }, (_, number) => ({ number }));
	const file = chainOf(name, [manualTrigger(), ...itemNodes(items), node]);
	return (await importWorkflow(exact.client, file)).id;
}

async function genericCredential(
	exact: ExactHost,
	identity: ExactIdentity,
): Promise<CredentialReference> {
	const { simulator, client } = exact;
	const credential = await createCredential(client, GENERIC_CREDENTIAL, 'Generic OAuth2', {
		grantType: 'authorizationCode',
		authUrl: simulator.authUrl,
		accessTokenUrl: simulator.tokenUrl,
		clientId: identity.clientId,
		clientSecret: identity.clientSecret,
		scope: '',
		authQueryParameters: '',
		authentication: 'body',
	});
	const authUrl = await authorizationUrl(client, credential.id);
	await finishCallback(
		client,
		connectThroughBrowser(simulator, { authUrl, userId: identity.userId }),
	);
	return credential;
}

function genericNode(exact: ExactHost, credential: CredentialReference): WorkflowNode {
	const node = httpRequestNode(credential, meUrl(exact));
	return {
		...node,
		parameters: {
			...node.parameters,
			authentication: 'genericCredentialType',
			genericAuthType: GENERIC_CREDENTIAL,
		},
		credentials: { [GENERIC_CREDENTIAL]: credential },
	};
}

function print(times: Map<string, number[]>): void {
	const rows = [...times].map(([name, all]) => ({ name, median: median(all) }));
	const first = rows[0]?.median ?? NaN;
	console.log(`${ITEMS} items, one request each, median of ${ROUNDS} rounds in turns`);
	for (const { name, median: time } of rows) {
		const perItem = (time / ITEMS).toFixed(2);
		console.log(`${name.padEnd(48)} ${perItem} ms per item   ratio ${(time / first).toFixed(2)}`);
	}
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});

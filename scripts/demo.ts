import { runWorkflow, type Execution, type WorkflowFile } from '../test/support/n8n';
import { startDemo, type Demo } from './demoInstance';
import type { ListedExample } from './demoListing';

/** Short, so that the token of the log-in has ended before the workflow starts. In s. */
const TOKEN_LIFE_SECONDS = 6;

/** A line of a table: what, and how many or which. */
type Line = [string, string | number];

/**
 * `npm run demo`: runs one example of each service in a real n8n against the simulators, prints what
 * happened, and ends everything. The exit code is 0 only if both runs succeeded, no refresh token was
 * spent twice, no request carried an expired access token, and DocuWare needed one licence.
 */
async function main(): Promise<void> {
	const demo = await startDemo({
		port: 5678,
		exactOnlinePort: 4010,
		docuWarePort: 4020,
		tokenLifeSeconds: TOKEN_LIFE_SECONDS,
		report: (line) => console.log(line),
	});
	try {
		console.log(
			`Waiting ${TOKEN_LIFE_SECONDS} s, until the access token of the log-in has ended …`,
		);
		await new Promise((resolve) => setTimeout(resolve, TOKEN_LIFE_SECONDS * 1000));
		demo.exactOnline.reset();
		const customers = example(demo, 'exact-online-customers.json');
		const exactRun = await runOnce(demo, customers);
		print(exactLines(demo, customers, exactRun));
		const roundTrip = example(demo, 'docuware-session-round-trip.json');
		const docuWareRun = await runOnce(demo, roundTrip);
		print(docuWareLines(demo, roundTrip, docuWareRun));
		const problems = [...exactProblems(demo, exactRun), ...docuWareProblems(demo, docuWareRun)];
		for (const problem of problems) console.error(`\n${problem}`);
		if (problems.length > 0) process.exitCode = 1;
	} finally {
		await demo.stop();
	}
}

function example({ workflows }: Demo, file: string): ListedExample {
	const found = workflows.find((workflow) => workflow.file === file);
	if (found === undefined) throw new Error(`There is no examples/${file}.`);
	return found;
}

async function runOnce({ host }: Demo, workflow: ListedExample): Promise<Execution> {
	const path = `/rest/workflows/${workflow.id}`;
	const { nodes } = (await host.client.request('GET', path)) as WorkflowFile;
	const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	if (trigger === undefined) throw new Error(`"${workflow.name}" has no Manual Trigger node.`);
	return await runWorkflow(host.client, workflow.id, trigger.name);
}

function print(lines: Line[]): void {
	console.log('');
	for (const [name, value] of lines) console.log(`${name.padEnd(44)} ${value}`);
}

/** From the execution's own data and the simulator's counters. */
function exactLines(demo: Demo, workflow: ListedExample, execution: Execution): Line[] {
	const { counters } = demo.exactOnline;
	const status = authorizationStatusIn(execution);
	return [
		['Workflow', `${workflow.name}: ${execution.status}`],
		['Identity (clientId#userId)', status?.identifier ?? '-'],
		['Generation', status?.generation ?? '-'],
		['Refreshes', counters.refreshesGranted],
		['Token requests', counters.tokenPosts],
		['API requests', counters.apiCalls],
		['Requests with an expired token', counters.apiCallsWithExpiredToken],
		['Old refresh tokens used', counters.oldTokenUses],
		...rowLines(execution),
	];
}

function docuWareLines(demo: Demo, workflow: ListedExample, execution: Execution): Line[] {
	const { logOns, logOffs, licences, loginTokens, unauthorized } = demo.docuWare.counters;
	return [
		['Workflow', `${workflow.name}: ${execution.status}`],
		['Log-ons with password', logOns.password],
		['Log-ons with login token', logOns.token],
		['Log-offs', logOffs],
		['Login tokens made', loginTokens.made],
		['Licences in use at most', licences.maxInUse],
		['Refused for want of a licence', unauthorized.licence],
		...rowLines(execution),
	];
}

function rowLines(execution: Execution): Line[] {
	return Object.entries(execution.runData).map(([node, runs]): Line => [
		`Rows of "${node}"`,
		runs.reduce((sum, { data }) => sum + (data?.main[0]?.length ?? 0), 0),
	]);
}

/** What the last *Authorization > Get Status* put out. */
function authorizationStatusIn(
	execution: Execution,
): { identifier: string; generation: number } | undefined {
	const items = Object.values(execution.runData)
		.flat()
		.flatMap((run) => run.data?.main[0] ?? []);
	for (const { json } of items.reverse()) {
		const { identifier, generation } = json;
		if (typeof identifier === 'string' && typeof generation === 'number') {
			return { identifier, generation };
		}
	}
	return undefined;
}

function exactProblems({ exactOnline }: Demo, execution: Execution): string[] {
	const { counters } = exactOnline;
	return [
		...failureOf(execution),
		...(authorizationStatusIn(execution) === undefined
			? ['The workflow shows no authorization status (Authorization > Get Status).']
			: []),
		...(counters.oldTokenUses === 0 ? [] : ['An old refresh token was used.']),
		...(counters.tooEarly === 0 ? [] : ['A refresh was asked for too early.']),
		...(counters.apiCallsWithExpiredToken === 0
			? []
			: ['A request was sent with an expired access token.']),
	];
}

function docuWareProblems({ docuWare }: Demo, execution: Execution): string[] {
	const { licences, unauthorized } = docuWare.counters;
	return [
		...failureOf(execution),
		...(licences.maxInUse <= 1 ? [] : ['DocuWare needed more than one licence.']),
		...(unauthorized.licence === 0 ? [] : ['DocuWare refused a log-on for want of a licence.']),
	];
}

function failureOf({ status, error }: Execution): string[] {
	if (status === 'success') return [];
	return [
		`The workflow ended with "${status}": ${error?.message ?? ''} ${error?.description ?? ''}`,
	];
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});

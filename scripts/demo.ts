import {
	runWorkflow,
	type Execution,
	type WorkflowFile,
	type WorkflowSummary,
} from '../test/support/n8n';
import { startDemo, type Demo } from './demoInstance';

/** Short, so that the token of the log-in has ended before the workflow starts. In s. */
const TOKEN_LIFE_SECONDS = 6;

/**
 * `npm run demo`: runs the first example workflow once in a real n8n against the simulator, prints what
 * happened, and ends everything. The exit code is 0 only if the run succeeded, no refresh token was
 * spent twice, and no request carried an expired access token.
 */
async function main(): Promise<void> {
	const demo = await startDemo({
		port: 5678,
		simulatorPort: 4010,
		tokenLifeSeconds: TOKEN_LIFE_SECONDS,
		report: (line) => console.log(line),
	});
	try {
		const [workflow] = demo.workflows;
		if (workflow === undefined) throw new Error('There is no workflow in examples/.');
		console.log(
			`Waiting ${TOKEN_LIFE_SECONDS} s, until the access token of the log-in has ended …`,
		);
		await new Promise((resolve) => setTimeout(resolve, TOKEN_LIFE_SECONDS * 1000));
		demo.simulator.reset();
		const execution = await runOnce(demo, workflow);
		const table = whatHappened(demo, workflow, execution);
		console.log('');
		const width = Math.max(...table.map(([name]) => name.length));
		for (const [name, value] of table) console.log(`${name.padEnd(width)}  ${value}`);
		const problems = problemsOf(demo, execution);
		for (const problem of problems) console.error(`\n${problem}`);
		if (problems.length > 0) process.exitCode = 1;
	} finally {
		await demo.stop();
	}
}

async function runOnce({ host }: Demo, workflow: WorkflowSummary): Promise<Execution> {
	const path = `/rest/workflows/${workflow.id}`;
	const { nodes } = (await host.client.request('GET', path)) as WorkflowFile;
	const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	if (trigger === undefined) throw new Error(`"${workflow.name}" has no Manual Trigger node.`);
	return await runWorkflow(host.client, workflow.id, trigger.name);
}

/** The table's lines, from the execution's own data and the simulator's counters. */
function whatHappened(
	{ simulator }: Demo,
	workflow: WorkflowSummary,
	execution: Execution,
): Array<[string, string | number]> {
	const { counters } = simulator;
	const status = authorizationStatusIn(execution);
	const rows = Object.entries(execution.runData).map(([node, runs]): [string, number] => [
		`Rows of "${node}"`,
		runs.reduce((sum, { data }) => sum + (data?.main[0]?.length ?? 0), 0),
	]);
	return [
		['Workflow', `${workflow.name}: ${execution.status}`],
		['Identity (clientId#userId)', status?.identifier ?? '-'],
		['Generation', status?.generation ?? '-'],
		['Refreshes', counters.refreshesGranted],
		['Token requests', counters.tokenPosts],
		['API requests', counters.apiCalls],
		['Requests with an expired token', counters.apiCallsWithExpiredToken],
		['Old refresh tokens used', counters.oldTokenUses],
		...rows,
	];
}

/** What the last *Authorization > Get Status* of the workflow put out. */
function authorizationStatusIn(
	execution: Execution,
): { identifier: string; generation: number } | undefined {
	let last: { identifier: string; generation: number } | undefined;
	for (const run of Object.values(execution.runData).flat()) {
		for (const { json } of run.data?.main[0] ?? []) {
			const { identifier, generation } = json;
			if (typeof identifier === 'string' && typeof generation === 'number') {
				last = { identifier, generation };
			}
		}
	}
	return last;
}

function problemsOf({ simulator }: Demo, execution: Execution): string[] {
	const { counters } = simulator;
	const { status, error } = execution;
	return [
		...(status === 'success'
			? []
			: [
					`The workflow ended with "${status}": ${error?.message ?? ''} ${error?.description ?? ''}`,
				]),
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

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});

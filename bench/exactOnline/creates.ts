import { FIRST_DIVISION } from '../../test/simulators/ExactOnline';
import { exactNode } from '../../test/e2e/support/exactWorkflows';
import type { WorkflowNode } from '../../test/support/n8n';
import { BenchHost, loopNode, readsNode, type Run } from './benchHost';
import { printGoals, printMeasures } from './print';
import { inTurns } from './rounds';

const NODE = 'Exact Online node';
const LOOP = 'bare loop, a connection each';
const LEAST = 'least node (reads its expression, sends)';

/** So many new records, one expression for each item. */
export async function measureCreates(
	host: BenchHost,
	count: number,
	rounds: number,
): Promise<void> {
	const items = Array.from({ length: count }, (_none, index) => ({ name: `Made ${index}` }));
	const order = {
		method: 'POST',
		urls: items.map(() => host.url('crm/Accounts')),
		bodies: items.map(({ name }) => JSON.stringify({ Name: name })),
		token: host.token,
		keepAlive: false,
	} as const;
	const ways = new Map<string, Run>([
		[LOOP, await host.run([{}], loopNode(order))],
		[
			LEAST,
			await host.run(
				items,
				readsNode(
					{
						method: 'POST',
						url: host.url('crm/Accounts'),
						body: JSON.stringify({ Name: '{value}' }),
						token: host.token,
						keepAlive: false,
					},
					'={{ $json.name }}',
				),
			),
		],
		[NODE, await host.run(items, createNode(host))],
	]);
	const medians = await inTurns(ways, rounds);
	printMeasures(`${count} creates, medians of ${rounds} rounds in turns`, medians);
	const ratio = (what: 'inside' | 'insideCpu', other = LOOP) =>
		(medians.get(NODE)?.[what] ?? NaN) / (medians.get(other)?.[what] ?? NaN);
	printGoals([
		{ goal: 'time inside execute : bare loop', is: ratio('inside'), atMost: 1.2 },
		{ goal: 'CPU inside execute : bare loop', is: ratio('insideCpu'), atMost: 1.2 },
		{ goal: 'CPU inside execute : least node', is: ratio('insideCpu', LEAST), atMost: 1.2 },
	]);
}

function createNode({ credential }: BenchHost): WorkflowNode {
	return exactNode(credential, {
		...{ resource: 'account', operation: 'create' },
		division: { __rl: true, mode: 'id', value: String(FIRST_DIVISION) },
		values: { mappingMode: 'defineBelow', value: { Name: '={{ $json.name }}' } },
	});
}

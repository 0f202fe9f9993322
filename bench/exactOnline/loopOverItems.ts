import { httpRequestNode, meNode } from '../../test/e2e/support/exactWorkflows';
import type { BenchHost, Run } from './benchHost';
import { genericNode } from './genericCredential';
import { printGoals, printMeasures, type Goal } from './print';
import { inTurns, type Medians } from './rounds';

const GENERIC = 'HTTP Request, generic OAuth2';
const OURS = "HTTP Request, this package's credential";
const NODE = 'Exact Online node';

/**
 * `current/Me` for each of so many items, in one run of a node and in n8n's *Loop Over Items*, which runs a node
 * once for each item. For every item of the HTTP Request node, and for every run of a node, n8n reads the
 * credential anew and evaluates its expressions.
 */
export async function measureLoopOverItems(
	host: BenchHost,
	count: number,
	rounds: number,
): Promise<void> {
	const items = Array.from({ length: count }, (_none, number) => ({ number }));
	const url = `${host.simulator.url}/api/v1/current/Me`;
	const nodes = [
		[GENERIC, await genericNode(host, url)],
		[OURS, httpRequestNode(host.credential, url)],
		[NODE, meNode(host.credential)],
	] as const;
	const ways = new Map<string, Run>();
	for (const [name, node] of nodes) ways.set(name, await host.run(items, node));
	for (const [name, node] of nodes) ways.set(inLoop(name), await host.runPerItem(items, node));
	const medians = await inTurns(ways, rounds);
	printMeasures(
		`${count} items, ${rounds} rounds in turns, medians, one run and Loop Over Items`,
		medians,
	);
	printGoals([
		...goals(medians, 'HTTP Request, credential of this package : generic', OURS, GENERIC, 1.6),
		...goals(
			medians,
			'Loop Over Items, node : HTTP Request generic',
			inLoop(NODE),
			inLoop(GENERIC),
			0.9,
		),
	]);
}

function inLoop(name: string): string {
	return `${name}, in Loop Over Items`;
}

/** A goal for wall and CPU time; of the two the second says more on a busy machine. */
function goals(medians: Medians, goal: string, is: string, to: string, atMost: number): Goal[] {
	return (['wall', 'cpu'] as const).map((time) => ({
		goal: `${goal}, ${time}`,
		is: (medians.get(is)?.[time] ?? NaN) / (medians.get(to)?.[time] ?? NaN),
		atMost,
	}));
}

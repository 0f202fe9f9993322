import { FIRST_DIVISION } from '../../test/simulators/ExactOnline';
import { exactNode } from '../../test/e2e/support/exactWorkflows';
import { enteredStandIn } from '../../test/support/exactStandIn';
import type { CredentialReference, WorkflowNode } from '../../test/support/n8n';
import { BenchHost, loopNode, rowsNode, type Run } from './benchHost';
import { LongList } from './longList';
import type { Measures } from './nodes/meter';
import { printGoals, printMeasures } from './print';
import { inTurns } from './rounds';

const PAGE_ROWS = 1000;

const NODE = 'Exact Online node';
const LOOP = 'bare keep-alive loop';
const FLOOR = "n8n's floor (rows from memory)";

/** Lists of so many rows through pages of 1,000: Get Many with Return All. */
export async function measureRows(
	host: BenchHost,
	counts: readonly number[],
	rounds: number,
): Promise<void> {
	// One page and a row more, so that there is a next one.
	host.accountIds(PAGE_ROWS + 1);
	const list = await LongList.start(host.simulator.url);
	try {
		const identity = host.newIdentity();
		const stand = enteredStandIn(list.url);
		const credential = await host.exact.connectedCredential(identity, 'Long list', stand);
		const node = await host.run([{}], listNode(credential));
		for (const count of counts) await measureList(host, { list, node, count, rounds });
	} finally {
		await list.close();
	}
}

interface ListMeasure {
	list: LongList;
	node: Run;
	count: number;
	rounds: number;
}

async function measureList(
	host: BenchHost,
	{ list, node, count, rounds }: ListMeasure,
): Promise<void> {
	list.pages = count / PAGE_ROWS;
	const { first, items } = await node();
	const url = list.firstUrl;
	if (items !== count || url === undefined || first === undefined) {
		throw new Error(`${items} rows came, not ${count}, from ${url}.`);
	}
	const order = { method: 'GET', urls: [url], token: host.token, keepAlive: true } as const;
	const ways = new Map<string, Run>([
		[FLOOR, await host.run([{}], rowsNode([first], count))],
		[LOOP, await host.run([{}], loopNode(order))],
		[NODE, node],
	]);
	const medians = await inTurns(ways, rounds);
	printMeasures(`${count} rows in pages, medians of ${rounds} rounds in turns`, medians);
	const ratio = (other: string, what: Exclude<keyof Measures, 'first'>) =>
		(medians.get(NODE)?.[what] ?? NaN) / (medians.get(other)?.[what] ?? NaN);
	// What n8n itself does with so many rows, and what reading them costs at least.
	const handling = (medians.get(FLOOR)?.cpu ?? NaN) - (medians.get(FLOOR)?.insideCpu ?? NaN);
	const least = handling + (medians.get(LOOP)?.insideCpu ?? NaN);
	printGoals([
		{ goal: 'time inside execute : bare loop', is: ratio(LOOP, 'inside'), atMost: 1.3 },
		{ goal: 'CPU inside execute : bare loop', is: ratio(LOOP, 'insideCpu'), atMost: 1.3 },
		{ goal: 'total time : floor', is: ratio(FLOOR, 'wall'), atMost: 1.2 },
		{ goal: 'total CPU : floor', is: ratio(FLOOR, 'cpu'), atMost: 1.2 },
		{
			goal: "total CPU : (n8n's handling of the rows + bare loop)",
			is: (medians.get(NODE)?.cpu ?? NaN) / least,
			atMost: 1.2,
		},
		{ goal: 'peak memory : floor', is: ratio(FLOOR, 'peak'), atMost: 1.2 },
	]);
}

function listNode(credential: CredentialReference): WorkflowNode {
	return exactNode(credential, {
		...{ resource: 'account', operation: 'getAll', returnAll: true },
		division: { __rl: true, mode: 'id', value: String(FIRST_DIVISION) },
	});
}

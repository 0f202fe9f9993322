import { exactNode } from '../../test/e2e/support/exactWorkflows';
import type { WorkflowNode } from '../../test/support/n8n';
import { BenchHost, type Run } from './benchHost';
import { printGoals, printMeasures } from './print';
import { inTurns } from './rounds';

const DIVISIONS = 10;

/** So long Exact Online lets each answer wait, so that it is the waiting that counts and not the machine. */
const ANSWER_MS = 500;

/** Pages of the division that has most. */
const MOST_PAGES = 4;

const PAGE_ROWS = 60;

/** No endpoint with longer pages stands beside it. */
const COST_CENTERS = 'hrm/Costcenters';

const SLOWEST = 'the slowest division alone';
const TOGETHER = `${DIVISIONS} divisions in one go`;
const ONE_BY_ONE = `${DIVISIONS} divisions, an item each`;

/** Ten divisions read at once against the one that has most pages, behind answers that all take the same time. */
export async function measureDivisions(host: BenchHost, rounds: number): Promise<void> {
	const { simulator, credential } = host;
	const divisions = simulator.world.divisions.slice(0, DIVISIONS);
	const [slowest] = divisions;
	for (const division of divisions) {
		const wanted = (division === slowest ? MOST_PAGES : 1) * PAGE_ROWS;
		const known = simulator.rows(division, COST_CENTERS).length;
		const rows = Array.from({ length: Math.max(0, wanted - known) }, (_none, index) => ({
			...{ Code: `B${index}`, Description: `Cost center ${index}` },
		}));
		simulator.addRows(division, COST_CENTERS, rows);
	}
	const ways = new Map<string, Run>([
		[SLOWEST, await host.run([{}], listNode(credential, String(slowest)))],
		[TOGETHER, await host.run([{}], listNode(credential, 'current', { ...all(divisions) }))],
		[
			ONE_BY_ONE,
			await host.run(
				divisions.map((division) => ({ division })),
				listNode(credential, '={{ $json.division }}'),
			),
		],
	]);
	simulator.configure({ apiDelayMs: ANSWER_MS });
	const medians = await inTurns(ways, rounds).finally(() => simulator.configure({ apiDelayMs: 0 }));
	printMeasures(
		`${DIVISIONS} divisions, one of ${MOST_PAGES} pages, ${ANSWER_MS} ms an answer, medians of ${rounds} rounds in turns`,
		medians,
	);
	const timeOf = (way: string) => medians.get(way)?.wall ?? NaN;
	printGoals([{ goal: `time : ${SLOWEST}`, is: timeOf(TOGETHER) / timeOf(SLOWEST), atMost: 1.3 }]);
}

function all(divisions: readonly number[]) {
	return { severalDivisions: 'chosen', divisions: divisions.map(String) };
}

function listNode(
	credential: BenchHost['credential'],
	division: string,
	options: Record<string, unknown> = {},
): WorkflowNode {
	return exactNode(credential, {
		...{ resource: 'costCenter', operation: 'getAll', returnAll: true, options },
		division: { __rl: true, mode: 'id', value: division },
	});
}

import { FIRST_DIVISION } from '../../test/simulators/ExactOnline';
import { exactNode, httpRequestNode } from '../../test/e2e/support/exactWorkflows';
import type { WorkflowNode } from '../../test/support/n8n';
import { BenchHost, loopNode, readsNode, type Run } from './benchHost';
import { genericNode } from './genericCredential';
import { printGoals, printMeasures } from './print';
import { inTurns } from './rounds';

const FIELDS = 'Code,Name,Status,Email,Phone,City,Country,VATNumber,ID';

const NODE = 'Exact Online node';
const LOOP = 'bare keep-alive loop';
const FLOOR = "n8n's floor (Set)";
const LEAST = 'least node (reads its expression, sends)';
const GENERIC = "HTTP Request, n8n's generic OAuth2";
const OURS = "HTTP Request, this package's credential";

/** Ways to ask for so many records by their keys, one expression for each item. */
async function waysOfGets(host: BenchHost, count: number): Promise<Map<string, Run>> {
	const ids = host.accountIds(count);
	const items = ids.map((id) => ({ id }));
	const url = (id: string) => host.url(`crm/Accounts(guid'${id}')?$select=${FIELDS}`);
	const urlByExpression = `=${url('{{ $json.id }}')}`;
	const order = { method: 'GET', urls: ids.map(url), token: host.token, keepAlive: true } as const;
	return new Map<string, Run>([
		[FLOOR, await host.run(items, setNode())],
		[LOOP, await host.run([{}], loopNode(order))],
		[
			LEAST,
			await host.run(
				items,
				readsNode(
					{ method: 'GET', url: url('{value}'), token: host.token, keepAlive: true },
					'={{ $json.id }}',
				),
			),
		],
		[NODE, await host.run(items, getNode(host))],
		[GENERIC, await host.run(items, await genericNode(host, urlByExpression))],
		[OURS, await host.run(items, httpRequestNode(host.credential, urlByExpression))],
	]);
}

/** Requests per second of a way, and what part of those of the bare loop that is, by time and by CPU. */
export interface Speed {
	Way: string;
	'Requests per second': string;
	'Share of the bare loop': string;
	'Share by CPU': string;
}

/** How fast the ways are beside each other, medians of so many rounds in turns; n8n's handling of the items is in it. */
export async function speedOfGets(
	host: BenchHost,
	count: number,
	rounds: number,
): Promise<Speed[]> {
	const ways = await waysOfGets(host, count);
	for (const other of [FLOOR, LEAST]) ways.delete(other);
	const medians = await inTurns(ways, rounds);
	const bare = medians.get(LOOP);
	return [...medians].map(([way, { wall, cpu, inside, insideCpu }]) => {
		// The loop has one item and does all within its run.
		const ms = way === LOOP ? (inside ?? NaN) : wall;
		const cpuMs = way === LOOP ? (insideCpu ?? NaN) : cpu;
		return {
			Way: way,
			'Requests per second': ((count / ms) * 1000).toFixed(0),
			'Share of the bare loop': ((bare?.inside ?? NaN) / ms).toFixed(2),
			'Share by CPU': ((bare?.insideCpu ?? NaN) / cpuMs).toFixed(2),
		};
	});
}

/** So many records by their keys, one expression for each item. */
export async function measureGets(host: BenchHost, count: number, rounds: number): Promise<void> {
	const ways = await waysOfGets(host, count);
	const medians = await inTurns(ways, rounds);
	printMeasures(`${count} single GETs, medians of ${rounds} rounds in turns`, medians);
	const wallOf = (way: string) => medians.get(way)?.wall ?? NaN;
	const sum = wallOf(FLOOR) + (medians.get(LOOP)?.insideCpu ?? NaN);
	const cpuOf = (way: string) => medians.get(way)?.cpu ?? NaN;
	const cpuSum = cpuOf(FLOOR) + (medians.get(LOOP)?.insideCpu ?? NaN);
	const perRequest = { time: wallOf(NODE) / wallOf(GENERIC), cpu: cpuOf(NODE) / cpuOf(GENERIC) };
	printGoals([
		{ goal: "time : (floor + bare loop's client CPU)", is: wallOf(NODE) / sum, atMost: 1.15 },
		{ goal: 'CPU : (floor + bare loop)', is: cpuOf(NODE) / cpuSum, atMost: 1.15 },
		{ goal: 'CPU : least node', is: cpuOf(NODE) / cpuOf(LEAST), atMost: 1.15 },
		{ goal: 'time : HTTP Request with OAuth2', is: perRequest.time, atMost: 1 / 3.5 },
		{ goal: 'CPU : HTTP Request with OAuth2', is: perRequest.cpu, atMost: 1 / 3.5 },
	]);
}

function getNode({ credential }: BenchHost): WorkflowNode {
	return exactNode(credential, {
		...{ resource: 'account', operation: 'get' },
		division: { __rl: true, mode: 'id', value: String(FIRST_DIVISION) },
		record: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
	});
}

function setNode(): WorkflowNode {
	const id = { id: 'a', name: 'id', type: 'string', value: '={{ $json.id }}' };
	return {
		name: 'Set',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { assignments: { assignments: [id] }, options: {} },
	};
}

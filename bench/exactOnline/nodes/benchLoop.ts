import { Agent } from 'node:http';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { exchange } from './bareExchange';
import { describe } from './describe';
import { inside } from './meter';

/** Requests that a bare loop sends. */
export interface LoopOrder {
	method: 'GET' | 'POST';
	/** One after another; behind each, the pages that its answer leads to. */
	urls: readonly string[];
	/** Sent with each of them. */
	bodies?: readonly string[];
	token: string;
	/** False opens a connection for each request. */
	keepAlive: boolean;
}

/** The least that a client does: one request after another, answers parsed, rows kept. `order` is JSON. */
export class BenchLoop implements INodeType {
	description = describe('benchLoop', ['order']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const order = JSON.parse(this.getNodeParameter('order', 0) as string) as LoopOrder;
		const rows = await inside('loop', async () => await rowsOf(order));
		return [[{ json: { rows: rows.length } }]];
	}
}

async function rowsOf(order: LoopOrder): Promise<unknown[]> {
	const { keepAlive, urls, bodies = [] } = order;
	const agent = new Agent({ keepAlive, maxSockets: 1 });
	const rows: unknown[] = [];
	for (const [index, url] of urls.entries()) {
		let next: string | undefined = url;
		while (next !== undefined) {
			const { d } = JSON.parse(await exchange(order, agent, next, bodies[index])) as Answer;
			const page: unknown[] = Array.isArray(d.results) ? d.results : [d];
			for (const row of page) rows.push(row);
			next = d.__next;
		}
	}
	agent.destroy();
	return rows;
}

interface Answer {
	d: { results?: unknown[]; __next?: string };
}

import { Agent } from 'node:http';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { exchange } from './bareExchange';
import { describe } from './describe';
import { inside } from './meter';

/** A request for each item. `{value}` in the address and in the body stands for what the item gives. */
export interface ReadOrder {
	method: 'GET' | 'POST';
	url: string;
	body?: string;
	token: string;
	keepAlive: boolean;
}

/**
 * The least that a node does: reads its one expression for each item, sends, parses, and gives a row out. `order` is JSON, `value`
 * is the expression.
 */
export class BenchReads implements INodeType {
	description = describe('benchReads', ['order', 'value']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const order = JSON.parse(this.getNodeParameter('order', 0) as string) as ReadOrder;
		const agent = new Agent({ keepAlive: order.keepAlive, maxSockets: 1 });
		return await inside('reads', async () => {
			const output: INodeExecutionData[] = [];
			for (const item of this.getInputData().keys()) {
				const value = String(this.getNodeParameter('value', item));
				const url = order.url.replace('{value}', value);
				const body = order.body?.replace('{value}', value);
				const answer = JSON.parse(await exchange(order, agent, url, body)) as { d: IDataObject };
				output.push({ json: answer.d, pairedItem: { item } });
			}
			agent.destroy();
			return [output];
		});
	}
}

import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { describe } from './describe';
import { inside } from './meter';

/**
 * n8n's own floor: rows from memory, in the process of n8n. `rows` is a list of them as JSON; with `count` so many are made
 * after the first one's pattern.
 */
export class BenchRows implements INodeType {
	description = describe('benchRows', ['rows', 'count']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const rows = this.getNodeParameter('rows', 0) as string;
		const count = Number(this.getNodeParameter('count', 0));
		return await inside('rows', async () => {
			const given = JSON.parse(rows) as IDataObject[];
			const made = count > 0 ? manyOf(given[0] ?? {}, count) : given;
			return await Promise.resolve([made.map((json) => ({ json, pairedItem: { item: 0 } }))]);
		});
	}
}

/** Texts of their own, as parsed ones would be: each row holds as much memory as one that was read. */
function manyOf(pattern: IDataObject, count: number): IDataObject[] {
	const text = JSON.stringify(pattern);
	return Array.from({ length: count }, () => JSON.parse(text) as IDataObject);
}

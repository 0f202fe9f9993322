import { Readable } from 'node:stream';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { describe } from '../../exactOnline/nodes/describe';

/** Length by which the simulator notices that content repeats itself, so that it need not keep it. */
const BLOCK_BYTES = 1_048_576;

/** Made once: it takes longer than a small file takes to upload. */
const block = Buffer.alloc(
	BLOCK_BYTES,
	Uint8Array.from({ length: 251 }, (_none, index) => index),
);

/** Files of so many bytes in n8n's store, one for each item; `bytes` and `count` are numbers. */
export class BenchFile implements INodeType {
	description = describe('benchFile', ['bytes', 'count']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const bytes = Number(this.getNodeParameter('bytes', 0));
		const count = Number(this.getNodeParameter('count', 0));
		const items: INodeExecutionData[] = [];
		for (let index = 0; index < count; index += 1) {
			const content = Readable.from(blocks(bytes), { objectMode: false });
			const name = `scan ${index + 1}.bin`;
			const type = 'application/octet-stream';
			const data = await this.helpers.prepareBinaryData(content, name, type);
			items.push({ json: { number: index + 1 }, binary: { data } });
		}
		return [items];
	}
}

function* blocks(bytes: number): Generator<Buffer> {
	for (let left = bytes; left > 0; left -= BLOCK_BYTES) {
		yield left >= BLOCK_BYTES ? block : block.subarray(0, left);
	}
}

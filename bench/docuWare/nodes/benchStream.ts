import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { describe } from '../../exactOnline/nodes/describe';

/** What a bare stream does. */
export interface StreamOrder {
	way: 'upload' | 'download';
	url: string;
	/** Session cookie of a user of its own. */
	cookie: string;
}

const MEGABYTES = 1_000_000;

/**
 * The least that a client does: each item's file of n8n's store is sent as the body of a request, or one is received into a
 * file. `order` is JSON.
 */
export class BenchStream implements INodeType {
	description = describe('benchStream', ['order']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const order = JSON.parse(this.getNodeParameter('order', 0) as string) as StreamOrder;
		const agent = new Agent({ keepAlive: true, maxSockets: 1 });
		let bytes = 0;
		for (const [index] of this.getInputData().entries()) {
			if (order.way === 'download') bytes += await receive(order, agent);
			else {
				const { id = '' } = this.helpers.assertBinaryData(index, 'data');
				const { fileSize } = await this.helpers.getBinaryMetadata(id);
				await send(order, agent, createReadStream(this.helpers.getBinaryPath(id)), fileSize);
				bytes += fileSize;
			}
		}
		agent.destroy();
		return [[{ json: { megabytes: bytes / MEGABYTES } }]];
	}
}

async function receive({ url, cookie }: StreamOrder, agent: Agent): Promise<number> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-stream-'));
	try {
		const outgoing = request(url, { agent, headers: { Cookie: cookie, Accept: '*/*' } });
		outgoing.end();
		const answer = await answered(outgoing);
		const file = createWriteStream(join(folder, 'file'));
		await pipeline(answer, file);
		return file.bytesWritten;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const BOUNDARY = 'bench-boundary';

const HEAD = [
	`--${BOUNDARY}`,
	'Content-Disposition: form-data; name="document"; filename="document.json"',
	'Content-Type: application/json',
	'',
	JSON.stringify({ Fields: [{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' }] }),
	`--${BOUNDARY}`,
	'Content-Disposition: form-data; name="File[]"; filename="scan.bin"',
	'Content-Type: application/octet-stream',
	'',
	'',
].join('\r\n');

const TAIL = `\r\n--${BOUNDARY}--\r\n`;

/** The same form that the node sends, so that the server has the same to do. */
async function send(
	{ url, cookie }: StreamOrder,
	agent: Agent,
	file: Readable,
	size: number,
): Promise<void> {
	const headers = {
		Cookie: cookie,
		Accept: 'application/json',
		'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
		'Content-Length': String(HEAD.length + size + TAIL.length),
	};
	const outgoing = request(url, { method: 'POST', agent, headers });
	const answer = answered(outgoing);
	outgoing.write(HEAD);
	await pipeline(file, outgoing, { end: false });
	outgoing.end(TAIL);
	const received = await answer;
	received.resume();
	await once(received, 'end');
}

async function answered(outgoing: ReturnType<typeof request>): Promise<IncomingMessage> {
	const received = await new Promise<IncomingMessage>((resolve, reject) => {
		outgoing.once('response', resolve);
		outgoing.once('error', reject);
	});
	if ((received.statusCode ?? 0) >= 300) throw new Error(`Status ${received.statusCode}.`);
	return received;
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { sendWithSession } from '../../../../../nodes/DocuWare/auth/session/sessionRequests';
import type { SessionSource } from '../../../../../nodes/DocuWare/auth/session/sessionSource';
import { readServerAddress } from '../../../../../nodes/DocuWare/platform/serverAddress';

/** More than the system's buffers between two sockets can take. */
const HUGE_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

let server: Server;
let taken: number;

beforeEach(async () => {
	taken = 0;
	server = createServer((_request, response) => {
		const body = new Readable({
			read() {
				taken += CHUNK.length;
				this.push(taken > HUGE_BYTES ? null : CHUNK);
			},
		});
		response.once('close', () => body.destroy());
		body.pipe(response.writeHead(401));
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

it('of a refused download only the start is read, whatever a server sends', async () => {
	const { port } = server.address() as AddressInfo;
	const credential = { kind: 'bearer', accessToken: 'token', lifeMs: 1 } as const;
	const session = { generation: 1, credential, validUntil: Infinity };
	const source = {
		rules: { address: readServerAddress(`http://127.0.0.1:${port}`), allowHttp: true },
		obtain: async () => await Promise.resolve(session),
		replace: async () => await Promise.resolve(session),
		absorb: async () => await Promise.resolve(),
	} as unknown as SessionSource;
	const request = { method: 'GET', url: 'Organizations', responseType: 'stream' } as const;
	const { status, body } = await sendWithSession(source, request);
	expect(status).toBe(401);
	expect((await buffer(body)).length).toBe(64 * 1024);
	expect(taken).toBeLessThan(HUGE_BYTES / 4);
});

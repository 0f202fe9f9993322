import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A host that has nothing to do with Exact Online, and what it was sent. */
export interface StrangerHost {
	/** Origin under another host name than the simulator's. */
	url: string;
	/** Each request with all its headers, as one text. */
	received: string[];
	close(): Promise<void>;
}

/** Starts one; it answers everything with an empty list. */
export async function startStrangerHost(): Promise<StrangerHost> {
	const received: string[] = [];
	const server = createServer((request, response) => {
		received.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`);
		response.setHeader('content-type', 'application/json').end('{"d":{"results":[]}}');
	});
	await new Promise<void>((resolve) => server.listen(0, resolve));
	const { port } = server.address() as AddressInfo;
	return {
		// The simulator is reached by 127.0.0.1.
		url: `http://localhost:${port}`,
		received,
		close: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

import { createServer } from 'node:net';

/** A TCP port on the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	await new Promise<void>((resolve) => server.close(() => resolve()));
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	return address.port;
}

/** The wanted port if nobody listens on it (on any address), else a free one. */
export async function portOrFree(wanted: number): Promise<number> {
	const server = createServer();
	const isFree = await new Promise<boolean>((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(wanted, () => server.close(() => resolve(true)));
	});
	return isFree ? wanted : await freePort();
}

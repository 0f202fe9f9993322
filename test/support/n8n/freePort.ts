import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to whoever asks for any, so that nobody is given a port between this look and its use,
 * which for an n8n are many seconds.
 */
const [FIRST, COUNT] = [10_000, 20_000];

/** Test processes that run side by side have ports of their own. */
const PROCESSES = 4;

/** A TCP port on the loopback address that nobody listens on now, and that this process has not been given yet. */
export async function freePort(): Promise<number> {
	const own = Number(process.env.JEST_WORKER_ID ?? 1) % PROCESSES;
	for (;;) {
		const port = FIRST + randomInt(COUNT / PROCESSES) * PROCESSES + own;
		if (given.has(port)) continue;
		given.add(port);
		if (await isFree(port, '127.0.0.1')) return port;
	}
}

const given = new Set<number>();

/**
 * Whether nobody listens on a port.
 * @param host any address if missing
 */
export async function isFree(port: number, host?: string): Promise<boolean> {
	const server = createServer();
	return await new Promise<boolean>((resolve) => {
		server.once('error', () => resolve(false));
		server.listen({ port, host }, () => server.close(() => resolve(true)));
	});
}

/** The wanted port if nobody listens on it (on any address), else a free one. */
export async function portOrFree(wanted: number): Promise<number> {
	return (await isFree(wanted)) ? wanted : await freePort();
}

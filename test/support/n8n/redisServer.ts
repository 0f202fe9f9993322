import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './freePort';

const BINARY = 'redis-server';

/** Whether this machine has a Redis; tests of n8n's queue mode are skipped without. */
export const hasRedis = spawnSync(BINARY, ['--version']).status === 0;

/** A Redis of its own for the queue of an n8n. */
export interface RedisServer {
	/** What makes n8n run its executions on workers, by way of this Redis. */
	queueMode: Record<string, string>;
	/** Ends it in order, and starts it with the data that it had and on the same port. */
	restart(): Promise<void>;
	close(): Promise<void>;
}

/** Starts it on a free port of the loopback address. */
export async function startRedis(): Promise<RedisServer> {
	const port = await freePort();
	const folder = await mkdtemp(join(tmpdir(), 'redis-'));
	let server = await startOn(port, folder);
	return {
		queueMode: {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(port),
		},
		restart: async () => {
			await end(server);
			server = await startOn(port, folder);
		},
		close: async () => {
			await end(server);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function startOn(port: number, folder: string): Promise<ChildProcess> {
	// With a time for saving, though one that never comes, it saves when it is ended.
	const options = { port: String(port), bind: '127.0.0.1', dir: folder, save: '86400 1' };
	const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
	const server = spawn(BINARY, given, { stdio: 'ignore' });
	while (!(await answers(port))) await delay(50);
	return server;
}

async function end(server: ChildProcess): Promise<void> {
	const ended = once(server, 'exit');
	server.kill();
	await ended;
}

async function answers(port: number): Promise<boolean> {
	const socket = connect(port, '127.0.0.1');
	const outcome = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).then(
		() => !socket.errored,
		() => false,
	);
	socket.destroy();
	return outcome;
}

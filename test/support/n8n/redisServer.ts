import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './freePort';

const BINARY = 'redis-server';

/** Whether this machine has a Redis; tests of n8n's queue mode are skipped without. */
export const hasRedis = spawnSync(BINARY, ['--version']).status === 0;

/** A Redis of its own that keeps nothing, for the queue of an n8n. */
export interface RedisServer {
	/** What makes n8n run its executions on workers, by way of this Redis. */
	queueMode: Record<string, string>;
	close(): Promise<void>;
}

/** Starts it on a free port of the loopback address. */
export async function startRedis(): Promise<RedisServer> {
	const port = await freePort();
	const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'];
	const server = spawn(BINARY, options, { stdio: 'ignore' });
	const ended = once(server, 'exit');
	while (!(await answers(port))) await delay(50);
	return {
		queueMode: {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(port),
		},
		close: async () => {
			server.kill();
			await ended;
		},
	};
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

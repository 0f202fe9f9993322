/**
 * Runs one PostgreSQL for tests as a child process of its own. It takes one word per line on its
 * standard input (`stop`, `start`), answers each with one JSON line, and ends itself, with its
 * server and its data, when that input ends: also when the test process is killed.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { importEmbeddedPostgres } from './reachableBinaries.mjs';

const folder = await mkdtemp(join(tmpdir(), 'vault-postgres-'));
// The server runs as an unprivileged user, who has to pass through this folder.
await chmod(folder, 0o755);
const password = 'test password: ü/@#';
const port = await freePort();
const dataFolder = join(folder, 'data');
const log = [];
const EmbeddedPostgres = await importEmbeddedPostgres(folder);
const server = new EmbeddedPostgres({
	databaseDir: dataFolder,
	port,
	user: 'postgres',
	password,
	authMethod: 'scram-sha-256',
	persistent: true,
	createPostgresUser: process.getuid?.() === 0,
	postgresFlags: [
		'-c',
		'listen_addresses=127.0.0.1',
		'-c',
		`unix_socket_directories=${dataFolder}`,
	],
	onLog: keepLog,
	onError: keepLog,
});

try {
	await server.initialise();
	await server.start();
} catch (error) {
	await rm(folder, { recursive: true, force: true });
	say({ failed: String(error), log });
	process.exit(1);
}
say({ port, password });

createInterface({ input: process.stdin })
	.on('line', (line) => void obey(line.trim()))
	.on('close', () => void end());

async function obey(order) {
	if (order === 'stop') await server.stop();
	if (order === 'start') await server.start();
	say({ done: order });
}

async function end() {
	await server.stop();
	await rm(folder, { recursive: true, force: true });
	process.exit(0);
}

function keepLog(message) {
	log.push(String(message).trim());
	log.splice(0, log.length - 30);
}

function say(message) {
	process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function freePort() {
	const probe = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => probe.once('listening', resolve));
	const { port: free } = probe.address();
	await new Promise((resolve) => probe.close(resolve));
	return free;
}

/**
 * Runs one PostgreSQL for tests as a child process of its own. It takes one word per line on its
 * standard input (`stop`, `start`, `standby`, `crash`), answers each with one JSON line, and ends
 * itself, with its servers and their data, when that input ends: also when the test process is killed.
 */
import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { importEmbeddedPostgres } from './reachableBinaries.mjs';

const folder = await mkdtemp(join(tmpdir(), 'vault-postgres-'));
// The server runs as an unprivileged user, who has to pass through this folder.
await chmod(folder, 0o755);
const password = 'test password: ü/@#';
const dataFolder = join(folder, 'data');
const log = [];
const EmbeddedPostgres = await importEmbeddedPostgres(folder);
let port = await freePort();
let server = serverIn(dataFolder, port);
let standby;

try {
	await server.initialise();
	await startOnFreePort(5);
} catch (error) {
	await rm(folder, { recursive: true, force: true });
	say({ failed: String(error), log });
	process.exit(1);
}
say({ port, password });

createInterface({ input: process.stdin })
	.on('line', (line) => {
		void obey(line.trim()).catch((error) => say({ failed: String(error), log }));
	})
	.on('close', () => void end());

async function obey(order) {
	if (order === 'stop') await server.stop();
	if (order === 'start') await server.start();
	if (order === 'crash') await crash();
	say({ done: order, ...(order === 'standby' && { port: await addStandby() }) });
}

/** Other processes may take a port between the look and the start: then on another one. */
async function startOnFreePort(tries) {
	port = await freePort();
	server = serverIn(dataFolder, port);
	try {
		await server.start();
	} catch (error) {
		if (tries <= 1 || !log.join('').includes('Address already in use')) throw error;
		await startOnFreePort(tries - 1);
	}
}

/** Both begin with the same data; the standby follows by asynchronous streaming. @returns its port */
async function addStandby() {
	const standbyFolder = join(folder, 'standby');
	await server.stop();
	await promisify(execFile)('cp', ['-a', dataFolder, standbyFolder]);
	await server.start();
	await writeFile(join(standbyFolder, 'standby.signal'), '');
	const primary = `host=127.0.0.1 port=${port} user=postgres password='${password}'`;
	await appendFile(
		join(standbyFolder, 'postgresql.auto.conf'),
		`primary_conninfo = '${primary.replaceAll("'", "''")}'\n`,
	);
	const standbyPort = await freePort();
	let follows;
	const following = new Promise((resolve) => (follows = resolve));
	standby = serverIn(standbyFolder, standbyPort, (message) => {
		if (String(message).includes('ready to accept read-only connections')) follows();
	});
	// It starts for good with its promotion only.
	await Promise.race([following, standby.start()]);
	return standbyPort;
}

/** As when the machine of the primary loses its power: no checkpoint, no word to anybody. */
async function crash() {
	const exited = new Promise((resolve) => server.process.once('exit', resolve));
	server.process.kill('SIGQUIT');
	await exited;
	server.process = undefined;
}

function serverIn(databaseDir, serverPort, alsoLog = () => {}) {
	return new EmbeddedPostgres({
		databaseDir,
		port: serverPort,
		user: 'postgres',
		password,
		authMethod: 'scram-sha-256',
		persistent: true,
		// What initdb has written need not outlive the machine. The server itself syncs as anywhere.
		initdbFlags: ['--no-sync'],
		createPostgresUser: process.getuid?.() === 0,
		postgresFlags: [
			'-c',
			'listen_addresses=127.0.0.1',
			'-c',
			`unix_socket_directories=${databaseDir}`,
		],
		onLog: (message) => {
			keepLog(message);
			alsoLog(message);
		},
		onError: keepLog,
	});
}

async function end() {
	await standby?.stop();
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

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Authorization } from '../../nodes/shared/tokenChain/types';
import { ExactOnlineSimulator } from '../simulators/ExactOnline';
import { connect, CREDENTIAL_A } from '../support/chain/chainFixture';
import { makeLater, packPackage } from '../support/n8n';
import { runCommand } from '../support/n8n/runCommand';

/** Life of an access token, in s: each round outlives one. */
const TOKEN_LIFE = 1;

const PROCESS = join(__dirname, 'support', 'tarballProcess.js');

type Answer = { generation: number } | { code: string };

let folder: string;
let simulator: ExactOnlineSimulator;
let authorization: Authorization;
const children: ChildProcess[] = [];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'vault-upgrade-'));
	const tarball = await packPackage(folder);
	await runCommand('tar', ['-xzf', tarball, '-C', folder], folder);
	await cp(join(folder, 'package'), join(folder, 'later'), { recursive: true });
	await makeLater(join(folder, 'later'));
	simulator = await ExactOnlineSimulator.start({
		switches: { accessTokenLifeSeconds: TOKEN_LIFE, minutelyLimit: 10_000 },
	});
	authorization = connect(simulator, CREDENTIAL_A);
});

afterAll(async () => {
	for (const child of children) child.kill('SIGKILL');
	await simulator.close();
	await rm(folder, { recursive: true, force: true });
});

/** Starts a process on an unpacked tarball; all of them share one n8n user folder and so one vault. */
async function start(version: 'package' | 'later'): Promise<ChildProcess> {
	const child = fork(PROCESS, [join(folder, version)], {
		env: {
			PATH: process.env.PATH,
			HOME: folder,
			N8N_USER_FOLDER: join(folder, 'user'),
			N8N_ENCRYPTION_KEY: 'a key for this test',
		},
	});
	children.push(child);
	await once(child, 'message');
	return child;
}

async function token(child: ChildProcess): Promise<Answer> {
	child.send(authorization);
	const [answer] = (await once(child, 'message')) as [Answer];
	return answer;
}

it('an old and a new tarball work on one vault, and renew one chain in turns', async () => {
	const old = await start('package');
	expect(await token(old)).toEqual({ generation: 1 });

	const later = await start('later');
	expect(await token(later)).toEqual(expect.objectContaining({ generation: expect.any(Number) }));
	const generations: number[] = [];
	for (const child of [old, later, old, later]) {
		await delay(TOKEN_LIFE * 1000);
		const answer = await token(child);
		expect(answer).toHaveProperty('generation');
		generations.push((answer as { generation: number }).generation);
	}
	expect(new Set(generations).size).toBe(4);

	const vault = new DatabaseSync(join(folder, 'user', '.n8n', 'exactonline-docuware-vault.sqlite'));
	const version = vault
		.prepare("SELECT value FROM exactonline_docuware_meta WHERE name = 'schema_version'")
		.get();
	vault.close();
	expect(version).toEqual(expect.objectContaining({ value: '3' }));

	const oldStartedAfterwards = await start('package');
	expect(await token(oldStartedAfterwards)).toHaveProperty('generation');
	expect(simulator.counters).toMatchObject({ tooEarly: 0, oldTokenUses: 0 });
});

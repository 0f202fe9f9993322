import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { parseSpillFile } from '../../../nodes/shared/vault/spending/spillFrame';
import { ExactOnlineSimulator } from '../../simulators/ExactOnline';
import { processStates } from '../../support/recordings/processShapes';
import type { AllowedDifference } from '../../support/recordings/recording';
import { openAsRecorded } from '../../support/recordings/storedFormat';
import { RECORDING_KEY } from '../../support/recordings/vaultFolder';
import { until } from '../../support/until';
import {
	CHAIN_DIFFERENCES,
	EXIT_HOLD_DIFFERENCE,
	SCHEMA_DIFFERENCES,
} from './support/commonDifferences';
import type { Connection, Connections } from './support/exactConnections';
import { connectionsAt } from './support/exactConnections';
import { codeOf, sorted, useRecordingBench } from './support/recordingBench';

const allowedDifferences: AllowedDifference[] = [
	...SCHEMA_DIFFERENCES,
	...CHAIN_DIFFERENCES,
	EXIT_HOLD_DIFFERENCE,
	...['vault > location', 'registeredIdentities'].map((field): AllowedDifference => ({
		path: `outputs > get status > ${field}`,
		change: 'removed',
		issue: 8,
		reason:
			'shown only where the administrator has set N8N_EXACTONLINE_DOCUWARE_SHOW_REGISTRATIONS',
	})),
	{
		path: 'processState > exact1 > divisionLists > Map > <host>|<app 0>|credential-a',
		change: 'removed',
		issue: 9,
		reason:
			'remembered per log-in and for minutes, under a longer name; an earlier copy finds nothing and asks',
	},
	...[
		'tables > item > exactCalls2 <host>|<app 0>|3100007',
		'tables > item > exactErrors2 <host>|<app 0>|exactonline|<host>|<app 0>#<user 0>|3100007',
		'words > items > exactCalls2',
		'words > items > exactErrors2',
	].map((path): AllowedDifference => ({
		path,
		change: 'added',
		issue: 10,
		reason: 'calls and errors are counted over all processes; an earlier copy does not look there',
	})),
	...[
		'divisions > Map > <host>|<app 0>|current',
		'divisions > Map > <host>|<app 0>|3100007 > minute',
		'divisions > Map > <host>|<app 0>|3100007 > day',
		'errors > Map > *',
	].map((where): AllowedDifference => ({
		path: `processState > exact1 > ${where}`,
		change: 'removed',
		issue: 10,
		reason:
			'counted in the vault; what an earlier copy has counted here is still kept to, it finds nothing of ours',
	})),
	{
		path: 'outputs > get status > limits',
		change: 'added',
		issue: 10,
		reason: 'what is left of the call limits, beside what was told before',
	},
	{
		path: 'outputs > take over > pending',
		change: 'added',
		is: false,
		issue: 8,
		reason: 'what is not proved yet is put off',
	},
	...[0, 1].map((user): AllowedDifference => ({
		path:
			'processState > tokenChain1 > flights > Map > renew|<vault>|<record exactonline|<host>|' +
			`<app 2>#<user ${user}>>|<client secret: host, app, its secret>|normal|||false`,
		change: 'removed',
		issue: 8,
		reason: 'whoever is served from the pair that it brought alone has a flight of its own',
	})),
	{
		path: 'tables > attempt > *',
		change: 'added',
		issue: 8,
		reason: 'what was done: the own pair first, then the rival',
	},
	{
		path: 'words > attempts > *',
		change: 'added',
		issue: 8,
		reason: 'what was done: the own pair first, then the rival',
	},
	{
		path: 'outputs > spill > save > accepted',
		change: 'added',
		issue: 8,
		reason: 'a save names what it proves',
	},
	...[
		'tables > record > exactonline|<host>|<app 2>#<user 0> > generation',
		'outputs > overtaken > oauthTokenData > access_token',
	].map((path): AllowedDifference => ({
		path,
		change: 'changed',
		issue: 8,
		reason:
			'where the log of attempts does not prove which pair is older, both are kept, the one received last in front',
	})),
	{
		path: 'tables > record > exactonline|<host>|<app 2>#<user 0> > meta > ageUncertain',
		change: 'added',
		is: false,
		issue: 8,
		reason: 'comes with the pair in front',
	},
	{
		path: 'outputs > spill file',
		change: 'changed',
		is: '<folder>/.n8n/exactonline-docuware-spill/<uuid>.spill 600',
		issue: 8,
		reason:
			'a file that is kept open for the next secret; those of earlier versions are still brought in',
	},
	{
		path: 'tables > record > * > meta > firstKept',
		change: 'added',
		is: true,
		issue: 8,
		reason: 'tells that the first pair was never thrown away, which earlier builds did',
	},
	{
		path: 'outputs > spill > save > meta > pairOf',
		change: 'added',
		issue: 8,
		reason: 'a pair that heals a store that fell back is only for those that it belonged to',
	},
	{
		path: 'outputs > spill > save > logIn',
		change: 'added',
		issue: 8,
		reason: 'tells whether the record still stands at the log-in that the secret belongs to',
	},
];

/** Late enough for a refresh, early enough for the token to be used if none is to be had. */
const DUE_SECONDS = 575;

/** The access token has ended. */
const OVER_SECONDS = 601;

const TYPE = 'exactOnlineOAuth2Api';

const bench = useRecordingBench();
let simulator: ExactOnlineSimulator;
let connections: Connections;

beforeAll(async () => {
	simulator = await ExactOnlineSimulator.start();
	connections = connectionsAt(simulator, bench);
});
afterAll(async () => await simulator.close());

const hook = async ({ fields }: Connection) => await bench.hook(TYPE, fields);

const node = async (
	{ fields }: Connection,
	credentialId: string,
	resource: string,
	operation: string,
	parameters = {},
) =>
	await bench.node('exactOnline', {
		...{ type: TYPE, fields, credentialId },
		...{ resource, operation, parameters },
	});

/** Adoption, refresh and the registration of one identity by two credentials. */
async function playRegistration(): Promise<Connection> {
	const first = connections.connect('Connect 1', 0, 0);
	bench.note('hook', await hook(first));
	await connections.letPass(first, DUE_SECONDS);
	await hook(first);
	await node(first, 'credential-a', 'account', 'getAll', { limit: 1 });
	await node(first, 'credential-a', 'division', 'getAll');
	const unknown = { __rl: true, mode: 'id', value: '3fa85f64-5717-4562-b3fc-2c963f66afa6' };
	const missing = node(first, 'credential-a', 'account', 'get', { record: unknown });
	bench.note('missing', await codeOf(missing));
	bench.look();
	const status = await node(first, 'credential-a', 'authorization', 'getStatus');
	bench.note('get status', sorted(status));
	const second = connections.connect('Connect 2', 0, 0);
	const refused = node(second, 'credential-b', 'authorization', 'keepAlive');
	bench.note('second registration', await codeOf(refused));
	// The first one's refresh has the service accept what the second one brought: it is proved then.
	await connections.letPass(second, OVER_SECONDS);
	await hook(first);
	const act = async (operation: string) =>
		await node(second, 'credential-b', 'authorization', operation, { confirmed: true });
	bench.note('take over', await act('takeOverRegistration'));
	bench.note('release', await act('releaseRegistration'));
	const shared = connections.connect('Connect 3', 1, 0, { duplicateRegistration: 'share' });
	await hook(shared);
	await connections.letPass(shared, DUE_SECONDS);
	bench.note('refresh now', await node(shared, 'credential-c', 'authorization', 'refreshNow'));
	bench.note('keep alive', await node(shared, 'credential-c', 'authorization', 'keepAlive'));
	return shared;
}

/** Outcomes of attempts whose answers tell: one identity each. */
async function playRefusals(): Promise<{ wrongSecret: Connection; lost: Connection }> {
	const { token } = simulator.faults;
	for (const [name, user, answer] of [
		['Connect 4', 1, 'tooEarly'],
		['Connect 5', 2, 'tooManyRequests'],
	] as const) {
		const connection = connections.connect(name, 0, user);
		await hook(connection);
		await connections.letPass(connection, DUE_SECONDS);
		token.push({ kind: 'answer', name: answer });
		await hook(connection);
	}
	const wrongSecret = connections.connect('Connect 6', 1, 1, { clientSecret: 'wrong' });
	await hook(wrongSecret);
	await connections.letPass(wrongSecret, OVER_SECONDS);
	bench.note('wrong secret', await codeOf(hook(wrongSecret)));
	const lost = connections.connect('Connect 7', 1, 2);
	await hook(lost);
	await connections.letPass(lost, OVER_SECONDS);
	token.push({ kind: 'lostAnswer' });
	bench.note('lost', await codeOf(hook(lost)));
	return { wrongSecret, lost };
}

/** What is there while a request is under way, and an answer that comes too late. */
async function playUnderWay(): Promise<void> {
	const overtaken = connections.connect('Connect 8', 2, 0);
	const asked = simulator.hold('apiReceived');
	const adopted = hook(overtaken);
	const question = await asked.waiting();
	bench.look();
	question.release();
	await adopted;
	await connections.letPass(overtaken, OVER_SECONDS);
	const refreshed = simulator.hold('tokenProcessed');
	const answer = hook(overtaken);
	const held = await refreshed.waiting();
	bench.look();
	connections.saveElsewhere(overtaken);
	held.release();
	bench.note('overtaken', await answer);
}

/** A token that the store does not take: it waits in a file until the store does. */
async function playSpill(): Promise<void> {
	const connection = connections.connect('Connect 9', 2, 1);
	await hook(connection);
	await connections.letPass(connection, OVER_SECONDS);
	const folder = join(bench.place.folder, '.n8n', 'exactonline-docuware-spill');
	bench.place.raw.run(`CREATE TRIGGER full BEFORE UPDATE OF sealed ON exactonline_docuware_record
		BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
	const answer = hook(connection);
	// The file is there a moment before the process knows that it is safe.
	await until(() => [...unsavedSecrets()].some(({ file }) => file !== undefined));
	const [name = ''] = readdirSync(folder);
	const content = readFileSync(join(folder, name), 'utf8');
	bench.look();
	bench.printVault('spill', { fields: connection.fields, spill: { name, content } });
	noteSpill(join(folder, name), content);
	bench.place.raw.run('DROP TRIGGER full');
	await answer;
	// What is left is the file that is kept open for the next secret.
	const left = readdirSync(folder).map((one) => readFileSync(join(folder, one), 'utf8'));
	expect(left.map((one) => parseSpillFile(one).spill)).toEqual(left.map(() => undefined));
}

function unsavedSecrets(): Set<{ file?: string }> {
	return (processStates().unsavedSecrets1 as Set<{ file?: string }> | undefined) ?? new Set();
}

function noteSpill(file: string, content: string): void {
	const mode = (statSync(file).mode & 0o777).toString(8);
	bench.note('spill file', `${bench.names.inText(file)} ${mode}`);
	const { spill } = parseSpillFile(content);
	if (spill === undefined) throw new Error('the file holds no spill');
	bench.note('spill', spill);
	const { recordId, spentGeneration, sealed } = spill.save;
	const subject = `${recordId}:${spentGeneration + 1}`;
	bench.note('spilled secret', JSON.parse(openAsRecorded(RECORDING_KEY, sealed, subject)));
}

it('keeps rows, words, outputs and state in memory as recorded', async () => {
	const shared = await playRegistration();
	const { wrongSecret, lost } = await playRefusals();
	await playUnderWay();
	await playSpill();
	bench.printVault('exactOnline.vault', {
		connections: { shared: shared.fields, wrongSecret: wrongSecret.fields, lost: lost.fields },
	});
	const unreachable = connections.connect('Connect 10', 2, 2);
	await hook(unreachable);
	await connections.letPass(unreachable, DUE_SECONDS);
	await simulator.close();
	await hook(unreachable);
	bench.expectAsRecorded('exactOnline', { allowedDifferences });
});

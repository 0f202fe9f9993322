import { join } from 'node:path';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { ExactOnlineSimulator } from '../../simulators/exactOnline';
import type { Json } from '../../support/recordings/differences';
import { Placeholders } from '../../support/recordings/placeholders';
import { ProcessShapes, processStates } from '../../support/recordings/processShapes';
import { publishedCredential } from '../../support/recordings/publishedTypes';
import { recordedOutput } from '../../support/recordings/recordedOutput';
import { recordedRun } from '../../support/recordings/recordedRows';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded } from '../../support/recordings/recording';
import { runPublishedNode } from '../../support/recordings/runPublishedNode';
import { fingerprintAsRecorded, sealAsRecorded } from '../../support/recordings/storedFormat';
import type { VaultFolder } from '../../support/recordings/vaultFolder';
import { openVaultFolder, RECORDING_KEY } from '../../support/recordings/vaultFolder';
import { resetProcess } from '../docuWare/support/resetProcess';

const allowedDifferences: AllowedDifference[] = [];

/** Late enough for a refresh, early enough for the token to be used if none is to be had. */
const DUE_SECONDS = 575;

/** One press on Connect: the credential as n8n then stores it. */
interface Connection {
	data: ICredentialDataDecryptedObject;
	clientId: string;
	userId: string;
}

let simulator: ExactOnlineSimulator;
let place: VaultFolder;
let names: Placeholders;
const outputs = new Map<string, unknown>();
const shapes = new ProcessShapes();

beforeAll(async () => {
	simulator = await ExactOnlineSimulator.start();
	place = await openVaultFolder();
	names = new Placeholders()
		.add(simulator.url, 'host')
		.add(place.folder, 'folder')
		.add(String(place.raw.rows('meta').find(({ name }) => name === 'vault_id')?.value), 'vault');
	for (const [index, { clientId }] of simulator.world.apps.entries()) {
		names.add(clientId, `app ${index}`);
	}
	for (const [index, { userId }] of simulator.world.users.entries()) {
		names.add(userId, `user ${index}`);
	}
});

afterAll(async () => {
	await resetProcess();
	await place.close();
	await simulator.close();
});

function connect(name: string, app: number, user: number, fields: IDataObject = {}): Connection {
	const { clientId, clientSecret } = simulator.world.apps[app]!;
	const { userId } = simulator.world.users[user]!;
	const issued = simulator.issueTokens(clientId, userId);
	const connection = {
		clientId,
		userId,
		data: {
			region: 'custom',
			baseUrl: simulator.url,
			clientId,
			clientSecret,
			duplicateRegistration: 'refuse',
			oauthTokenData: {
				access_token: issued.accessToken,
				refresh_token: issued.refreshToken,
				expires_in: '600',
				n8n_expires_at: String(Date.now() + 600_000),
			},
			...fields,
		} as ICredentialDataDecryptedObject,
	};
	nameDigests(name, connection, issued.refreshToken);
	return connection;
}

function nameDigests(name: string, { data, clientId }: Connection, refreshToken: string): void {
	const digest = (purpose: string, ...parts: string[]) =>
		fingerprintAsRecorded(RECORDING_KEY, purpose, simulator.url, clientId, ...parts);
	names
		.add(digest('authorization', refreshToken), `authorization: host, app, token of ${name}`)
		.add(
			digest('client secret', String(data.clientSecret)),
			`client secret: host, app, secret of ${name}`,
		);
}

/** n8n asks for the token before a request of any node. */
async function hook({ data }: Connection): Promise<unknown> {
	const type = publishedCredential('exactOnlineOAuth2Api');
	const answer: unknown = await type.preAuthentication!.call({} as never, { ...data });
	shapes.look();
	return answer;
}

/** Runs an operation of the node with a credential of that id. */
async function node(
	{ data }: Connection,
	credentialId: string,
	resource: string,
	operation: string,
): Promise<unknown> {
	const output = await runPublishedNode('exactOnline', {
		parameters: { resource, operation },
		credentials: { exactOnlineOAuth2Api: { id: credentialId, data } },
		executionId: 'execution-1',
	});
	shapes.look();
	return output;
}

/** The code that a failure ends with. */
async function codeOf(work: Promise<unknown>): Promise<string> {
	const message = await work.then(
		() => '[NONE]',
		(error: unknown) => String(error),
	);
	return /\[([A-Z_]+)\]/.exec(message)?.[1] ?? message;
}

/** Makes one chain older, at the service and in the vault; this process starts anew. */
async function letPass({ clientId, userId }: Connection, seconds: number): Promise<void> {
	simulator.ageChain(clientId, userId, seconds);
	place.raw.run(
		`UPDATE exactonline_docuware_record SET requested_at = requested_at - ?1,
			received_at = received_at - ?1 WHERE identity LIKE ?2`,
		seconds * 1000,
		`%|${clientId}#${userId}`,
	);
	await resetProcess();
}

/** What an earlier version saves meanwhile: the next generation, under a seal of its own. */
function saveMeanwhile({ clientId, userId }: Connection): void {
	const identity = `%|${clientId}#${userId}`;
	const row = place.raw
		.rows('record')
		.find((one) => String(one.identity).endsWith(identity.slice(1)));
	const pair = { accessToken: 'other access', refreshToken: 'other refresh', lifeMs: 600_000 };
	const generation = Number(row!.generation) + 1;
	place.raw.run(
		`UPDATE exactonline_docuware_record SET generation = ?1, sealed = ?2, requested_at = ?3,
			received_at = ?3 WHERE identity LIKE ?4`,
		generation,
		sealAsRecorded(RECORDING_KEY, JSON.stringify(pair), `${String(row!.id)}:${generation}`),
		Date.now(),
		identity,
	);
}

/** Adoption, refresh and the registration of one identity by two credentials. */
async function playRegistration(): Promise<void> {
	const first = connect('Connect 1', 0, 0);
	outputs.set('hook', await hook(first));
	outputs.set('get status', await node(first, 'credential-a', 'authorization', 'getStatus'));
	await letPass(first, DUE_SECONDS);
	await hook(first);
	await node(first, 'credential-a', 'me', 'get');
	const second = connect('Connect 2', 0, 0);
	outputs.set(
		'second registration',
		await codeOf(node(second, 'credential-b', 'authorization', 'keepAlive')),
	);
	outputs.set(
		'take over',
		await node(second, 'credential-b', 'authorization', 'takeOverRegistration'),
	);
	outputs.set(
		'release',
		await node(second, 'credential-b', 'authorization', 'releaseRegistration'),
	);
	const shared = connect('Connect 3', 1, 0, { duplicateRegistration: 'share' });
	await hook(shared);
	await letPass(shared, DUE_SECONDS);
	outputs.set('refresh now', await node(shared, 'credential-c', 'authorization', 'refreshNow'));
	outputs.set('keep alive', await node(shared, 'credential-c', 'authorization', 'keepAlive'));
}

/** Each outcome of an attempt but `notSent`, one identity each. */
async function playOutcomes(): Promise<void> {
	const { token } = simulator.faults;
	const early = connect('Connect 4', 0, 1);
	await hook(early);
	await letPass(early, DUE_SECONDS);
	token.push({ kind: 'answer', name: 'tooEarly' });
	await hook(early);

	const refused = connect('Connect 5', 0, 2);
	await hook(refused);
	await letPass(refused, DUE_SECONDS);
	token.push({ kind: 'answer', name: 'tooManyRequests' });
	await hook(refused);

	const wrongSecret = connect('Connect 6', 1, 1, { clientSecret: 'wrong' });
	await hook(wrongSecret);
	await letPass(wrongSecret, 601);
	outputs.set('wrong secret', await codeOf(hook(wrongSecret)));

	const lost = connect('Connect 7', 1, 2);
	await hook(lost);
	await letPass(lost, 601);
	token.push({ kind: 'lostAnswer' });
	outputs.set('lost', await codeOf(hook(lost)));
}

/** An answer that comes after another process has saved, and one that never comes. */
async function playUnderWay(): Promise<void> {
	const overtaken = connect('Connect 8', 2, 0);
	await hook(overtaken);
	await letPass(overtaken, 601);
	const hold = simulator.hold('tokenProcessed');
	const answer = hook(overtaken);
	const held = await hold.waiting();
	shapes.look();
	saveMeanwhile(overtaken);
	held.release();
	outputs.set('overtaken', await answer);

	const unreachable = connect('Connect 9', 2, 1);
	await hook(unreachable);
	await letPass(unreachable, DUE_SECONDS);
	await simulator.close();
	await hook(unreachable);
}

it('keeps rows, words, outputs and state in memory as recorded', async () => {
	await playRegistration();
	await playOutcomes();
	await playUnderWay();
	const run = recordedRun(place.raw, { key: RECORDING_KEY, names });
	const shown: Record<string, Json> = Object.fromEntries(
		[...outputs].map(([name, output]) => [name, recordedOutput(output, names)]),
	);
	expect(Object.keys(processStates())).not.toEqual([]);
	expectAsRecorded(
		join(__dirname, 'exactOnline.json'),
		{ ...run, outputs: shown, processState: shapes.in(names) },
		{ allowedDifferences, mayGrow: ['processState > **'] },
	);
});

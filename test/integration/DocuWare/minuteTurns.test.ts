import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	hasTurnsToSpare,
	takeTurn,
	waitForTurn,
	type MinuteLimit,
} from '../../../nodes/DocuWare/auth/wire/minuteTurns';
import { storeNow } from '../../../nodes/shared/vault/database/transaction';
import { openVault, openVaultIn, sealerOf } from '../../../nodes/shared/vault/place/openVault';
import { openDatabase } from '../../../nodes/shared/vault/place/openDatabase';
import { vaultLocation } from '../../../nodes/shared/vault/place/location';
import { itemLock, putItem, readItem } from '../../../nodes/shared/vault/rows/items';
import { operation, useNode } from './node/support/nodeFixture';

const { start } = useNode();

/** The times that the vault of this test has noted, oldest first. */
async function noted(scope: string, baseUrl: string): Promise<number[]> {
	const item = await (await openVault()).read(() => readItem(scope, baseUrl.toLowerCase()));
	return JSON.parse(item?.value ?? '[]') as number[];
}

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const SCOPES: Record<MinuteLimit, string> = {
	cabinetLists: 'docuWareCabinetLists1',
	logOns: 'docuWareLogOns1',
};

/** Notes so many turns of now, as all workers together would have taken them. */
async function taken(limit: MinuteLimit, baseUrl: string, turns: number): Promise<void> {
	const name = baseUrl.toLowerCase();
	const vault = await openVault();
	await vault.write(
		function* () {
			const times = Array<number>(turns).fill(yield* storeNow());
			yield* putItem(SCOPES[limit], name, JSON.stringify(times));
		},
		{ lock: itemLock(SCOPES[limit], name) },
	);
}

it('the list of file cabinets is asked for 60 times a minute by all workers together', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'docuware-turns-'));
	const env = { N8N_USER_FOLDER: folder, N8N_ENCRYPTION_KEY: 'an encryption key for tests' };
	const open = async () => {
		const database = await openDatabase(vaultLocation(env), env);
		return await openVaultIn({ database, sealer: await sealerOf(env) }, env);
	};
	const [one, other] = [await open(), await open()];
	try {
		const server = 'https://acme.docuware.cloud/DocuWare/Platform';
		for (let times = 0; times < 30; times += 1) {
			await waitForTurn(one, 'cabinetLists', server);
			await waitForTurn(other, 'cabinetLists', server.toUpperCase());
		}
		expect(await takeTurn(one, 'cabinetLists', server)).toBeGreaterThan(0);
		expect(await takeTurn(one, 'logOns', server)).toBe(0);
		const signal = AbortSignal.timeout(300);
		const waiting = waitForTurn(other, 'cabinetLists', server, signal);
		await waitForTurn(other, 'cabinetLists', 'https://another.docuware.cloud/DocuWare/Platform');
		await expect(waiting).rejects.toThrow();
		expect(signal.aborted).toBe(true);
	} finally {
		await one.close();
		await other.close();
		await rm(folder, { recursive: true, force: true });
	}
});

it('counts whoever asks for the list, a Custom API Call and each page too, and nothing else', async () => {
	const { run, simulator } = await start();
	const baseUrl = `${simulator.url}/DocuWare/Platform`;
	const call = (path: string) => operation('customApiCall', 'call', { method: 'GET', path });
	await run(call('FileCabinets'));
	await run(call('/DocuWare/Platform/filecabinets/?OrgId=1'));
	expect(await noted('docuWareCabinetLists1', baseUrl)).toHaveLength(2);
	await run(call('Organizations'));
	const [cabinet] = simulator.world.fileCabinets;
	await run(call(`FileCabinets/${cabinet?.id}`));
	await run(operation('fileCabinet', 'getAll', {}));
	const times = await noted('docuWareCabinetLists1', baseUrl);
	expect(times).toHaveLength(simulator.counters.requests['GET FileCabinets'] ?? 0);
	expect(times).toHaveLength(3);
});

it.each(['usual', 'other', 'foreign'] as const)(
	'counts the list of file cabinets wherever links lead to it: %s',
	async (linkPaths) => {
		const { run, simulator } = await start({ linkPaths });
		const { items } = await run(operation('fileCabinet', 'getAll', {}));
		expect(items.length).toBeGreaterThan(1);
		const times = await noted('docuWareCabinetLists1', `${simulator.url}/DocuWare/Platform`);
		expect(times).toHaveLength(1);
	},
);

it('a log-on waits for its turn among those of all processes, and is counted', async () => {
	const { run, simulator } = await start({ version: '7.10' });
	const baseUrl = `${simulator.url}/DocuWare/Platform`;
	const scope = 'docuWareLogOns1';
	const vault = await openVault();
	const before = await vault.write(
		function* () {
			// All of the last minute, so that the next one comes in a second.
			const times = Array<number>(60).fill((yield* storeNow()) - 59_000);
			yield* putItem(scope, baseUrl.toLowerCase(), JSON.stringify(times));
			return times;
		},
		{ lock: itemLock(scope, baseUrl.toLowerCase()) },
	);
	await run(operation('session', 'logOn', {}));
	const [time, ...others] = await noted(scope, baseUrl);
	expect(others).toEqual([]);
	expect((time ?? 0) - (before[0] ?? 0)).toBeGreaterThan(60_000);
	expect(simulator.counters.requests['POST Account/Logon']).toBe(1);
});

it('leaves twenty turns of a minute to those who cannot do without the list', async () => {
	await start();
	const server = 'https://acme.docuware.cloud/DocuWare/Platform';
	const vault = await openVault();
	const maySpare = async (turns: number) => {
		await taken('cabinetLists', server, turns);
		return await hasTurnsToSpare(vault, 'cabinetLists', server.toUpperCase());
	};
	expect(await hasTurnsToSpare(vault, 'cabinetLists', server)).toBe(true);
	expect(await maySpare(39)).toBe(true);
	expect(await maySpare(40)).toBe(false);
	// Whoever needs it has it all the same, until there are none.
	expect(await takeTurn(vault, 'cabinetLists', server)).toBe(0);
	expect(await maySpare(60)).toBe(false);
	expect(await takeTurn(vault, 'cabinetLists', server)).toBeGreaterThan(0);
	expect(await hasTurnsToSpare(vault, 'logOns', server)).toBe(true);
});

it('a search, a document and its sections are held back by no list that is used up', async () => {
	const { run, simulator } = await start();
	const baseUrl = `${simulator.url}/DocuWare/Platform`;
	const fileCabinetId = { __rl: true, mode: 'id', value: INVOICES };
	const { items } = await run(
		operation('document', 'upload', {
			...{ fileCabinetId, uploadContent: 'record', dataMode: 'json' },
			json: '{"COMPANY": "Peters"}',
		}),
	);
	await taken('cabinetLists', baseUrl, 60);
	await taken('logOns', baseUrl, 60);
	const [lists, logOns] = [
		await noted(SCOPES.cabinetLists, baseUrl),
		await noted(SCOPES.logOns, baseUrl),
	];
	const documentId = String(items[0]?.json.documentId);
	const document = { fileCabinetId, documentId };
	const found = await run(operation('document', 'search', { fileCabinetId }));
	expect(found.items.map(({ json }) => json.COMPANY)).toEqual(['Peters']);
	await run(operation('document', 'get', document));
	const file = Buffer.from('a page').toString('base64');
	const data = { data: file, mimeType: 'text/plain', fileName: 'a.txt' };
	await run(operation('document', 'appendFile', document), { items: [{ binary: { data } }] });
	const sections = await run(operation('document', 'getSections', document));
	expect(sections.items.map(({ json }) => json.fileName)).toEqual(['a.txt']);
	// Nobody waited for a turn or took one, and there is none: these are the notes of before.
	expect(await noted(SCOPES.cabinetLists, baseUrl)).toEqual(lists);
	expect(await noted(SCOPES.logOns, baseUrl)).toEqual(logOns);
	expect(await takeTurn(await openVault(), 'cabinetLists', baseUrl)).toBeGreaterThan(0);
});

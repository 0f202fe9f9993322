import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeTurn, waitForTurn } from '../../../nodes/DocuWare/auth/wire/minuteTurns';
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

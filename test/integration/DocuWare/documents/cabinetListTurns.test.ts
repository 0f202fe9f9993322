import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cabinetListTurn } from '../../../../nodes/DocuWare/auth/session/cabinetListTurns';
import { openVaultIn, sealerOf } from '../../../../nodes/shared/vault/place/openVault';
import { openDatabase } from '../../../../nodes/shared/vault/place/openDatabase';
import { vaultLocation } from '../../../../nodes/shared/vault/place/location';

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
			await cabinetListTurn(one, server);
			await cabinetListTurn(other, server.toUpperCase());
		}
		const signal = AbortSignal.timeout(300);
		const waiting = cabinetListTurn(other, server, signal);
		await cabinetListTurn(other, 'https://another.docuware.cloud/DocuWare/Platform');
		await expect(waiting).rejects.toThrow();
		expect(signal.aborted).toBe(true);
	} finally {
		await one.close();
		await other.close();
		await rm(folder, { recursive: true, force: true });
	}
});

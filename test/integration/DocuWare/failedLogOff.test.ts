import { proofOf } from '../../../nodes/DocuWare/auth/account/sessionAccount';
import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { closeSession } from '../../../nodes/DocuWare/auth/lifecycle/sessionClosing';
import { SessionKeeper } from '../../../nodes/DocuWare/auth/lifecycle/sessionKeeper';
import { readSession } from '../../../nodes/DocuWare/auth/record/sessionRecord';
import { openUse } from '../../../nodes/DocuWare/auth/record/sessionUses';
import { readEncryptionKey } from '../../../nodes/shared/vault/encryptionKey';
import { vaultLocation } from '../../../nodes/shared/vault/place/location';
import { openDatabase } from '../../../nodes/shared/vault/place/openDatabase';
import { Sealer } from '../../../nodes/shared/vault/sealing';
import { Vault } from '../../../nodes/shared/vault/vault';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { LossyDatabase } from './support/lossyDatabase';
import { useDocuWare } from './support/useDocuWare';

describe('a log-off whose login token the store does not take', () => {
	const bench = useDocuWare();

	it('leaves the session open', async () => {
		const simulator = await bench.simulator();
		const { env } = process;
		const database = new LossyDatabase(await openDatabase(vaultLocation(env), env));
		const vault = await Vault.open(database, new Sealer(await readEncryptionKey(env)), env);
		try {
			const account = readPasswordAccount(passwordRun(simulator).credential);
			const { recordId } = await keeperWithSession(vault, account);
			database.refusesNextEnd = true;
			const closing = closeSession(vault, account, recordId, {
				createTokenFirst: true,
				proof: proofOf(vault, account, recordId),
				hinders: () => false,
				waitMs: 5_000,
			});
			await expect(closing).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
			expect(database.lost).toBe(1);
			expect(simulator.counters).toMatchObject({ logOffs: 0, loginTokens: { made: 1 } });
			expect((await readSession(vault, recordId))?.meta.state).toBe('open');
		} finally {
			await vault.close();
		}
	});
});

describe('a log-off that the server does not carry out', () => {
	const bench = useDocuWare();

	it('leaves the session open, and the next request uses it', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		simulator.faults.push({
			kind: 'status',
			status: 503,
			where: { tags: { route: 'Account/LogOff' } },
		});
		await expect(session.logOff()).rejects.toMatchObject({ code: 'DOCUWARE_LOGOFF_FAILED' });
		expect(await session.status()).toMatchObject({ state: 'open' });
		expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});
});

async function keeperWithSession(vault: Vault, account: ReturnType<typeof readPasswordAccount>) {
	const keeper = await SessionKeeper.create(vault, account);
	await keeper.obtain(openUse(vault, keeper.recordId, 'run-1'));
	return keeper;
}

import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { SessionKeeper } from '../../../nodes/DocuWare/auth/lifecycle/sessionKeeper';
import { isMadeToken } from '../../../nodes/DocuWare/auth/record/madeTokens';
import { readSession, secretsOf } from '../../../nodes/DocuWare/auth/record/sessionRecord';
import { openUse } from '../../../nodes/DocuWare/auth/record/sessionUses';
import { docuWareSession } from '../../../nodes/DocuWare/auth/session/docuWareSession';
import { vaultSource } from '../../../nodes/DocuWare/auth/session/vaultSource';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { readEncryptionKey } from '../../../nodes/shared/vault/encryptionKey';
import { vaultLocation } from '../../../nodes/shared/vault/place/location';
import { openDatabase } from '../../../nodes/shared/vault/place/openDatabase';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { latestAttempts } from '../../../nodes/shared/vault/rows/attempts';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../nodes/shared/vault/sealing';
import { Vault } from '../../../nodes/shared/vault/vault';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { LossyDatabase } from './support/lossyDatabase';
import { ENGINES } from './support/sessionStore';
import { until } from '../../support/until';
import { useDocuWare } from './support/useDocuWare';

const AT_LOG_ON = { where: { tags: { route: 'Account/Logon' } } };

describe.each(ENGINES)('a log-on that is answered late (%s)', (engine) => {
	const bench = useDocuWare(engine);

	// A refresh kills what an earlier refresh has brought; a log-on does not, and that session books a licence.
	it('after another one was saved is given back, and the saved session stays', async () => {
		const simulator = await bench.simulator({ everyLogonBooks: true });
		const vault = await openVault();
		const { credential } = passwordRun(simulator);
		const waiting = async (licenceWaitSeconds: number) => {
			const account = readPasswordAccount({ ...credential, licenceWaitSeconds });
			const keeper = await SessionKeeper.create(vault, account);
			const hold = simulator.holds.hold('platform.processed', AT_LOG_ON);
			const session = keeper.obtain(openUse(vault, keeper.recordId, `run-${licenceWaitSeconds}`));
			return { keeper, session, hold: await hold.waiting() };
		};
		const earlier = await waiting(1);
		// As if the process that sent the first one had stood still until its lease was over.
		await vault.write(() => query(`DELETE FROM ${TABLES.lease}`));
		const later = await waiting(2);
		earlier.hold.release();
		expect((await earlier.session).generation).toBe(1);
		later.hold.release();
		const opened = await later.session;
		expect(opened.generation).toBe(1);
		expect(opened.credential).toEqual((await earlier.session).credential);
		expect(simulator.counters).toMatchObject({ logOns: { password: 2 }, logOffs: 1 });
		const outcomes = await vault.read(() => latestAttempts(earlier.keeper.recordId, 10));
		expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['saved', 'superseded']);
	});

	it('keeps the login token that was made meanwhile', async () => {
		const simulator = await bench.simulator();
		const run = passwordRun(simulator);
		const session = await sessionFor(run);
		await session.logOn();
		const vault = await openVault();
		const { recordId } = await SessionKeeper.create(vault, readPasswordAccount(run.credential));
		const hold = simulator.holds.hold('platform.processed', AT_LOG_ON);
		const forced = (await sessionFor(passwordRun(simulator))).logOn({ force: true });
		const held = await hold.waiting();
		const making = session.createLoginToken();
		const stored = async () => {
			const view = await readSession(vault, recordId);
			return view && { ...view, token: secretsOf(vault, view.record).loginToken?.value };
		};
		await until(async () => (await stored())?.token !== undefined);
		held.release();
		await forced;
		const { token } = await making;
		const view = await stored();
		expect(view?.record.generation).toBe(2);
		expect(view?.token).toBe(token);
		expect(view && isMadeToken(vault, view.meta, token)).toBe(true);
	});
});

describe('a login token that the store does not take', () => {
	const bench = useDocuWare();

	it('leaves no attempt open', async () => {
		const simulator = await bench.simulator();
		const { env } = process;
		const database = new LossyDatabase(await openDatabase(vaultLocation(env), env));
		const vault = await Vault.open(database, new Sealer(await readEncryptionKey(env)), env);
		try {
			const account = readPasswordAccount(passwordRun(simulator).credential);
			const session = docuWareSession(await vaultSource(vault, account, 'run-1'));
			await session.logOn();
			database.refusesNextEnd = true;
			await expect(session.createLoginToken()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
			expect(database.lost).toBe(1);
			const { attempts } = await session.status();
			expect(attempts.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
				'loginToken unknown',
				'logon saved',
			]);
		} finally {
			await vault.close();
		}
	});
});

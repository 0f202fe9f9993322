import { proofOf } from '../../../nodes/DocuWare/auth/account/sessionAccount';
import {
	readLoginTokenAccount,
	readPasswordAccount,
} from '../../../nodes/DocuWare/auth/account/credentialData';
import type { SessionAccount } from '../../../nodes/DocuWare/auth/account/sessionAccount';
import { openSession } from '../../../nodes/DocuWare/auth/lifecycle/opening/sessionOpening';
import { closeSession } from '../../../nodes/DocuWare/auth/lifecycle/sessionClosing';
import { SessionKeeper } from '../../../nodes/DocuWare/auth/lifecycle/sessionKeeper';
import { changeSession, readSession } from '../../../nodes/DocuWare/auth/record/sessionRecord';
import { openUse } from '../../../nodes/DocuWare/auth/record/sessionUses';
import { readEncryptionKey } from '../../../nodes/shared/vault/encryptionKey';
import { vaultLocation } from '../../../nodes/shared/vault/place/location';
import { openDatabase } from '../../../nodes/shared/vault/place/openDatabase';
import { latestAttempts } from '../../../nodes/shared/vault/rows/attempts';
import { Sealer } from '../../../nodes/shared/vault/sealing';
import { Vault } from '../../../nodes/shared/vault/vault';
import { counterTable } from './support/counterTable';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { LossyDatabase } from './support/lossyDatabase';
import { ENGINES } from './support/sessionStore';
import { useDocuWare } from './support/useDocuWare';

describe.each(ENGINES)(
	'a single-use login token whose attempt row had no answer on %s',
	(engine) => {
		const bench = useDocuWare(engine);
		const table = counterTable(`Attempt rows without an answer, ${engine}`);
		let database: LossyDatabase;
		let vault: Vault;

		beforeEach(async () => {
			database = new LossyDatabase(await openDatabase(vaultLocation(process.env), process.env));
			const sealer = new Sealer(await readEncryptionKey(process.env));
			vault = await Vault.open(database, sealer, process.env);
		});
		afterEach(async () => {
			database.isAway = false;
			await vault.close();
		});

		const outcomesOf = async (recordId: string) =>
			(await vault.read(() => latestAttempts(recordId, 10)))
				.map(({ kind, outcome }) => `${kind} ${outcome}`)
				.sort();

		it.each(['answer', 'store'] as const)(
			'leaves a single-use token good, %s lost',
			async (loses) => {
				const simulator = await bench.simulator();
				const run = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
				const keeper = await SessionKeeper.create(vault, readLoginTokenAccount(run.credential));
				const use = openUse(vault, keeper.recordId, 'run-1');
				database.loses = loses;
				await expect(keeper.obtain(use)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
				expect(database.lost).toBe(1);
				expect(simulator.counters.loginTokens.used).toBe(0);
				database.isAway = false;
				expect((await keeper.obtain(use)).credential.kind).toBe('cookie');
				expect(simulator.counters.loginTokens).toMatchObject({
					used: 1,
					refused: 0,
					reusedSingle: 0,
				});
				expect(await outcomesOf(keeper.recordId)).toEqual([
					'tokenLogOn notSent',
					'tokenLogOn saved',
				]);
				table.add(`own token, ${loses} lost`, simulator);
			},
		);

		it('leaves the token of the vault good too: no password is sent in its place', async () => {
			const simulator = await bench.simulator();
			const value = issueLoginToken(simulator, 'Single');
			const account: SessionAccount = readPasswordAccount(passwordRun(simulator).credential);
			const keeper = await SessionKeeper.create(vault, account);
			const use = openUse(vault, keeper.recordId, 'run-1');
			await keeper.obtain(use);
			await vault.write(() =>
				changeSession(vault, keeper.recordId, null, (secret, meta) => [
					{
						...secret,
						session: null,
						loginToken: { value, usage: 'Single', expiresAt: null, spent: false },
					},
					{ ...meta, state: 'none' },
				]),
			);
			database.loses = 'answer';
			const anew = { deadGeneration: 1 };
			await expect(keeper.obtain(use, anew)).rejects.toMatchObject({
				code: 'VAULT_UNAVAILABLE',
			});
			expect((await keeper.obtain(use, anew)).generation).toBe(2);
			expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
			expect(simulator.counters.loginTokens.reusedSingle).toBe(0);
			table.add('token of the vault, answer lost', simulator);
		});

		it('does not mean a token that did leave: that one is not sent a second time', async () => {
			const simulator = await bench.simulator();
			const run = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
			const keeper = await SessionKeeper.create(vault, readLoginTokenAccount(run.credential));
			const use = openUse(vault, keeper.recordId, 'run-1');
			const hold = simulator.holds.hold('platform.processed', {
				where: { tags: { route: 'Account/TokenLogOn' } },
			});
			const asked = keeper.obtain(use);
			(await hold.waiting()).drop();
			await expect(asked).rejects.toMatchObject({ requestSent: true });
			await expect(keeper.obtain(use)).rejects.toMatchObject({ code: 'DOCUWARE_TOKEN_USED' });
			expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 0 });
			expect(await outcomesOf(keeper.recordId)).toEqual(['tokenLogOn unknown']);
			table.add('token sent, answer of the server lost', simulator);
		});

		it.each([
			[429, 'tokenLogOn refused'],
			[404, 'tokenLogOn refused'],
			[410, 'tokenLogOn refused'],
		])(
			'is good all the same where the answer %i proves that it was not spent',
			async (status, row) => {
				const simulator = await bench.simulator();
				const run = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
				const keeper = await SessionKeeper.create(vault, readLoginTokenAccount(run.credential));
				const use = openUse(vault, keeper.recordId, 'run-1');
				simulator.faults.push({
					kind: 'status',
					status,
					where: { tags: { route: 'Account/TokenLogOn' } },
				});
				const opened = await keeper.obtain(use);
				expect(['cookie', 'bearer']).toContain(opened.credential.kind);
				expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 0 });
				expect(await outcomesOf(keeper.recordId)).toEqual([row, 'tokenLogOn saved']);
				table.add(`token answered ${status}`, simulator);
			},
		);

		it('is not sent again where the answer proves nothing', async () => {
			const simulator = await bench.simulator();
			const run = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
			const keeper = await SessionKeeper.create(vault, readLoginTokenAccount(run.credential));
			const use = openUse(vault, keeper.recordId, 'run-1');
			simulator.faults.push({
				kind: 'html',
				status: 403,
				where: { tags: { route: 'Account/TokenLogOn' } },
			});
			await expect(keeper.obtain(use)).rejects.toMatchObject({ code: 'DOCUWARE_LOGON_FAILED' });
			await expect(keeper.obtain(use)).rejects.toMatchObject({ code: 'DOCUWARE_TOKEN_USED' });
			expect(await outcomesOf(keeper.recordId)).toEqual(['tokenLogOn unknown']);
		});

		it.each([
			[true, 'loginToken notSent'],
			[false, 'logOff notSent'],
		])('is no log-off: the session stays open (token first: %s)', async (createTokenFirst, row) => {
			const simulator = await bench.simulator();
			const account = readPasswordAccount(passwordRun(simulator).credential);
			const { recordId } = await SessionKeeper.create(vault, account);
			await openSession(vault, account, recordId, {});
			database.loses = 'answer';
			const proof = proofOf(vault, account, recordId);
			const request = { createTokenFirst, proof, hinders: () => false, waitMs: 5_000 };
			await expect(closeSession(vault, account, recordId, request)).rejects.toMatchObject({
				code: 'VAULT_UNAVAILABLE',
			});
			expect(database.lost).toBe(1);
			expect(simulator.counters).toMatchObject({ logOffs: 0, loginTokens: { made: 0 } });
			expect((await readSession(vault, recordId))?.meta.state).toBe('open');
			expect(await outcomesOf(recordId)).toEqual([row, 'logon saved'].sort());
			expect(await closeSession(vault, account, recordId, request)).toMatchObject({
				kind: 'closed',
				loggedOff: true,
			});
			expect(simulator.counters.logOffs).toBe(1);
			table.add(`log-off, token first: ${createTokenFirst}`, simulator);
		});
	},
);

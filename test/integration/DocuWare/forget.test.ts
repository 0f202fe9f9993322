import { readOAuth2Credential } from '../../../nodes/DocuWare/auth/account/credentialData';
import { docuWareTokenChain } from '../../../nodes/DocuWare/auth/tokenChain/chainPolicy';
import { revokeIfForgotten } from '../../../nodes/shared/tokenChain/revocation';
import type { Authorization } from '../../../nodes/shared/tokenChain/types';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { vaultError } from '../../../nodes/shared/vault/vaultErrors';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { connect } from './support/connect';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;
const CONNECTABLE = { version: '7.12', autoConsent: 'api' } as const;
const LOG_OFF = { tags: { route: 'Account/LogOff' } };

async function rows(table: string) {
	const vault = await openVault();
	return await vault.read(() => query(`SELECT * FROM ${table}`));
}

/** The sealed texts of all records, of those that hold any. */
async function sealedTexts(): Promise<string[]> {
	const records = [...(await rows(TABLES.record)), ...(await rows(TABLES.rival))];
	return records.map(({ sealed }) => String(sealed)).filter((text) => text !== '');
}

async function forgetEvents() {
	return (await rows(TABLES.attempt)).filter(({ kind }) => kind === 'forget');
}

/** Runs something before the vault is asked for each lease, counted from now on; its failure is that of the lease. */
async function beforeLeases(work: (nth: number) => Promise<void>): Promise<void> {
	const vault = await openVault();
	const withLease = vault.withLease.bind(vault);
	let leases = 0;
	let isAtWork = false;
	jest.spyOn(vault, 'withLease').mockImplementation(async (name, ...rest) => {
		if (!isAtWork) {
			isAtWork = true;
			leases += 1;
			await work(leases).finally(() => (isAtWork = false));
		}
		return await withLease(name, ...rest);
	});
}

describe('Forget of a session', () => {
	const bench = useDocuWare();

	it('logs it off, overwrites its secrets, and the account begins anew with its password', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 2 });
		const run = passwordRun(simulator);
		const session = await sessionFor(run);
		await session.request(GET);
		await session.createLoginToken();
		const { forgottenAt, ...forgotten } = await session.forget();
		expect(forgotten).toEqual({ loggedOff: true, tokensRevoked: null });
		expect(Date.parse(forgottenAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
		expect(await sealedTexts()).toEqual([]);
		expect(simulator.counters.logOffs).toBe(1);
		expect(await forgetEvents()).toMatchObject([{ outcome: 'noted' }]);
		await expect(session.tokenLogOn()).rejects.toMatchObject({ code: 'DOCUWARE_NO_LOGIN_TOKEN' });
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
	});

	it('asks for the proof of the account, and waits for others unless it is forced', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 3 });
		const own = await sessionFor(passwordRun(simulator));
		await own.request(GET);
		const foreign = await sessionFor(passwordRun(simulator, { password: 'a wrong one' }));
		for (const force of [false, true]) {
			await expect(foreign.forget({ force })).rejects.toMatchObject({
				code: 'DOCUWARE_OTHERS_SESSION',
			});
		}
		await own.logOff({ createTokenFirst: false });
		await expect(foreign.forget()).rejects.toMatchObject({ code: 'DOCUWARE_OTHERS_SESSION' });
		await own.request(GET);
		const other = await sessionFor(passwordRun(simulator));
		await expect(other.forget()).rejects.toMatchObject({ code: 'DOCUWARE_SESSION_IN_USE' });
		expect((await sealedTexts()).length).toBe(1);
		await expect(other.forget({ force: true })).resolves.toMatchObject({ loggedOff: true });
		expect(await sealedTexts()).toEqual([]);
		// Whoever used it begins a session of its own.
		expect((await own.request(GET)).status).toBe(200);
	});

	// Red before: forced, it overwrote whatever stood there, so that the licence of that session stayed booked.
	it('logs a session off too that somebody begins in between, also where it is forced', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 3 });
		const own = await sessionFor(passwordRun(simulator));
		await own.request(GET);
		// Between the log-off and the overwriting.
		await beforeLeases(async (nth) => {
			if (nth === 2) await (await sessionFor(passwordRun(simulator))).request(GET);
		});
		await expect(own.forget({ force: true })).resolves.toMatchObject({ loggedOff: true });
		expect(simulator.counters).toMatchObject({ logOns: { password: 2, token: 0 }, logOffs: 2 });
		expect(await sealedTexts()).toEqual([]);
	});

	// Red before: the log-off of the first session was reported, and the second one's licence stayed booked.
	it('claims no log-off where the session that is overwritten was not logged off', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 3 });
		const own = await sessionFor(passwordRun(simulator));
		await own.request(GET);
		await beforeLeases(async (nth) => {
			if (nth !== 2) return;
			await (await sessionFor(passwordRun(simulator))).request(GET);
			simulator.faults.push({ kind: 'status', status: 503, where: LOG_OFF });
		});
		await expect(own.forget({ force: true })).resolves.toMatchObject({ loggedOff: false });
		expect(simulator.counters).toMatchObject({ logOns: { password: 2, token: 0 }, logOffs: 1 });
		expect(await sealedTexts()).toEqual([]);
	});

	// Red before: an open session was overwritten unasked, because somebody held its lease.
	it('overwrites no open session because the vault had no turn for its log-off', async () => {
		const simulator = await bench.simulator();
		const own = await sessionFor(passwordRun(simulator));
		await own.request(GET);
		const noTurn = vaultError('VAULT_LEASE_TIMEOUT', 'somebody logs on', 'Run again.');
		await beforeLeases(async (nth) => {
			if (nth === 1) await Promise.reject(noTurn);
		});
		await expect(own.forget({ force: true })).rejects.toBe(noTurn);
		expect(simulator.counters.logOffs).toBe(0);
		expect((await own.request(GET)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(1);
	});

	// Red before: it went on as long as somebody logged on in between.
	it('gives up where the session is begun anew again and again', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 30 });
		const own = await sessionFor(passwordRun(simulator));
		await own.request(GET);
		// Between each log-off and the overwriting after it.
		await beforeLeases(async (nth) => {
			if (nth % 2 === 0 && nth <= 20) await own.request(GET);
		});
		await expect(own.forget()).rejects.toMatchObject({ code: 'DOCUWARE_LOGOFF_FAILED' });
		expect((await sealedTexts()).length).toBe(1);
	});

	it('overwrites nothing where DocuWare does not confirm the log-off, unless it is forced', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.request(GET);
		simulator.faults.push({ kind: 'status', status: 503, where: LOG_OFF });
		await expect(session.forget()).rejects.toMatchObject({ code: 'DOCUWARE_LOGOFF_FAILED' });
		expect((await session.request(GET)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(1);
		simulator.faults.push({ kind: 'status', status: 503, where: LOG_OFF });
		await expect(session.forget({ force: true })).resolves.toMatchObject({ loggedOff: false });
		expect(await sealedTexts()).toEqual([]);
	});

	it('drops a login token that is made for it only afterwards', async () => {
		const simulator = await bench.simulator({
			concurrentLicences: 2,
			loginTokenPaths: { organization: true },
		});
		const run = passwordRun(simulator);
		const session = await sessionFor(run);
		await session.request(GET);
		const where = { tags: { route: 'Organization/LoginToken' } };
		const hold = simulator.holds.hold('platform.processed', { where });
		const making = session.createLoginToken();
		const held = await hold.waiting();
		await (await sessionFor(run)).forget({ force: true });
		held.release();
		await making;
		expect(await sealedTexts()).toEqual([]);
	});

	it('of a session without a log-off claims none', async () => {
		const session = await sessionFor(passwordRun(await bench.simulator({ version: '7.12' })));
		await session.request(GET);
		await expect(session.forget()).resolves.toMatchObject({ loggedOff: null });
		expect(await sealedTexts()).toEqual([]);
	});

	it('of a login token keeps in mind that a single one is used up', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 2 });
		const multi = tokenRun(simulator, issueLoginToken(simulator));
		await (await sessionFor(multi)).request(GET);
		await (await sessionFor(multi)).forget({ force: true });
		expect((await (await sessionFor(multi)).request(GET)).status).toBe(200);

		const single = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
		await (await sessionFor(single)).request(GET);
		await (await sessionFor(single)).forget({ force: true });
		const again = await sessionFor(single);
		await expect(again.request(GET)).rejects.toMatchObject({ code: 'DOCUWARE_TOKEN_USED' });
		expect(simulator.counters.loginTokens.reusedSingle).toBe(0);
	});
});

describe('Forget of an app registration', () => {
	const bench = useDocuWare();
	const revocation = 'POST identity:connect/revocation';

	it('takes the refresh token back at the Identity Service; a new Connect begins anew', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const session = await sessionFor(run);
		await session.request(GET);
		await expect(session.forget()).resolves.toMatchObject({
			loggedOff: null,
			tokensRevoked: true,
		});
		expect(await sealedTexts()).toEqual([]);
		expect(await forgetEvents()).toHaveLength(1);
		// There is none left that could be revoked.
		expect(simulator.state.refreshTokens.revoke({})).toBe(0);
		await bench.restart();
		await expect((await sessionFor(run)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_FORGOTTEN',
		});
		expect((await (await sessionFor(await connect(simulator))).request(GET)).status).toBe(200);
	});

	it('takes a pair back that comes too late for a record that was forgotten, and no other', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const session = await sessionFor(run);
		await session.request(GET);
		const chain = await docuWareTokenChain();
		const [record] = await rows(TABLES.record);
		const { authorization } = readOAuth2Credential(run.credential as never, {
			credentialId: null,
			credentialName: null,
			instanceId: null,
		}) as { authorization: Authorization };
		const late = async () =>
			await revokeIfForgotten(chain, String(record?.id), authorization, authorization.pair);
		await late();
		expect(simulator.counters.requests[revocation]).toBeUndefined();
		await session.forget();
		await late();
		expect(simulator.counters.requests[revocation]).toBe(2);
	});

	it('overwrites nothing where the service does not confirm it, unless it is forced', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const session = await sessionFor(run);
		await session.request(GET);
		const where = { path: 'connect/revocation$' };
		simulator.faults.push({ kind: 'status', status: 503, where });
		await expect(session.forget()).rejects.toMatchObject({ code: 'DOCUWARE_REVOCATION_FAILED' });
		expect((await session.request(GET)).status).toBe(200);
		simulator.faults.push({ kind: 'reset', where });
		await expect(session.forget({ force: true })).resolves.toMatchObject({ tokensRevoked: false });
		expect(simulator.counters.requests[revocation]).toBe(2);
		expect(await sealedTexts()).toEqual([]);
	});

	it('tells where the service has no way to take it back', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const session = await sessionFor(await connect(simulator));
		await session.request(GET);
		simulator.faults.push({
			kind: 'status',
			status: 404,
			where: { path: 'openid-configuration$' },
		});
		await expect(session.forget()).resolves.toMatchObject({ tokensRevoked: false });
		expect(await sealedTexts()).toEqual([]);
	});
});

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { changeSession } from '../../../../nodes/DocuWare/auth/record/sessionRecord';
import type { SqlTransaction } from '../../../../nodes/shared/vault/database/transaction';
import { query, storeNow } from '../../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { NodeSettings } from '../../../support/n8nContext';
import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import { until } from '../../../support/until';
import { API_USER, operation, useNode, type NodeFixture } from './support/nodeFixture';

const { start } = useNode();

const session = (name: string, parameters = {}) => operation('session', name, parameters);
const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });

const jsonOf = ({ items }: { items: INodeExecutionData[] }): IDataObject => items[0]?.json ?? {};

function as(fixture: NodeFixture, id: string, changes: Record<string, string | number> = {}) {
	const own = fixture.credential(changes)?.docuWareApi;
	return { credentials: { docuWareApi: { ...own, id } } } as NodeSettings;
}

function changePassword({ world }: DocuWareSimulator, password: string): void {
	world.users.find(({ name }) => name === API_USER.userName)!.password = password;
}

/** A licence for each log-on, so that a second session of one user needs a second one. */
const EACH_BOOKS = { everyLogonBooks: true, timeScale: 1 / 120 } as const;

const withCode = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

describe('a session that a new log-on takes the place of', () => {
	it('by Force is logged off once nobody that was there before uses it', async () => {
		const { run, simulator } = await start({ ...EACH_BOOKS, concurrentLicences: 2 });
		await run(session('logOn'), { executionId: 'one' });
		const hold = simulator.holds.hold('platform.received', {
			where: { tags: { route: 'FileCabinets' } },
		});
		const under = run(listCabinets, { executionId: 'one' });
		await hold.waiting();
		const forced = jsonOf(await run(session('logOn', { force: true }), { executionId: 'two' }));
		expect(forced).toMatchObject({ state: 'open', generation: 2 });
		expect(simulator.counters.logOffs).toBe(0);
		hold.release();
		expect((await under).items).toHaveLength(2);
		await until(() => simulator.counters.logOffs === 1);
		expect((await run(listCabinets)).items).toHaveLength(2);
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it('by a changed password is logged off', async () => {
		const fixture = await start({ ...EACH_BOOKS, concurrentLicences: 2 });
		const { run, simulator } = fixture;
		await run(listCabinets);
		changePassword(simulator, 'a new one');
		await run(listCabinets, as(fixture, 'credential-1', { password: 'a new one' }));
		await until(() => simulator.counters.logOffs === 1);
		expect(simulator.counters.logOns.password).toBe(2);
	});
});

it('a replaced session that the server does not log off just then is logged off later', async () => {
	const { run, simulator } = await start({ ...EACH_BOOKS, concurrentLicences: 2 });
	await run(session('logOn'));
	const where = { tags: { route: 'Account/LogOff' } };
	simulator.faults.push({ kind: 'status', status: 503, where });
	simulator.faults.push({ kind: 'status', status: 429, where });
	await run(session('logOn', { force: true }));
	await until(() => simulator.faults.size === 0);
	expect(simulator.counters.logOffs).toBe(0);
	await until(() => simulator.counters.logOffs === 1);
	expect((await run(listCabinets)).items).toHaveLength(2);
});

// Red before: the page of a proxy counted as the log-off, and the session kept its licence.
it('a replaced session whose log-off a proxy answers with a page is logged off later', async () => {
	const { run, simulator } = await start({ ...EACH_BOOKS, concurrentLicences: 2 });
	await run(session('logOn'));
	const where = { tags: { route: 'Account/LogOff' } };
	simulator.faults.push({ kind: 'html', status: 200, where });
	await run(session('logOn', { force: true }));
	await until(() => simulator.faults.size === 0);
	await until(() => simulator.counters.logOffs === 1);
	expect((await run(listCabinets)).items).toHaveLength(2);
});

it('a replaced session whose log-off fails does not hold up the one behind it', async () => {
	const { run, simulator } = await start({
		...EACH_BOOKS,
		concurrentLicences: 3,
		userAgentBinding: false,
	});
	const open = async (force: boolean) =>
		String(jsonOf(await run(session('logOn', { force, includeSecret: true }))).cookie);
	const where = { tags: { route: 'Account/LogOff' } };
	simulator.faults.push({ kind: 'status', status: 503, where });
	simulator.faults.push({ kind: 'status', status: 503, where, skip: 1, times: Infinity });
	const replaced = [await open(false), await open(true)];
	await open(true);
	await until(() => simulator.counters.logOffs === 1);
	const answers = replaced.map(async (cookie) => {
		const headers = { cookie, accept: 'application/json' };
		return (await fetch(`${simulator.url}/DocuWare/Platform/Organization`, { headers })).status;
	});
	expect(await Promise.all(answers)).toEqual([200, 401]);
	simulator.faults.clear();
	await until(() => simulator.counters.logOffs === 2);
});

it('a replaced session is logged off for nobody who has not proved to be its account', async () => {
	const fixture = await start({ ...EACH_BOOKS, concurrentLicences: 2 });
	const { run, simulator } = fixture;
	await run(session('logOn'));
	const hold = simulator.holds.hold('platform.received', {
		where: { tags: { route: 'FileCabinets' } },
	});
	const under = run(listCabinets);
	await hold.waiting();
	await run(session('logOn', { force: true }));
	await run(session('logOff', { ifOthersUse: 'logOff', createTokenFirst: false }));
	expect(simulator.counters.logOffs).toBe(1);
	const wrong = as(fixture, 'credential-2', { password: 'made up' });
	await expect(
		run(session('forget', { confirmed: true, force: true }), wrong),
	).rejects.toMatchObject(withCode('DOCUWARE_OTHERS_SESSION'));
	expect(simulator.counters.logOffs).toBe(1);
	hold.release();
	await under;
	await until(() => simulator.counters.logOffs === 2);
});

/** As if the use had begun twenty minutes ago, and the session had been replaced so many after it. */
async function replacedMinutesAgo(minutes: number): Promise<void> {
	const vault = await openVault();
	await vault.write(function* (): SqlTransaction<void> {
		const now = yield* storeNow();
		yield* query(`UPDATE ${TABLES.use} SET started_at = $1`, [now - 20 * 60_000]);
		const [row] = yield* query(`SELECT id FROM ${TABLES.record}`);
		const replacedAt = now - minutes * 60_000;
		yield* changeSession(vault, String(row?.id), null, ({ replaced = [], ...secret }, meta) => [
			{ ...secret, replaced: replaced.map((one) => ({ ...one, replacedAt })) },
			meta,
		]);
	});
}

it('a replaced session that is used on is logged off after ten minutes all the same', async () => {
	const { run, simulator } = await start({ ...EACH_BOOKS, concurrentLicences: 2 });
	await run(session('logOn'));
	const hold = simulator.holds.hold('platform.received', {
		where: { tags: { route: 'FileCabinets' } },
	});
	const under = run(listCabinets);
	await hold.waiting();
	await run(session('logOn', { force: true }));
	await replacedMinutesAgo(9);
	const looks = jest.spyOn(await openVault(), 'read');
	await until(() => looks.mock.calls.length >= 2);
	expect(simulator.counters.logOffs).toBe(0);
	await replacedMinutesAgo(10.1);
	await until(() => simulator.counters.logOffs === 1);
	hold.release();
	expect((await under).items).toHaveLength(2);
});

it('every session that Force has replaced is logged off, however many wait for a use to end', async () => {
	const { run, simulator } = await start({ ...EACH_BOOKS, concurrentLicences: 8 });
	await run(session('logOn'), { executionId: 'one' });
	const hold = simulator.holds.hold('platform.received', {
		where: { tags: { route: 'FileCabinets' } },
	});
	const under = run(listCabinets, { executionId: 'one' });
	await hold.waiting();
	for (let times = 0; times < 7; times += 1) await run(session('logOn', { force: true }));
	expect(simulator.counters.logOffs).toBe(0);
	hold.release();
	await under;
	await until(() => simulator.counters.logOffs === 7);
});

describe.each(['afterPassword', 'beforePassword'] as const)(
	'one licence, which the open session of this user books (checked %s)',
	(licenceCheck) => {
		// Without an Identity Service nobody but the log-on itself can tell whether a password is right.
		const ONE = { ...EACH_BOOKS, version: '7.7', concurrentLicences: 1, licenceCheck } as const;

		it('is freed for the changed password of the credential that opened it', async () => {
			const fixture = await start(ONE);
			const { run, simulator } = fixture;
			await run(listCabinets);
			changePassword(simulator, 'a new one');
			const changed = as(fixture, 'credential-1', {
				password: 'a new one',
				licenceWaitSeconds: 10,
			});
			expect((await run(listCabinets, changed)).items).toHaveLength(2);
			expect(simulator.counters).toMatchObject({ logOffs: 1, logOns: { password: 2, token: 0 } });
		});

		it('is freed as soon as nobody uses it, however lately the use began', async () => {
			const fixture = await start(ONE);
			const { run, simulator } = fixture;
			await run(session('logOn'));
			const hold = simulator.holds.hold('platform.received', {
				where: { tags: { route: 'FileCabinets' } },
			});
			const under = run(listCabinets);
			await hold.waiting();
			changePassword(simulator, 'a new one');
			const changes = { password: 'a new one', licenceWaitSeconds: 30 };
			const changed = run(listCabinets, as(fixture, 'credential-1', changes));
			await until(() => simulator.counters.unauthorized.licence > 1);
			expect(simulator.counters.logOffs).toBe(0);
			hold.release();
			expect((await under).items).toHaveLength(2);
			expect((await changed).items).toHaveLength(2);
			expect(simulator.counters).toMatchObject({ logOffs: 1, logOns: { password: 2 } });
		});

		it('is not freed for another credential, and the error names the ways', async () => {
			const fixture = await start(ONE);
			const { run, simulator } = fixture;
			await run(listCabinets);
			for (const password of ['made up', API_USER.password]) {
				if (password === API_USER.password) changePassword(simulator, 'a new one');
				const other = as(fixture, 'credential-2', {
					password: password === API_USER.password ? 'a new one' : password,
				});
				const isHidden = password === 'made up' && licenceCheck === 'afterPassword';
				await expect(run(listCabinets, other)).rejects.toMatchObject(
					isHidden
						? withCode('DOCUWARE_WRONG_PASSWORD')
						: {
								...withCode('DOCUWARE_NO_LICENCE'),
								description: expect.stringContaining('other log-in data'),
							},
				);
			}
			expect(simulator.counters).toMatchObject({ logOffs: 0, logOns: { password: 1 } });
		});
	},
);

describe('Token Log On with the newest token', () => {
	it('asks the server whether the session that is called open still lives', async () => {
		const { run, simulator } = await start({ concurrentLicences: 5, userAgentBinding: false });
		await run(session('createLoginToken'));
		expect(jsonOf(await run(session('tokenLogOn')))).toMatchObject({ openedBy: 'password' });
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
		simulator.revokeSessions();
		const opened = jsonOf(await run(session('tokenLogOn', { includeSecret: true })));
		expect(opened).toMatchObject({ state: 'open', openedBy: 'loginToken', generation: 2 });
		const answer = await fetch(`${simulator.url}/DocuWare/Platform/Organization`, {
			headers: { cookie: String(opened.cookie), accept: 'application/json' },
		});
		expect(answer.status).toBe(200);
	});

	it('fails once with a token that the server no longer takes', async () => {
		const { run, simulator } = await start({ concurrentLicences: 5 });
		const made = jsonOf(await run(session('createLoginToken', { includeSecret: true })));
		await run(session('logOff', { createTokenFirst: false }));
		simulator.state.loginTokens.clear();
		const given = { tokenSource: 'given', token: String(made.loginToken) };
		await expect(run(session('tokenLogOn', given))).rejects.toMatchObject(
			withCode('DOCUWARE_TOKEN_REFUSED'),
		);
		expect(simulator.counters.loginTokens.refused).toBe(1);
	});
});

describe('a login token credential that said Single', () => {
	it('is obeyed when it is corrected to Multi', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const made = jsonOf(await run(session('createLoginToken', { includeSecret: true })));
		const byToken = (usage: string) => ({
			credentials: {
				docuWareTokenApi: {
					id: 'token-1',
					data: { platformUrl: simulator.url, loginToken: String(made.loginToken), usage },
				},
			},
		});
		const list = { ...listCabinets, authentication: 'loginToken' };
		await run(list, byToken('Single'));
		simulator.revokeSessions();
		await expect(run(list, byToken('Single'))).rejects.toMatchObject(
			withCode('DOCUWARE_TOKEN_USED'),
		);
		expect((await run(list, byToken('Multi'))).items).toHaveLength(2);
	});
});

import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { prune } from '../../../nodes/shared/vault/pruning';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { ageVault } from '../../support/vault/ageVault';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe('pruning of sessions', () => {
	const bench = useDocuWare();

	async function use(run: FakeRun): Promise<void> {
		const session = await sessionFor(run);
		await session.request(GET);
		await session.release();
	}

	/** Days pass, and one look by a process that has just begun. */
	async function lookAfter(days: number): Promise<void> {
		await ageVault(await openVault(), days);
		await bench.restart();
		await prune(await openVault());
	}

	async function isEmptied(): Promise<boolean> {
		const vault = await openVault();
		const [record] = await vault.read(() => query(`SELECT sealed FROM ${TABLES.record}`));
		return record?.sealed === '';
	}

	it('empties the record of a session that was logged off; the account begins anew on it', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 2 });
		const run = passwordRun(simulator);
		await use(run);
		const session = await sessionFor(run);
		await session.logOff({ createTokenFirst: false });
		await lookAfter(91);
		await lookAfter(1.1);
		expect(await isEmptied()).toBe(true);
		await use(run);
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
		const vault = await openVault();
		expect(await vault.read(() => query(`SELECT id FROM ${TABLES.record}`))).toHaveLength(1);
	});

	it('keeps the record of a session that was logged off as long as its login token may be good', async () => {
		const session = await sessionFor(passwordRun(await bench.simulator()));
		await session.createLoginToken({ lifetime: '365' });
		await session.logOff({ createTokenFirst: false });
		// The token's own end does not move with the rows: it is a year from now.
		await lookAfter(300);
		await lookAfter(1.1);
		expect(await isEmptied()).toBe(false);
	});

	it('keeps an open cookie session for 400 days, because nobody knows its life', async () => {
		const simulator = await bench.simulator();
		await use(passwordRun(simulator));
		await lookAfter(390);
		await lookAfter(1.1);
		expect(await isEmptied()).toBe(false);
		await lookAfter(15);
		await lookAfter(1.1);
		expect(await isEmptied()).toBe(true);
	});

	it('keeps in mind that a login token for one use was used, by the record that it emptied', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 2 });
		const run = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
		await use(run);
		simulator.revokeSessions();
		await lookAfter(405);
		await lookAfter(1.1);
		expect(await isEmptied()).toBe(true);
		await expect(use(run)).rejects.toMatchObject({ code: 'DOCUWARE_TOKEN_USED' });
		expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 0 });
	});

	it('keeps it in mind as long as such a token can live, whoever shows it', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 2 });
		const session = await sessionFor(passwordRun(simulator));
		const single = await session.createLoginToken({ usage: 'Single', lifetime: '365' });
		await session.logOff({ createTokenFirst: false });
		await (await session.tokenLogOn()).release();
		await session.release();
		simulator.revokeSessions();
		await lookAfter(360);
		const run = tokenRun(simulator, single.token, { usage: 'Multi' });
		await expect(use(run)).rejects.toMatchObject({ code: 'DOCUWARE_TOKEN_USED' });
		expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 0 });
	});

	it('takes a session for used by its marks alone, although nothing else of its record changes', async () => {
		process.env.N8N_EXACTONLINE_DOCUWARE_START_TOKEN = 'off';
		const simulator = await bench.simulator();
		const run = passwordRun(simulator);
		await use(run);
		for (let month = 0; month < 14; month += 1) {
			await lookAfter(30);
			await use(run);
		}
		await lookAfter(1.1);
		expect(await isEmptied()).toBe(false);
		expect(simulator.counters.logOns.password).toBe(1);
		delete process.env.N8N_EXACTONLINE_DOCUWARE_START_TOKEN;
	});

	it('notes the last use of a record at most once a day', async () => {
		process.env.N8N_EXACTONLINE_DOCUWARE_START_TOKEN = 'off';
		const run = passwordRun(await bench.simulator());
		await use(run);
		/** The note of the last use so many hours later, before one more use and after it. */
		const afterHours = async (hours: number) => {
			await ageVault(await openVault(), hours / 24);
			await bench.restart();
			const noted = await lastUse();
			await use(run);
			return { noted, then: await lastUse() };
		};
		const sameDay = await afterHours(23);
		expect(sameDay.then).toBe(sameDay.noted);
		const nextDay = await afterHours(1.1);
		expect(nextDay.then).toBeGreaterThan(nextDay.noted);
		delete process.env.N8N_EXACTONLINE_DOCUWARE_START_TOKEN;
	});

	async function lastUse(): Promise<number> {
		const vault = await openVault();
		const [record] = await vault.read(() => query(`SELECT updated_at FROM ${TABLES.record}`));
		return Number(record?.updated_at);
	}
});

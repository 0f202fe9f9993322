import { isConnectorError } from '../../../nodes/shared/errors';
import type { DocuWareSession } from '../../../nodes/DocuWare/auth/session/sessionTypes';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import type { DocuWareSimulator, SwitchChanges } from '../../simulators/DocuWare';
import type { DataReadingName } from '../../simulators/DocuWare/dataSwitches';
import type { ActionReadingName } from '../../simulators/DocuWare/actionSwitches';
import type { FileReadingName } from '../../simulators/DocuWare/fileSwitches';
import { READINGS, type ReadingName } from '../../simulators/DocuWare/readings';
import type { WebhookReadingName } from '../../simulators/DocuWare/webhooks/webhookSwitches';
import { connect } from './support/connect';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { sessionFor, type FakeRun } from './support/fakeNode';
import { naiveLogOn, naiveRun } from './support/naiveClient';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

const bench = useDocuWare();

/** Starts the simulator with further switches and shows that the package does as it promises. */
type Scenario = (reading: SwitchChanges, value: unknown) => Promise<void>;

async function outcomeOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'done',
		(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
	);
}

async function open(simulator: DocuWareSimulator): Promise<DocuWareSession> {
	const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
	await session.logOn();
	return session;
}

/** Log-on, requests, a session that ends, login token, log-off and the way back. */
async function lifeCycle(reading: SwitchChanges): Promise<void> {
	const simulator = await bench.simulator({ ...reading, concurrentLicences: 9 });
	const session = await open(simulator);
	expect((await session.request(GET)).status).toBe(200);
	await session.release();
	await bench.restart();
	const again = await sessionFor(passwordRun(simulator));
	expect((await again.request({ ...GET, headers: { Accept: 'text/plain' } })).status).toBe(200);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	simulator.revokeSessions();
	expect((await again.request({ ...GET, headers: { Accept: '*/*' } })).status).toBe(200);
	expect(simulator.counters.logOns.password).toBe(2);
	expect((await again.logOff()).loggedOff).toBe(true);
	const back = await again.tokenLogOn();
	expect((await back.request(GET)).status).toBe(200);
	expect(simulator.counters.logOns).toEqual({ password: 2, token: 1 });
}

/** A log-on right after a log-off, with one licence: it comes back to its user at once. */
async function backWithinTheHold(reading: SwitchChanges): Promise<void> {
	const simulator = await bench.simulator({ ...reading, concurrentLicences: 1 });
	await (await open(simulator)).logOff({ createTokenFirst: false });
	await open(simulator);
	expect(simulator.counters.licences).toMatchObject({ returned: 1, refused: 0 });
}

/** One licence, in use by somebody else. */
async function withoutLicence(
	reading: SwitchChanges,
	changes: Record<string, unknown> = {},
): Promise<string> {
	const simulator = await bench.simulator({ ...reading, concurrentLicences: 0 });
	const run = passwordRun(simulator, { licenceWaitSeconds: 0, ...changes });
	return await outcomeOf((await sessionFor(run)).logOn());
}

/** A connection of an app registration through two refreshes. */
async function refreshTwice(reading: SwitchChanges): Promise<void> {
	const simulator = await bench.simulator({ version: '7.12', autoConsent: 'api' });
	const run = await connect(simulator);
	simulator.configure(reading);
	for (const generation of [1, 2, 3]) {
		const session = await sessionFor(run);
		expect((await session.request(GET)).status).toBe(200);
		expect(await session.status()).toMatchObject({ generation });
		await passAnHour();
	}
	expect(simulator.counters.grants.refresh_token).toBe(2);
	expect(simulator.counters.refreshTokens.replayed).toBe(0);
}

async function passAnHour(): Promise<void> {
	const vault = await openVault();
	await vault.write(function* () {
		yield* query(
			`UPDATE ${TABLES.record} SET requested_at = requested_at - 3600000,
				received_at = received_at - 3600000`,
		);
	});
	await bench.restart();
}

async function firstRequest(run: FakeRun): Promise<string> {
	return await outcomeOf((await sessionFor(run)).request(GET));
}

/** A login token made by path and in the form of the reading opens a session. */
async function loginToken(reading: SwitchChanges): Promise<void> {
	const simulator = await bench.simulator({ ...reading, concurrentLicences: 9 });
	const { token } = await (await open(simulator)).createLoginToken();
	expect(simulator.state.loginTokens.all().map(({ value }) => value)).toEqual([token]);
	expect(await firstRequest(tokenRun(simulator, token))).toBe('done');
}

/**
 * Those about files are met by `documents/fileReadings`, those about actions by `documents/actionReadings`, those about
 * data by `dataReadings`, those about webhooks by `webhookReadings`.
 */
const scenarios: Record<
	Exclude<ReadingName, ActionReadingName | FileReadingName | DataReadingName | WebhookReadingName>,
	Scenario
> = {
	emptyCookieTwin: lifeCycle,
	cookieDomain: lifeCycle,
	rememberedCookieDays: lifeCycle,
	requiredCookies: lifeCycle,
	userAgentBinding: lifeCycle,
	redirectWhenNotJson: lifeCycle,
	logonWithCookieShares: async (reading) => {
		const simulator = await bench.simulator({ ...reading, concurrentLicences: 1 });
		const session = await open(simulator);
		const secret = await session.secret();
		const cookie = secret !== undefined && 'cookie' in secret ? secret.cookie : '';
		// The package brings no cookie of a session to a log-on, and rests on nothing that would give.
		expect(await outcomeOf(session.logOn({ force: true }))).toBe('DOCUWARE_NO_LICENCE');
		expect((await session.request(GET)).status).toBe(200);
		expect((await naiveLogOn(simulator, { cookie })).status).toBe(200);
		expect(simulator.counters.licences).toMatchObject({ maxInUse: 1, refused: 1 });
	},
	cookiesFrom711: async (reading, value) => {
		const simulator = await bench.simulator(reading);
		const session = await open(simulator);
		simulator.configure({ version: '7.11' });
		expect((await session.request(GET)).status).toBe(200);
		expect(simulator.counters.grants.password).toBe(value === 'accepted' ? 0 : 1);
	},
	accountLinksFrom711: async (reading) => {
		const simulator = await bench.simulator({ ...reading, version: '7.11' });
		expect(await firstRequest(passwordRun(simulator))).toBe('done');
		expect(simulator.counters.gone).toBe(0);
	},
	everyLogonBooks: async (reading) => {
		const simulator = await bench.simulator({ ...reading, concurrentLicences: 1 });
		await open(simulator);
		simulator.faults.push({
			kind: 'status',
			status: 401,
			where: { tags: { route: 'Organizations' } },
		});
		expect(await firstRequest(passwordRun(simulator))).toBe('done');
		expect(simulator.counters.licences).toMatchObject({ maxInUse: 1, refused: 0 });
	},
	heldLicenceReturnsTo: backWithinTheHold,
	tokenLogOnShares: async (reading) => {
		const simulator = await bench.simulator({ ...reading, concurrentLicences: 1 });
		await open(simulator);
		expect(await firstRequest(tokenRun(simulator, issueLoginToken(simulator)))).toBe('done');
		expect(simulator.counters).toMatchObject({
			logOns: { password: 1, token: 1 },
			licences: { maxInUse: 1, refused: 0 },
		});
	},
	deadLogOff: async (reading) => {
		const simulator = await bench.simulator(reading);
		const session = await open(simulator);
		simulator.revokeSessions();
		expect((await session.logOff({ createTokenFirst: false })).loggedOff).toBe(true);
		expect(simulator.counters).toMatchObject({ logOffsWithoutSession: 1 });
		expect((await session.status()).state).not.toBe('open');
	},
	licenceCheck: async (reading) => {
		const wrong = { password: 'wrong', wayIn: 'cookie' };
		expect(await withoutLicence(reading, wrong)).toBe('DOCUWARE_NO_LICENCE');
	},
	licenceRefusalBody: async (reading) => {
		expect(await withoutLicence(reading)).toBe('DOCUWARE_NO_LICENCE');
	},
	userInfo: refreshTwice,
	refreshTokens: refreshTwice,
	refreshGraceSeconds: refreshTwice,
	clientAuthentication: async (reading, value) => {
		// The package sends id and secret in the body alone, as Exact Online wants it.
		const refreshed = refreshTwice(reading);
		if (value !== 'basic') return await refreshed;
		expect(await outcomeOf(refreshed)).toBe('DOCUWARE_CLIENT_REFUSED');
	},
	bearerBooksLicence: async (reading) => {
		const switches = { ...reading, version: '7.11', concurrentLicences: 1 } as const;
		const simulator = await bench.simulator(switches);
		for (let run = 0; run < 3; run += 1) {
			expect(await firstRequest(passwordRun(simulator))).toBe('done');
			await bench.restart();
		}
		expect(simulator.counters.licences).toMatchObject({ maxInUse: 1, refused: 0 });
	},
	builtInClient: async (reading) => {
		const simulator = await bench.simulator({ ...reading, version: '7.12' });
		expect(await firstRequest(passwordRun(simulator))).toBe('DOCUWARE_APP_REGISTRATION_REQUIRED');
	},
	missingOrganization: async (reading) => {
		const simulator = await bench.simulator({ ...reading, multiOrganization: true });
		expect(await firstRequest(passwordRun(simulator))).toBe('DOCUWARE_ORGANIZATION_UNKNOWN');
	},
	organizationsInPublic: async (reading) => {
		const simulator = await bench.simulator({ ...reading, multiOrganization: true });
		expect(await firstRequest(passwordRun(simulator))).toBe('DOCUWARE_ORGANIZATION_UNKNOWN');
	},
	loginTokenPaths: loginToken,
	loginTokenAnswer: loginToken,
	loginTokenCap: async (reading, value) => {
		await loginToken(reading);
		const session = await open(await bench.simulator(reading));
		expect(await outcomeOf(session.createLoginToken({ lifetime: '40' }))).toBe(
			value === 'silent' ? 'done' : 'DOCUWARE_LOGIN_TOKEN_FAILED',
		);
	},
	tokenSpentOnLicenceRefusal: async (reading) => {
		const simulator = await bench.simulator({ ...reading, concurrentLicences: 1 });
		const session = await open(simulator);
		await session.createLoginToken({ usage: 'Single' });
		await session.logOff({ createTokenFirst: false });
		simulator.advanceClock(120_000);
		const other = { userName: 'peggy.jenkins', password: 'correct horse' };
		expect(await firstRequest(passwordRun(simulator, other))).toBe('done');
		expect(await outcomeOf(session.tokenLogOn())).toBe('DOCUWARE_NO_LICENCE');
		simulator.revokeSessions();
		simulator.advanceClock(120_000);
		expect(await firstRequest(passwordRun(simulator))).toBe('done');
		expect(simulator.counters).toMatchObject({ logOns: { password: 3, token: 0 } });
	},
	retryAfterHeader: async (reading) => {
		const simulator = await bench.simulator({
			...reading,
			perMinuteLimits: { 'account/logon': 1 },
			throttleDelaySeconds: 0,
			// A minute of three seconds, in which the other log-on has to come.
			timeScale: 1 / 20,
		});
		await openVault();
		expect(await naiveRun(simulator)).toBe(200);
		expect(await outcomeOf(open(simulator))).toBe('done');
		expect(simulator.counters.throttled).toBeGreaterThan(0);
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = READINGS[name as ReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of DocuWare', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value }, value);
	});
});

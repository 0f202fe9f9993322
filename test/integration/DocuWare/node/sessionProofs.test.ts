import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { DocuWareApi } from '../../../../credentials/DocuWareApi.credentials';
import { preAuthenticateOAuth2 } from '../../../../nodes/DocuWare/auth/preAuthenticationHook';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { testDocuWareCredential } from '../../../../nodes/DocuWare/auth/credentialTests';
import type { NodeSettings } from '../../../support/n8nContext';
import { isHeldBack } from '../support/nextLooks';
import { until } from '../../../support/until';
import { API_USER, operation, useNode, type NodeFixture } from './support/nodeFixture';

const { start } = useNode();

const session = (name: string, parameters = {}) => operation('session', name, parameters);
const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });
const referring = (parameters: Record<string, unknown>) => ({
	...parameters,
	sessionSource: 'reference',
});

const WRONG = { password: 'made up' };

function jsonOf({ items }: { items: INodeExecutionData[] }): IDataObject {
	const [first] = items;
	if (first === undefined) throw new Error('no item came out');
	return first.json;
}

/** As another credential of the same n8n. */
function as(fixture: NodeFixture, id: string, changes: Record<string, string | number> = {}) {
	const own = fixture.credential(changes)?.docuWareApi;
	return { credentials: { docuWareApi: { ...own, id } } } as NodeSettings;
}

const withCode = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

describe('a credential with a wrong password, beside the open session of the right one', () => {
	const SECRETS = /DWPLATFORMAUTH|loginToken"|dws2/;

	it('learns no more than that there is a session', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run } = fixture;
		await run(session('logOn'));
		await run(session('createLoginToken'));
		const wrong = as(fixture, 'credential-2', WRONG);
		for (const includeSecret of [false, true]) {
			const status = jsonOf(await run(session('getStatus', { includeSecret }), wrong));
			expect(status).toMatchObject({
				sessionReference: null,
				state: 'open',
				openedBy: null,
				openedAt: null,
				generation: 0,
				loginTokenExpiresAt: null,
				otherExecutions: 0,
				attempts: [],
				licenceNote: expect.stringContaining('other log-in data'),
			});
			expect(JSON.stringify(status)).not.toMatch(SECRETS);
		}
		expect(fixture.simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});

	it.each([
		['logOff', 'DOCUWARE_OTHERS_SESSION'],
		['createLoginToken', 'DOCUWARE_WRONG_PASSWORD'],
		['tokenLogOn', 'DOCUWARE_NO_LOGIN_TOKEN'],
		['logOn', 'DOCUWARE_WRONG_PASSWORD'],
	])('gets nothing by %s, and ends nothing', async (name, code) => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		await run(session('createLoginToken'));
		const wrong = as(fixture, 'credential-2', WRONG);
		await expect(
			run(session(name, { force: true, ifOthersUse: 'logOff' }), wrong),
		).rejects.toMatchObject(withCode(code));
		await run(listCabinets);
		expect(simulator.counters.logOffs).toBe(0);
		expect(simulator.counters.loginTokens.made).toBe(1);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});

	it('does not log it off when idle after a run that failed', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		await run(session('logOn'));
		const impatient = { ...WRONG, sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 };
		const wrong = as(fixture, 'credential-2', impatient);
		await expect(run(listCabinets, wrong)).rejects.toMatchObject(
			withCode('DOCUWARE_WRONG_PASSWORD'),
		);
		// Another user's session, used later, is logged off: what was due before it has happened by then.
		const peggy = { userName: 'peggy.jenkins', password: 'correct horse' };
		await run(listCabinets, as(fixture, 'credential-3', { ...impatient, ...peggy }));
		await until(() => simulator.counters.logOffs > 0);
		await run(listCabinets);
		expect(simulator.counters.logOffs).toBe(1);
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it('does not hold up the log-off of its owner while it waits for a licence', async () => {
		const fixture = await start({
			concurrentLicences: 1,
			licenceCheck: 'beforePassword',
			version: '7.7',
			timeScale: 1 / 120,
		});
		const { run, simulator } = fixture;
		await run(session('logOn'));
		const wrong = as(fixture, 'credential-2', { ...WRONG, licenceWaitSeconds: 30 });
		const waiting = run(listCabinets, wrong).catch((error: unknown) => error);
		await until(() => simulator.counters.unauthorized.licence > 0);
		expect(jsonOf(await run(session('getStatus')))).toMatchObject({ otherExecutions: 0 });
		expect(jsonOf(await run(session('logOff')))).toMatchObject({ loggedOff: true });
		expect(await waiting).toMatchObject(withCode('DOCUWARE_WRONG_PASSWORD'));
	});

	it('gets nothing through the hook of other nodes and the credential test', async () => {
		const { run, simulator, credential } = await start({ concurrentLicences: 5 });
		await run(session('logOn'));
		const data = { ...credential(WRONG)!.docuWareApi!.data, sessionGeneration: '' };
		const { authenticate, preAuthentication } = new DocuWareApi();
		await expect(preAuthentication.call({} as never, data as never)).rejects.toThrow(
			'DOCUWARE_WRONG_PASSWORD',
		);
		const url = `${simulator.url}/DocuWare/Platform/Organizations`;
		await expect(authenticate(data as never, { url })).rejects.toThrow('DOCUWARE_WRONG_PASSWORD');
		const tested = await testDocuWareCredential.call({} as never, { data } as never);
		expect(tested).toMatchObject({ status: 'Error' });
		expect(simulator.counters.logOffs).toBe(0);
	});
});

describe('an app registration with a wrong client secret, beside the open session of the right one', () => {
	it('gets nothing of it, by the nodes and by the hook', async () => {
		const { run, simulator } = await start({ version: '7.12' });
		const app = simulator.world.apps[2]!;
		const client = (clientSecret: string) => ({
			platformUrl: simulator.url,
			identityServiceUrl: simulator.identityUrl,
			grantType: 'clientCredentials',
			clientId: app.clientId,
			clientSecret,
		});
		const by = (id: string, data: ReturnType<typeof client>): NodeSettings => ({
			credentials: { docuWareOAuth2Api: { id, data } },
		});
		const right = by('right', client(app.clientSecrets[0]!));
		const wrong = by('wrong', client('made up'));
		const own = (name: string, more = {}) => ({ ...session(name, more), authentication: 'oAuth2' });
		const opened = jsonOf(await run(own('logOn', { includeSecret: true }), right));
		const token = String(opened.accessToken);
		expect(token).toMatch(/^ey/);

		const status = jsonOf(await run(own('getStatus', { includeSecret: true }), wrong));
		expect(status).toMatchObject({ sessionReference: null, generation: 0, attempts: [] });
		expect(JSON.stringify(status)).not.toContain(token);
		for (const [name, code] of [
			['logOn', 'DOCUWARE_CLIENT_REFUSED'],
			['createLoginToken', 'DOCUWARE_CLIENT_REFUSED'],
			['logOff', 'DOCUWARE_OTHERS_SESSION'],
			['tokenLogOn', 'DOCUWARE_CLIENT_REFUSED'],
		] as const) {
			await expect(
				run(own(name, { force: true, ifOthersUse: 'logOff' }), wrong),
			).rejects.toMatchObject(withCode(code));
		}
		const items = [{ json: { sessionReference: opened.sessionReference } }];
		await expect(
			run(referring(own('getStatus', { includeSecret: true })), { ...wrong, items }),
		).rejects.toMatchObject(withCode('DOCUWARE_SESSION_ENDED'));
		await expect(preAuthenticateOAuth2(client('made up') as never)).rejects.toThrow(
			'DOCUWARE_CLIENT_REFUSED',
		);
		const after = jsonOf(await run(own('getStatus', { includeSecret: true }), right));
		expect(after).toMatchObject({ state: 'open', generation: 1, accessToken: token });
		expect(simulator.counters.grants.client_credentials).toBe(1);
	});
});

describe('a session reference', () => {
	async function opened(fixture: NodeFixture) {
		const { items } = await fixture.run(session('logOn'), { executionId: 'one' });
		return { items: items.map(({ json }) => ({ json })), executionId: 'one' };
	}

	it('is worth nothing with a made-up credential of the same server', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const given = await opened(fixture);
		const madeUp: Array<[Record<string, string>, string]> = [
			[{ userName: 'nobody', password: 'x' }, 'DOCUWARE_SESSION_UNKNOWN'],
			[{ userName: 'peggy.jenkins', password: API_USER.password }, 'DOCUWARE_SESSION_UNKNOWN'],
			[WRONG, 'DOCUWARE_SESSION_ENDED'],
		];
		for (const [changes, code] of madeUp) {
			const stranger = { ...given, ...as(fixture, 'credential-2', changes) };
			for (const parameters of [
				listCabinets,
				session('getStatus', { includeSecret: true }),
				session('createLoginToken', { includeSecret: true }),
				session('logOff', { ifOthersUse: 'logOff' }),
				session('logOn'),
				session('tokenLogOn'),
			]) {
				await expect(run(referring(parameters), stranger)).rejects.toMatchObject(withCode(code));
			}
		}
		expect(simulator.counters).toMatchObject({
			logOffs: 0,
			logOns: { password: 1, token: 0 },
			loginTokens: { made: 0 },
		});
	});

	it('is good for a copy of the credential with the same password', async () => {
		const fixture = await start();
		const given = await opened(fixture);
		const copy = { ...given, ...as(fixture, 'credential-2') };
		expect((await fixture.run(referring(listCabinets), copy)).items).toHaveLength(2);
		expect(fixture.simulator.counters.logOns.password).toBe(1);
	});

	it('ends with the password, in words that say so', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const given = await opened(fixture);
		const user = simulator.world.users.find(({ name }) => name === API_USER.userName)!;
		user.password = 'a new one';
		const changed = as(fixture, 'credential-1', { password: 'a new one' });
		await expect(run(referring(listCabinets), { ...given, ...changed })).rejects.toMatchObject({
			message: expect.stringMatching(/other log-in data.*\[DOCUWARE_SESSION_ENDED\]/),
			description: expect.stringContaining('password was changed'),
		});
		const again = await run(session('logOn'), changed);
		const items = again.items.map(({ json }) => ({ json }));
		expect((await run(referring(listCabinets), { items, ...changed })).items).toHaveLength(2);
	});

	it('lasts through a new log-on in between', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const given = await opened(fixture);
		fixture.simulator.revokeSessions();
		expect((await fixture.run(referring(listCabinets), given)).items).toHaveLength(2);
		expect(fixture.simulator.counters.logOns.password).toBe(2);
	});

	it('of a session that the same execution has logged off is refused, and the node to take is named', async () => {
		const fixture = await start();
		const { run } = fixture;
		const given = await opened(fixture);
		await run(referring(session('logOff')), given);
		await expect(run(referring(listCabinets), given)).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_SESSION_ENDED]'),
			description: expect.stringContaining('Token Log On'),
		});
		const status = jsonOf(await run(referring(session('getStatus')), given));
		expect(status).toMatchObject({ state: 'none' });
		const back = jsonOf(await run(referring(session('tokenLogOn')), given));
		expect(back).toMatchObject({ state: 'open', openedBy: 'loginToken' });
		expect((await run(referring(listCabinets), given)).items).toHaveLength(2);
	});
});

describe('the session of a token that was handed over', () => {
	async function openedByToken(fixture: NodeFixture) {
		const { run, credential } = fixture;
		const made = await run(session('createLoginToken', { includeSecret: true }), {
			credentials: credential({ userName: 'peggy.jenkins', password: 'correct horse' }),
		});
		const token = String(jsonOf(made).loginToken);
		const { items } = await run(session('tokenLogOn', { tokenSource: 'given', token }));
		return { items: items.map(({ json }) => ({ json })) };
	}

	it('belongs to the credential that gave it, with the same password, until it is logged off', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run } = fixture;
		const given = await openedByToken(fixture);
		const who = { ...operation('customApiCall', 'call', { path: 'Organizations' }) };
		expect((await run(referring(who), given)).items).toHaveLength(1);
		for (const stranger of [
			as(fixture, 'credential-2'),
			as(fixture, 'credential-1', WRONG),
			as(fixture, 'credential-1', { userName: 'peggy.jenkins', password: 'correct horse' }),
		]) {
			await expect(run(referring(who), { ...given, ...stranger })).rejects.toMatchObject(
				withCode('DOCUWARE_SESSION_UNKNOWN'),
			);
		}
		await run(referring(session('logOff')), given);
		await expect(run(referring(who), given)).rejects.toMatchObject(
			withCode('DOCUWARE_SESSION_ENDED'),
		);
		const back = jsonOf(await run(referring(session('tokenLogOn')), given));
		expect(back).toMatchObject({ state: 'open', openedBy: 'loginToken' });
	});
});

it('the hook tells the policies of two credentials apart', async () => {
	const { simulator, credential } = await start({ concurrentLicences: 5 });
	const { authenticate } = new DocuWareApi();
	const url = `${simulator.url}/DocuWare/Platform/Organizations`;
	const marks = async () => {
		const rows = await (
			await openVault()
		).read(() =>
			query(`SELECT use_id FROM ${TABLES.use} WHERE use_id LIKE 'keep:%' ORDER BY use_id`),
		);
		return rows.map((row) => String(row.use_id));
	};
	const kept = credential({})!.docuWareApi!.data;
	const idle = credential({ sessionPolicy: 'logOffWhenIdle' })!.docuWareApi!.data;
	await authenticate({ ...kept, sessionGeneration: '1' } as never, { url });
	const [mark] = await marks();
	expect(mark).toBeDefined();
	await authenticate({ ...idle, sessionGeneration: '1' } as never, { url });
	expect(await marks()).toEqual([mark]);
	await authenticate({ ...kept, sessionGeneration: '2' } as never, { url });
	expect(await marks()).toEqual([mark]);
});

it('a log-off that ends nothing leaves no line in the log of others', async () => {
	const fixture = await start({ concurrentLicences: 5 });
	const { run } = fixture;
	await run(session('logOn'));
	await run(session('logOff'));
	const wrong = as(fixture, 'credential-2', WRONG);
	await run(session('logOff', { ifOthersUse: 'logOff' }), wrong);
	const { attempts } = jsonOf(await run(session('getStatus')));
	expect((attempts as IDataObject[]).map(({ kind }) => kind)).not.toContain('force');
});

it('what a person forces or has shown stands in the log, with the run', async () => {
	const { run } = await start({ concurrentLicences: 5 });
	const settings = { executionId: 'execution-77' };
	await run(session('logOn', { force: true, includeSecret: true }), settings);
	await run(session('createLoginToken', { includeSecret: true }), settings);
	await run(session('logOff', { ifOthersUse: 'logOff' }), settings);
	const status = jsonOf(await run(session('getStatus')));
	const events = (status.attempts as IDataObject[]).filter(({ outcome }) => outcome === 'noted');
	expect(events.map(({ kind }) => kind)).toEqual([
		'force',
		'includeSecret',
		'includeSecret',
		'force',
	]);
	expect(new Set(events.map(({ detail }) => detail))).toEqual(
		new Set(['workflow workflow-1, execution execution-77']),
	);
});

describe('log off when idle', () => {
	it('is held back by another credential that keeps the session, and by nobody’s own earlier policy', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const idle = { sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 };
		await run(listCabinets, as(fixture, 'keeper'));
		await run(listCabinets, as(fixture, 'idler', idle));
		await until(isHeldBack);
		expect(simulator.counters.logOffs).toBe(0);
		await run(session('logOff', { createTokenFirst: false }), as(fixture, 'keeper'));
		expect(simulator.counters.logOffs).toBe(1);
		await run(listCabinets, as(fixture, 'idler', idle));
		expect(simulator.counters.logOns.password).toBe(2);
		await run(listCabinets, as(fixture, 'keeper', idle));
		await until(() => simulator.counters.logOffs === 2);
	});
});

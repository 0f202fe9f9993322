import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import { invoices } from './fileClient';
import { callPlatform, cookiesOf, logOn, send } from './platformClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

async function control(
	simulator: DocuWareSimulator,
	method: string,
	path: string,
	body?: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
	const answer = await send(`${simulator.url}/__simulator/${path}`, {
		method,
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return { status: answer.status, body: answer.json() as Record<string, unknown> };
}

describe('control interface', () => {
	it('shows counters without counting itself, and resets them', async () => {
		const simulator = await start();
		await callPlatform(simulator, 'GET', '');
		const { body } = await control(simulator, 'GET', 'counters');
		expect(body).toEqual(JSON.parse(JSON.stringify(simulator.counters)));
		expect(body['requests']).toEqual({ 'GET ': 1 });
		await control(simulator, 'POST', 'counters/reset');
		expect(simulator.counters.requests).toEqual({});
	});

	it('changes switches while running and refuses unknown ones', async () => {
		const simulator = await start();
		await control(simulator, 'POST', 'switches', { version: '7.12', perMinuteLimits: { a: 1 } });
		expect((await callPlatform(simulator, 'GET', '')).json()).toMatchObject({
			Version: '7.12.0.87',
		});
		expect((await control(simulator, 'GET', 'switches')).body).toMatchObject({
			perMinuteLimits: { 'account/logon': 60, a: 1 },
		});
		for (const wrong of [{ versoin: '7.7' }, { version: '8' }, { timeScale: 'fast' }]) {
			expect((await control(simulator, 'POST', 'switches', wrong)).status).toBe(400);
		}
	});

	it('revokes sessions, locks users and resets everything', async () => {
		const simulator = await start();
		await logOn(simulator);
		expect((await control(simulator, 'POST', 'sessions/revoke', { userName: 'api' })).body).toEqual(
			{
				revoked: 1,
			},
		);
		await control(simulator, 'POST', 'users/lock', { userName: 'api' });
		expect((await logOn(simulator)).status).toBe(401);
		await control(simulator, 'POST', 'users/lock', { userName: 'api', locked: false });
		expect((await logOn(simulator)).status).toBe(200);
		await control(simulator, 'POST', 'reset');
		expect(simulator.counters).toMatchObject({ logOns: { password: 0 }, licences: { inUse: 0 } });
	});

	it('moves the clock', async () => {
		const simulator = await start({ concurrentLicences: 1 });
		const cookie = cookiesOf(await logOn(simulator));
		await callPlatform(simulator, 'GET', 'Account/LogOff', { headers: { cookie } });
		expect((await logOn(simulator)).status).toBe(401);
		await control(simulator, 'POST', 'clock/advance', { ms: 120_000 });
		expect((await logOn(simulator)).status).toBe(200);
		expect((await control(simulator, 'POST', 'clock/advance', { ms: -1 })).status).toBe(400);
	});

	it('queues faults', async () => {
		const simulator = await start();
		const fault = { kind: 'html', status: 200, where: { tags: { route: 'Account/Logon' } } };
		expect((await control(simulator, 'POST', 'faults', fault)).body).toEqual({ waiting: 1 });
		const answer = await logOn(simulator);
		expect([answer.status, answer.headers.get('content-type')]).toEqual([
			200,
			'text/html; charset=utf-8',
		]);
		expect(simulator.counters.logOns.password).toBe(0);
		expect((await logOn(simulator)).setCookies).not.toEqual([]);
	});

	it('holds a request after the work and lets it go', async () => {
		const simulator = await start();
		const { body } = await control(simulator, 'POST', 'holds', {
			point: 'platform.processed',
			where: { tags: { route: 'Account/Logon' } },
		});
		const logOnAnswer = logOn(simulator);
		const waiting = await control(simulator, 'GET', `holds/${String(body['id'])}/waiting`);
		expect(waiting.body['request']).toMatchObject({ method: 'POST' });
		expect(simulator.counters.logOns.password).toBe(1);
		await control(simulator, 'POST', `holds/${String(body['id'])}/release`);
		expect((await logOnAnswer).status).toBe(200);
	});

	it('carries a request out and loses its answer', async () => {
		const simulator = await start();
		simulator.faults.push({ kind: 'lostAnswer', where: { path: 'Logon$' } });
		await expect(logOn(simulator)).rejects.toThrow();
		expect(simulator.counters).toMatchObject({ logOns: { password: 1 }, statuses: { none: 1 } });
	});

	it('seeds documents and takes them away', async () => {
		const simulator = await start();
		const documents = async (method: string, body: object) =>
			(await control(simulator, method, 'documents', { fileCabinetId: invoices, ...body })).body;
		const values = { COMPANY: 'C{n}', INVOICENO: '{n}', INVOICEDATE: '2026-01-31' };
		expect(await documents('POST', { count: 25_000, values })).toEqual({ first: 1, last: 25_000 });
		expect(simulator.state.documents.find(invoices, 25_000)?.values).toEqual({
			COMPANY: 'C25000',
			INVOICENO: 25_000,
			INVOICEDATE: Date.parse('2026-01-31'),
		});
		expect(await documents('DELETE', { ids: [1, 2, 2] })).toEqual({ removed: 2 });
		expect(await documents('POST', { documents: [{ X: 1 }] })).toEqual({
			error: "There is no field 'X'.",
		});
	});

	it('answers unknown paths and broken bodies as errors', async () => {
		const simulator = await start();
		expect((await control(simulator, 'GET', 'nothing')).status).toBe(404);
		expect((await control(simulator, 'POST', 'users/lock', { userName: 'nobody' })).status).toBe(
			400,
		);
		const broken = await send(`${simulator.url}/__simulator/faults`, { method: 'POST', body: '[' });
		expect(broken.status).toBe(400);
	});
});

describe('start', () => {
	it('listens where it is told and says so', async () => {
		const first = await start();
		const port = Number(new URL(first.url).port);
		const identityPort = Number(new URL(first.identityUrl).port);
		await first.close();
		const simulator = await start({}, { port, identityPort, identityPath: '/DocuWare/Identity' });
		expect(simulator.url).toBe(`http://127.0.0.1:${port}`);
		expect(simulator.identityUrl).toBe(`http://localhost:${identityPort}/DocuWare/Identity`);
		expect(simulator.describe().join('\n')).toContain(simulator.identityUrl);
	});

	it('closes what it has opened when the second port is taken', async () => {
		const first = await start();
		const identityPort = Number(new URL(first.url).port);
		await expect(start({}, { identityPort })).rejects.toThrow('EADDRINUSE');
	});
});

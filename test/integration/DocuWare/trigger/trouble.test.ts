import { ConnectorError } from '../../../../nodes/shared/errors';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { INVOICES, usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);
const where = { tags: { route: 'FileCabinets/{fileCabinetId}/Query/DialogExpression' } };

it('a limit of requests is not waited for: the poll ends without an error, and the next one goes on', async () => {
	const { simulator, store, publish } = await start();
	const trigger = publish();
	await trigger.poll();
	store(2, NOW);
	simulator.faults.push({ kind: 'status', status: 429, where });
	const begun = performance.now();
	expect(await trigger.poll()).toEqual([]);
	expect(simulator.faults.size).toBe(0);
	expect(performance.now() - begun).toBeLessThan(4_000);
	expect(await trigger.ids()).toEqual([1, 2]);
});

it('a limit of requests is the error of a run by hand, which no poll follows', async () => {
	const { simulator, store, change, publish } = await start();
	store(1, NOW);
	change(1, NOW + 1_000);
	const both = publish({ events: ['stored', 'changed'] }, { mode: 'manual' });
	simulator.faults.push({ kind: 'status', status: 429, where, times: 2 });
	await expect(both.poll()).rejects.toThrow('DOCUWARE_THROTTLED');
	expect(simulator.faults.size).toBe(0);
	simulator.faults.push({ kind: 'status', status: 429, where });
	expect(await both.documents()).toMatchObject([{ event: 'changed', documentId: 1 }]);
	expect(both.log).toHaveLength(1);
});

it('a fault of the server is an error once an hour, and loses nothing', async () => {
	const { simulator, store, publish } = await start();
	const trigger = publish();
	await trigger.poll();
	store(2, NOW);
	simulator.faults.push({ kind: 'status', status: 503, where, times: 2 });
	await expect(trigger.poll()).rejects.toThrow('DOCUWARE_SERVER_ERROR');
	expect(await trigger.poll()).toEqual([]);
	expect(simulator.faults.size).toBe(0);
	expect(await trigger.ids()).toEqual([1, 2]);
});

it.each([
	['the search', where],
	['the fields of the file cabinet', { tags: { route: 'FileCabinets/{fileCabinetId}' } }],
])(
	'where DocuWare does not answer when the workflow is published (%s), what is stored meanwhile is found',
	async (_what, refused) => {
		const { simulator, store, publish } = await start();
		store(1, simulator.state.now() - 3_600_000);
		const chosen = { output: 'selected', fieldsToReturn: ['COMPANY'] };
		const trigger = publish(
			{ events: ['stored', 'changed'], ...chosen },
			{ activation: 'activate' },
		);
		simulator.faults.push({ kind: 'status', status: 503, where: refused, times: 2 });
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.log.length).toBeGreaterThan(0);
		simulator.faults.clear();
		const real = Date.now;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
		store(1, simulator.state.now() + 60_000);
		simulator.advanceClock(3_600_000);
		expect(await trigger.ids()).toEqual([2]);
		clock.mockRestore();
	},
);

it.each(['init', 'activate'] as const)(
	'where the vault does not answer when the workflow is published (%s), what is stored meanwhile is found',
	async (activation) => {
		const { simulator, store, publish } = await start();
		store(1, simulator.state.now() - 3_600_000);
		const away = new ConnectorError('VAULT_UNAVAILABLE', 'It is away.', {
			repair: 'Wait.',
			retryable: true,
		});
		const down = jest.spyOn(CursorStore.prototype, 'change').mockRejectedValue(away);
		const first = await publish({}, { activation })
			.poll()
			.catch(({ message }: Error) => message);
		down.mockRestore();
		expect(first).toEqual(
			activation === 'init' ? [] : expect.stringContaining('[VAULT_UNAVAILABLE]'),
		);
		const real = Date.now;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
		store(1, simulator.state.now() + 60_000);
		simulator.advanceClock(3_600_000);
		expect(await publish({}, { activation }).ids()).toEqual([2]);
		clock.mockRestore();
	},
);

/** A fault of each request that a log-on takes, on a server with cookies and on one with an Identity Service. */
const logOns = [
	['the log-on', {}, { tags: { route: 'Account/Logon' } }],
	['what the server says of itself', {}, { path: 'DocuWare/Platform/?$' }],
	['the token endpoint', { version: '7.12' }, { path: 'connect/token$' }],
	[
		'where the Identity Service is',
		{ version: '7.12' },
		{ tags: { route: 'Home/IdentityServiceInfo' } },
	],
] as const;

const faults = [
	['answers 503', { kind: 'status', status: 503 }],
	['breaks off', { kind: 'reset' }],
] as const;

describe.each(logOns)('a passing fault of %s', (_what, switches, refused) => {
	it.each(faults)(
		'that %s does not keep a workflow from being published, and what is stored meanwhile is found',
		async (_how, fault) => {
			const { simulator, store, publish } = await start(switches);
			store(1, simulator.state.now() - 3_600_000);
			const trigger = publish({}, { activation: 'activate' });
			simulator.faults.push({ ...fault, where: refused, times: Infinity });
			expect(await trigger.poll()).toEqual([]);
			expect(trigger.log).toHaveLength(1);
			simulator.faults.clear();
			const real = Date.now;
			const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
			store(1, simulator.state.now() + 60_000);
			simulator.advanceClock(3_600_000);
			expect(await trigger.ids()).toEqual([2]);
			clock.mockRestore();
		},
	);

	it('is one error of the polls, and loses nothing', async () => {
		const { simulator, store, publish } = await start(switches);
		const trigger = publish();
		simulator.faults.push({ kind: 'status', status: 503, where: refused, times: Infinity });
		await expect(trigger.poll()).rejects.toThrow('DOCUWARE_');
		expect(await trigger.poll()).toEqual([]);
		simulator.faults.clear();
		expect(await trigger.poll()).toEqual([]);
		store(1, NOW);
		expect(await trigger.ids()).toEqual([1]);
	});
});

it('a log-on that meets a limit is not waited for either', async () => {
	const { simulator, store, publish, credential } = await start();
	const settings = { credentials: credential({ licenceWaitSeconds: 60 }) };
	const trigger = publish({}, settings);
	const refused = { tags: { route: 'Account/Logon' } };
	simulator.faults.push({ kind: 'status', status: 429, where: refused });
	expect(await trigger.poll()).toEqual([]);
	expect(simulator.counters.requests['POST Account/Logon']).toBe(1);
	expect(await trigger.poll()).toEqual([]);
	expect(simulator.counters.requests['POST Account/Logon']).toBe(2);
	store(1, NOW);
	expect(await trigger.ids()).toEqual([1]);
});

it('a free licence is not waited for: the poll says so at once, and nothing is lost', async () => {
	const { simulator, store, publish, credential } = await start();
	const trigger = publish({}, { credentials: credential({ licenceWaitSeconds: 60 }) });
	await trigger.poll();
	simulator.revokeSessions();
	simulator.configure({ concurrentLicences: 0 });
	store(1, NOW);
	await expect(trigger.poll()).rejects.toThrow('DOCUWARE_NO_LICENCE');
	expect(simulator.counters.requests['POST Account/Logon']).toBe(2);
	simulator.configure({ concurrentLicences: 10 });
	expect(await trigger.ids()).toEqual([1]);
});

describe('the output Connection', () => {
	it('tells a wrong password once, that it is well again once, and keeps records apart', async () => {
		const { simulator, store, publish, credential } = await start();
		const settings = { credentials: credential() };
		const trigger = publish({ connectionOutput: true }, settings);
		expect(await trigger.poll()).toEqual([]);
		const wrong = publish(
			{ connectionOutput: true },
			{ credentials: credential({ password: 'wrong' }) },
		);
		const [documents, connection] = await wrong.poll();
		expect(documents).toEqual([]);
		expect(connection).toMatchObject([
			{ json: { connection: 'broken', code: 'DOCUWARE_WRONG_PASSWORD' } },
		]);
		expect(JSON.stringify(connection)).not.toContain('"wrong"');
		expect(await wrong.poll()).toEqual([]);
		store(1, NOW);
		const [found, well] = await trigger.poll();
		expect(found).toMatchObject([{ json: { documentId: 1 } }]);
		expect(well).toMatchObject([{ json: { connection: 'well' } }]);
		expect(simulator.state.documents.inCabinet(INVOICES)).toHaveLength(1);
		expect(await trigger.poll()).toEqual([]);
	});

	it('is off by default: a broken connection is an error', async () => {
		const { publish, credential } = await start();
		const trigger = publish({}, { credentials: credential({ password: 'wrong' }) });
		await expect(trigger.poll()).rejects.toThrow('DOCUWARE_WRONG_PASSWORD');
		// From then on the text says that nothing was sent since. It is the same failure all the same.
		expect(await trigger.poll()).toEqual([]);
		const real = Date.now;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_001);
		try {
			await expect(trigger.poll()).rejects.toThrow('nothing was sent since');
			expect(await trigger.poll()).toEqual([]);
		} finally {
			clock.mockRestore();
		}
	});
});

import { until } from '../support/until';
import { operation, useNode } from './support/nodeFixture';

const { start } = useNode();

const VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_START_TOKEN';

const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });

const status = operation('session', 'getStatus');

const ONE_LICENCE = { everyLogonBooks: true, concurrentLicences: 1 } as const;

describe('a session that is kept', () => {
	beforeEach(() => {
		process.env[VARIABLE] = 'on';
	});

	it('has a login token ready, and gets its licence back at once when the server ends it', async () => {
		const { run, simulator } = await start(ONE_LICENCE);
		await run(listCabinets);
		await run(listCabinets);
		await until(() => simulator.counters.loginTokens.made === 1);
		await until(async () => {
			const { items } = await run(status);
			return items[0]?.json.loginTokenExpiresAt !== null;
		});
		simulator.revokeSessions();
		expect((await run(listCabinets)).items).toHaveLength(2);
		const { logOns, loginTokens, unauthorized } = simulator.counters;
		expect(logOns).toEqual({ password: 1, token: 1 });
		expect(loginTokens.made).toBe(1);
		expect(unauthorized.licence).toBe(0);
	});

	it('asks once where the server refuses such tokens, and fails nothing', async () => {
		const { run, simulator } = await start(ONE_LICENCE);
		const refusal = {
			kind: 'status',
			status: 403,
			where: { tags: { route: 'Organization/LoginToken' } },
		};
		simulator.faults.push(refusal as never);
		await run(listCabinets);
		await run(listCabinets);
		await until(() => simulator.faults.size === 0);
		await until(async () => {
			const { items } = await run(status);
			return JSON.stringify(items[0]?.json.attempts).includes('loginToken');
		});
		for (let runs = 0; runs < 3; runs += 1) await run(listCabinets);
		expect(simulator.counters.loginTokens.made).toBe(0);
	});

	it('has none where the administrator switches it off', async () => {
		process.env[VARIABLE] = 'off';
		const { run, simulator } = await start(ONE_LICENCE);
		await run(listCabinets);
		const { items } = await run(status);
		expect(items[0]?.json.loginTokenExpiresAt).toBeNull();
		expect(simulator.counters.loginTokens.made).toBe(0);
	});

	it('has none where it is logged off when idle: that log-off makes one', async () => {
		const { run, simulator, credential } = await start(ONE_LICENCE);
		const idle = credential({ sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 });
		await run(listCabinets, { credentials: idle });
		await until(() => simulator.counters.logOffs === 1);
		expect(simulator.counters.loginTokens.made).toBe(1);
	});
});

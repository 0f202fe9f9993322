import { changeSession } from '../../../../nodes/DocuWare/auth/record/sessionRecord';
import type {
	SessionMeta,
	SessionSecret,
} from '../../../../nodes/DocuWare/auth/record/sessionRecord';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { recordLease } from '../../../../nodes/shared/vault/rows/leases';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import { until } from '../../../support/until';
import { operation, useNode } from './support/nodeFixture';

const { start } = useNode();

const VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_START_TOKEN';

const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });

const status = operation('session', 'getStatus');

const ONE_LICENCE = { everyLogonBooks: true, concurrentLicences: 1 } as const;

const HOUR_MS = 3_600_000;

const STATE = Symbol.for('n8n-nodes-exactonline-docuware');

/** Lets this process look at every record again, as after the pause of ten minutes, or as another process does. */
function forgetPauses(): void {
	const state = (globalThis as { [STATE]?: Record<string, unknown> })[STATE] ?? {};
	delete state.docuWareStartTokens1;
}

async function recordId(): Promise<string> {
	const vault = await openVault();
	const [row] = await vault.read(() => query(`SELECT id FROM ${TABLES.record}`));
	return String(row?.id);
}

/** The token is made under the record's lease; whoever gets that later knows that it was made, or is not. */
async function nothingIsUnderWay(): Promise<void> {
	const vault = await openVault();
	const lease = recordLease(await recordId());
	await vault.withLease(lease, { waitMs: 30_000 }, async () => await Promise.resolve());
}

/** How often the server was asked for a login token. */
function asked({ counters }: DocuWareSimulator): number {
	return counters.requests['POST Organization/LoginToken'] ?? 0;
}

async function change(
	to: (secret: SessionSecret, meta: SessionMeta) => [SessionSecret, SessionMeta],
): Promise<void> {
	const [vault, id] = [await openVault(), await recordId()];
	await vault.writeAt(id, () => changeSession(vault, id, null, to));
}

/** As if the refusal had come so many hours ago. */
async function refusedBefore(hours: number): Promise<void> {
	forgetPauses();
	await change((secret, meta) => [
		secret,
		{ ...meta, startTokenRefusedAt: Date.now() - hours * HOUR_MS },
	]);
}

/** As if the token of the vault lived so many hours more. */
async function endsIn(hours: number): Promise<void> {
	forgetPauses();
	await change((secret, meta) => [
		{ ...secret, loginToken: { ...secret.loginToken!, expiresAt: Date.now() + hours * HOUR_MS } },
		meta,
	]);
}

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

	it('asks once a day where the server refuses such tokens, and fails nothing', async () => {
		const { run, simulator } = await start(ONE_LICENCE);
		const where = { tags: { route: 'Organization/LoginToken' } };
		simulator.faults.push({ kind: 'status', status: 403, where });
		await run(listCabinets);
		await run(listCabinets);
		await until(() => simulator.faults.size === 0);
		await until(async () => {
			const { items } = await run(status);
			return JSON.stringify(items[0]?.json.attempts).includes('loginToken');
		});
		for (const passHours of [forgetPauses, async () => await refusedBefore(23)]) {
			await passHours();
			await run(listCabinets);
			await nothingIsUnderWay();
			expect(asked(simulator)).toBe(1);
		}
		await refusedBefore(25);
		await run(listCabinets);
		await until(() => simulator.counters.loginTokens.made === 1);
		expect(asked(simulator)).toBe(2);
	});

	it('has none where the administrator switches it off', async () => {
		process.env[VARIABLE] = 'off';
		const { run, simulator } = await start(ONE_LICENCE);
		for (let runs = 0; runs < 3; runs += 1) await run(listCabinets);
		await nothingIsUnderWay();
		const { items } = await run(status);
		expect(items[0]?.json.loginTokenExpiresAt).toBeNull();
		expect(asked(simulator)).toBe(0);
		process.env[VARIABLE] = 'on';
		await run(listCabinets);
		await until(() => simulator.counters.loginTokens.made === 1);
	});

	it('has one that lives a day, and a new one at the first use after 18 hours', async () => {
		const { run, simulator } = await start(ONE_LICENCE);
		await run(listCabinets);
		await run(listCabinets);
		await until(() => simulator.counters.loginTokens.made === 1);
		await nothingIsUnderWay();
		const [token] = simulator.state.loginTokens.all();
		expect((token!.expiresAt - simulator.state.now()) / HOUR_MS).toBeCloseTo(24, 1);
		expect(token).toMatchObject({ usage: 'Multi', targetProducts: ['PlatformService'] });
		await endsIn(7);
		await run(listCabinets);
		await nothingIsUnderWay();
		expect(asked(simulator)).toBe(1);
		await endsIn(5);
		await run(listCabinets);
		await until(() => simulator.counters.loginTokens.made === 2);
	});

	it('has none where it is a bearer token: that books its licence otherwise', async () => {
		const { run, simulator } = await start({ version: '7.12', concurrentLicences: 2 });
		for (let runs = 0; runs < 3; runs += 1) await run(listCabinets);
		await nothingIsUnderWay();
		const { items } = await run(status);
		expect(items[0]?.json).toMatchObject({ wayIn: 'identityService', loginTokenExpiresAt: null });
		expect(asked(simulator)).toBe(0);
	});

	it('has none where it is logged off when idle: that log-off makes one', async () => {
		const { run, simulator, credential } = await start(ONE_LICENCE);
		const idle = credential({ sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 });
		await run(listCabinets, { credentials: idle });
		await until(() => simulator.counters.logOffs === 1);
		expect(simulator.counters.loginTokens.made).toBe(1);
	});
});

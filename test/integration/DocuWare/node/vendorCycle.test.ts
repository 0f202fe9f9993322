import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { query } from '../../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { NodeSettings } from '../../../support/n8nContext';
import { issueLoginToken } from '../support/credentials';
import { until } from '../../../support/until';
import { operation, useNode, type NodeFixture } from './support/nodeFixture';

const { start } = useNode();

const session = (name: string, parameters = {}) => operation('session', name, parameters);
const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });
const referring = (parameters: Record<string, unknown>) => ({
	...parameters,
	sessionSource: 'reference',
});

const jsonOf = ({ items }: { items: INodeExecutionData[] }): IDataObject => items[0]?.json ?? {};

const withCode = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

/** All nodes in one execution; or each node in one of its own, as in the editor, with a pause before it (s). */
const RUNS = [
	['in one run', undefined],
	['step by step', 1],
	['step by step, slowly', 120],
] as const;

/** Runs nodes one after another, and keeps what each has put out. */
class Cycle {
	readonly outputs: IDataObject[] = [];

	private steps = 0;

	constructor(
		private readonly fixture: NodeFixture,
		private readonly pauseSeconds: number | undefined,
	) {}

	async step(parameters: Record<string, unknown>, from?: IDataObject): Promise<IDataObject> {
		const output = jsonOf(await this.run(parameters, from));
		this.outputs.push(output);
		return output;
	}

	/** Works with the reference of every node before. */
	async workWithAll(): Promise<void> {
		for (const output of [...this.outputs]) await this.work(output);
	}

	async work(output: IDataObject): Promise<void> {
		expect((await this.run(listCabinets, output)).items).toHaveLength(2);
	}

	async run(parameters: Record<string, unknown>, from?: IDataObject) {
		this.steps += 1;
		if (this.pauseSeconds !== undefined) {
			this.fixture.simulator.advanceClock(this.pauseSeconds * 1000);
		}
		const executionId = this.pauseSeconds === undefined ? 'one' : `step-${this.steps}`;
		const settings: NodeSettings = { executionId, items: [{ json: from ?? {} }] };
		const asked = from === undefined ? parameters : referring(parameters);
		return await this.fixture.run(asked as never, settings);
	}
}

describe.each(RUNS)('the vendor’s cycle %s', (_name, pauseSeconds) => {
	const inOneRun = pauseSeconds === undefined;

	it.each(['newest', 'given'])('with the vault’s own token, %s', async (tokenSource) => {
		const fixture = await start({ concurrentLicences: 1 });
		const { simulator } = fixture;
		const cycle = new Cycle(fixture, pauseSeconds);
		let last = await cycle.step(session('logOn'));
		for (let turn = 1; turn <= 2; turn += 1) {
			await cycle.workWithAll();
			const made = await cycle.step(session('createLoginToken', { includeSecret: true }), last);
			await cycle.workWithAll();
			const off = await cycle.step(session('logOff'), last);
			expect(off).toMatchObject({ loggedOff: true, state: 'none' });
			if (inOneRun) {
				for (const output of cycle.outputs) {
					const refused = cycle.run(listCabinets, output);
					await expect(refused).rejects.toMatchObject(withCode('DOCUWARE_SESSION_ENDED'));
				}
			}
			const token = { tokenSource, token: String(made.loginToken) };
			last = await cycle.step(session('tokenLogOn', token), off);
			expect(last).toMatchObject({ state: 'open', openedBy: 'loginToken' });
			expect(simulator.counters.logOns).toEqual({ password: 1, token: turn });
		}
		await cycle.workWithAll();
		// Same record, same reference.
		const references = cycle.outputs.map(({ sessionReference }) => sessionReference);
		expect(new Set(references).size).toBe(1);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 2 });
		expect(simulator.counters.unauthorized.licence).toBe(0);
	});

	it('with a token from outside', async () => {
		const fixture = await start({ concurrentLicences: 2 });
		const { simulator } = fixture;
		const cycle = new Cycle(fixture, pauseSeconds);
		const own = await cycle.step(session('logOn'));
		await cycle.step(session('createLoginToken'), own);
		const off = await cycle.step(session('logOff', { createTokenFirst: false }), own);
		const token = { tokenSource: 'given', token: issueLoginToken(simulator) };
		const foreign = await cycle.step(session('tokenLogOn', token), off);
		expect(foreign).toMatchObject({ state: 'open', openedBy: 'loginToken' });
		expect(foreign.sessionReference).not.toBe(own.sessionReference);
		await cycle.work(foreign);
		// The references of before still name the credential's own session, which an execution may have ended.
		if (inOneRun) {
			await expect(cycle.run(listCabinets, own)).rejects.toMatchObject(
				withCode('DOCUWARE_SESSION_ENDED'),
			);
			await cycle.run(session('logOn'), own);
		}
		await cycle.workWithAll();
		await cycle.step(session('logOff', { createTokenFirst: false }), foreign);
		// It ends with its log-off, in whatever execution, and not the own one.
		await expect(cycle.run(listCabinets, foreign)).rejects.toMatchObject(
			withCode('DOCUWARE_SESSION_ENDED'),
		);
		await cycle.work(own);
		const again = await cycle.step(session('tokenLogOn', token), own);
		expect(again.sessionReference).toBe(foreign.sessionReference);
		await cycle.workWithAll();
		expect(simulator.counters.unauthorized.licence).toBe(0);
	});
});

describe('a session reference in another execution', () => {
	const inRun = (executionId: string, json: IDataObject): NodeSettings => ({
		executionId,
		items: [{ json }],
	});

	it('of a sub-workflow is good there; a Log Off there does not refuse the one of its caller', async () => {
		const { run, simulator } = await start({ concurrentLicences: 1 });
		const given = jsonOf(await run(session('logOn'), { executionId: 'caller' }));
		expect((await run(referring(listCabinets), inRun('sub', given))).items).toHaveLength(2);
		await run(referring(session('logOff')), inRun('sub', given));
		await expect(run(referring(listCabinets), inRun('sub', given))).rejects.toMatchObject(
			withCode('DOCUWARE_SESSION_ENDED'),
		);
		// For its caller it is another execution's: the session is begun again, by the token of the log-off.
		expect((await run(referring(listCabinets), inRun('caller', given))).items).toHaveLength(2);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});

	it('as pinned data is good until an operation of the same execution logs its session off', async () => {
		const { run, simulator } = await start({ concurrentLicences: 1 });
		const pinned = jsonOf(await run(session('logOn'), { executionId: 'long ago' }));
		await run(session('logOff'), { executionId: 'yesterday' });
		simulator.advanceClock(3_600_000);
		expect((await run(referring(listCabinets), inRun('today', pinned))).items).toHaveLength(2);
		await run(referring(session('logOff')), inRun('today', pinned));
		await expect(run(referring(listCabinets), inRun('today', pinned))).rejects.toMatchObject(
			withCode('DOCUWARE_SESSION_ENDED'),
		);
	});

	it('begins the session again by Log On, after a Log Off of the same execution', async () => {
		const { run, simulator } = await start({ concurrentLicences: 1 });
		const given = jsonOf(await run(session('logOn'), { executionId: 'one' }));
		await run(referring(session('logOff')), inRun('one', given));
		const again = jsonOf(await run(referring(session('logOn')), inRun('one', given)));
		expect(again).toMatchObject({ state: 'open', sessionReference: given.sessionReference });
		expect((await run(referring(listCabinets), inRun('one', given))).items).toHaveLength(2);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});
});

it('the policy Keep of one credential holds a session against the idle log-off of another for 24 hours', async () => {
	const { run, simulator, credential } = await start({ concurrentLicences: 1 });
	const as = (id: string, changes = {}): NodeSettings => ({
		credentials: { docuWareApi: { ...credential(changes)!.docuWareApi!, id } },
	});
	const idle = { sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 };
	await run(listCabinets, as('keeper'));
	await run(listCabinets, as('idler', idle));
	const vault = await openVault();
	const isKept = `FROM ${TABLES.use} WHERE use_id LIKE 'keep:%'`;
	const [mark] = await vault.read(() => query(`SELECT expires_at ${isKept}`));
	const left = Number(mark?.expires_at) - Date.now();
	expect(left / 3_600_000).toBeCloseTo(24, 1);
	expect(simulator.counters.logOffs).toBe(0);
	await vault.write(() =>
		query(`UPDATE ${TABLES.use} SET expires_at = expires_at - 86400000 WHERE use_id LIKE 'keep:%'`),
	);
	await run(listCabinets, as('idler', idle));
	await until(() => simulator.counters.logOffs === 1);
	expect(simulator.counters.logOns.password).toBe(1);
});

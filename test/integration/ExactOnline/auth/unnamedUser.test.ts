import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	connect,
	CREDENTIAL_B,
	failureOf,
	forgetMemory,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { chainUse } from '../../../support/chain/chainUse';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

const { token, letPass } = chainUse(bench, () => opened, { forgets: false });

/** Longer than a new token waits for a word on its user, 5 s, and shorter than what the tests have Me take, in ms. */
const NOT_WAITED_MS = 15_000;

function asked(): number {
	return bench.simulator.counters.apiCallsByEndpoint['current/Me'] ?? 0;
}

describe('while Exact Online does not say whose a token is', () => {
	it('a first refresh hands its token out without waiting for a silent Me', async () => {
		const owner = connect(bench.simulator);
		await token(owner);
		await letPass(owner, 601);
		bench.simulator.faults.api.push({ kind: 'hang', times: Infinity });
		const began = performance.now();
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
		expect(performance.now() - began).toBeLessThan(NOT_WAITED_MS);
	}, 60_000);

	it('a first refresh hands its token out without waiting for a Me that answers 503', async () => {
		const owner = connect(bench.simulator);
		await token(owner);
		await letPass(owner, 601);
		const headers = { 'retry-after': '10' };
		bench.simulator.faults.api.push({ kind: 'status', status: 503, headers, times: Infinity });
		const began = performance.now();
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
		expect(performance.now() - began).toBeLessThan(NOT_WAITED_MS);
		const first = asked();
		for (let n = 0; n < 10; n += 1) await token(owner);
		expect(asked()).toBe(first);
	}, 60_000);

	it('calls of a credential that waits for a rival do not each ask Me again (403, which counts as an error)', async () => {
		const owner = connect(bench.simulator);
		await token(owner);
		await letPass(owner, 601);
		await token(owner);
		const second = connect(bench.simulator, CREDENTIAL_B);
		await failureOf(token(second));
		await opened.vault.write(() =>
			query(`UPDATE ${TABLES.record} SET requested_at = requested_at - 601000,
				received_at = received_at - 601000`),
		);
		forgetMemory();
		bench.simulator.faults.api.push({ kind: 'status', status: 403, times: Infinity });
		const before = bench.simulator.log.entries.length;
		for (let n = 0; n < 20; n += 1) await token(owner).catch(() => undefined);
		const calls = bench.simulator.log.entries
			.slice(before)
			.filter(({ path }) => path.includes('current/Me'));
		expect(calls.length).toBeLessThanOrEqual(3);
	}, 60_000);
});

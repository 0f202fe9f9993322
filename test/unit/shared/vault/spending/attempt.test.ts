import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { HttpTransportError, send as sendRequest } from '../../../../../nodes/shared/http';
import { query } from '../../../../../nodes/shared/vault/database/transaction';
import { DEFAULT_LEASE_TIMING } from '../../../../../nodes/shared/vault/leaseHolding';
import { TABLES } from '../../../../../nodes/shared/vault/rows/schema';
import type { AttemptBasics } from '../../../../../nodes/shared/vault/spending/attempt';
import { concludeAttempt, runAttempt } from '../../../../../nodes/shared/vault/spending/attempt';
import { AttemptAhead } from '../../../../../nodes/shared/vault/spending/attemptAhead';
import type { FaultyVault } from './support/faultyVault';
import { openFaultyVault } from './support/faultyVault';

let test: FaultyVault;
/** How many requests have left. */
let sent: number;

beforeEach(async () => {
	test = await openFaultyVault();
	sent = 0;
});

afterEach(async () => {
	jest.useRealTimers();
	test.database.away = false;
	await test.vault.close();
});

function basics(changes: Partial<AttemptBasics> = {}): AttemptBasics {
	const { vault, record, holding, mark, unmark } = test;
	return {
		vault,
		record,
		kind: 'tokenLogOn',
		spentFingerprint: 'digest',
		holding,
		mark,
		unmark,
		...changes,
	};
}

async function send(): Promise<string> {
	sent += 1;
	return await Promise.resolve('an answer');
}

/** Runs an attempt whose answer is logged as `saved`. */
async function run(changes: Partial<AttemptBasics> = {}, sending = send) {
	const order = basics(changes);
	return await runAttempt(order, sending, async (attemptId, { answer }) => {
		await concludeAttempt(order, attemptId, { outcome: 'saved', detail: null });
		return answer;
	});
}

/** What stands in the store: the mark and the outcomes of all attempts. */
async function standing() {
	const { record, attempts } = await test.stored();
	return { marked: record.meta.marked, outcomes: attempts.map(({ outcome }) => outcome) };
}

function transportFault(requestSent: boolean) {
	return new HttpTransportError('HTTP_FAILED', 'the connection broke', {
		kind: requestSent ? 'reset' : 'connect',
		requestSent,
		repair: 'Wait.',
	});
}

describe('an attempt', () => {
	it('stands open, with its mark, before the request leaves, and is closed by its answer', async () => {
		let before: unknown;
		const answer = await run({}, async () => {
			before = await standing();
			return await send();
		});
		expect(answer).toBe('an answer');
		expect(before).toEqual({ marked: true, outcomes: ['open'] });
		expect(await standing()).toEqual({ marked: true, outcomes: ['saved'] });
		expect((await test.stored()).attempts[0]).toMatchObject({
			recordId: 'record-1',
			identity: 'test|https://service|user',
			generation: 3,
			kind: 'tokenLogOn',
			spentFingerprint: 'digest',
		});
	});

	it('sends nothing where the lease has passed on', async () => {
		const holding = { ...test.holding, token: 'somebody else' };
		expect(await run({ holding })).toBe('leaseLost');
		expect(sent).toBe(0);
		expect(await standing()).toEqual({ marked: false, outcomes: [] });
	});

	it.each([
		['another generation', `UPDATE ${TABLES.record} SET generation = 4`],
		['a record that is gone', `DELETE FROM ${TABLES.record}`],
		['a merged record', `UPDATE ${TABLES.record} SET state = 'merged', meta = '{}'`],
	])('sends nothing over %s', async (_what, sql) => {
		await test.vault.write(() => query(sql));
		expect(await run()).toBe('overtaken');
		expect(sent).toBe(0);
		const rows = await test.vault.read(() => query(`SELECT * FROM ${TABLES.attempt}`));
		expect(rows).toEqual([]);
	});

	it('needs no lease where it spends nothing', async () => {
		expect(await run({ holding: undefined })).toBe('an answer');
	});
});

describe('a begin without an answer to its COMMIT', () => {
	it.each(['committed', 'rolledBack'] as const)(
		'(%s) sends nothing, burns nothing, and leaves no doubt',
		async (fate) => {
			test.database.loseNextCommit = fate;
			await expect(run()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
			expect(sent).toBe(0);
			expect(await standing()).toEqual({
				marked: false,
				outcomes: fate === 'committed' ? ['notSent'] : [],
			});
			expect(await run()).toBe('an answer');
			expect(sent).toBe(1);
		},
	);

	it('in an outage is told to the store in the background once it is back', async () => {
		jest.useFakeTimers({ doNotFake: ['performance', 'Date', 'setImmediate', 'nextTick'] });
		test.database.loseNextCommit = 'committed';
		test.database.goesAwayWithIt = true;
		await expect(run()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
		expect(await standing()).toEqual({ marked: true, outcomes: ['open'] });
		await jest.advanceTimersByTimeAsync(20_000);
		expect(await standing()).toEqual({ marked: true, outcomes: ['open'] });
		const told = new Promise<void>((resolve) => {
			test.database.onWritten = () => resolve();
		});
		test.database.away = false;
		jest.advanceTimersByTime(5_000);
		await told;
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
		expect(sent).toBe(0);
	});

	it('in an outage is told to the store before anything else is decided', async () => {
		test.database.loseNextCommit = 'committed';
		test.database.goesAwayWithIt = true;
		await expect(run()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
		test.database.away = false;
		await test.vault.replayUnsaved(test.record.id);
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
	});

	it('never takes back a mark that a later attempt has set', async () => {
		test.database.loseNextCommit = 'rolledBack';
		test.database.goesAwayWithIt = true;
		await expect(run()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
		test.database.away = false;
		await run();
		await test.vault.replayUnsaved(test.record.id);
		expect(await standing()).toEqual({ marked: true, outcomes: ['saved'] });
	});
});

describe('a request that fails', () => {
	it('before it has left spends nothing', async () => {
		const fault = transportFault(false);
		await expect(run({}, async () => await Promise.reject(fault))).rejects.toBe(fault);
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
		expect((await test.stored()).attempts[0]?.detail).toBe('the connection broke');
	});

	it('after it has left is in doubt, and its mark stays', async () => {
		const fault = transportFault(true);
		await expect(run({}, async () => await Promise.reject(fault))).rejects.toBe(fault);
		expect(await standing()).toEqual({ marked: true, outcomes: ['unknown'] });
	});

	it('with an error of another kind is in doubt, also where it is thrown at once', async () => {
		const sending = () => {
			throw new Error('x'.repeat(1_000));
		};
		await expect(run({}, sending)).rejects.toThrow('xxx');
		expect(await standing()).toEqual({ marked: true, outcomes: ['unknown'] });
		expect((await test.stored()).attempts[0]?.detail).toHaveLength(300);
	});

	it('before it has left, in an outage, spends nothing either', async () => {
		const fault = transportFault(false);
		const sending = async () => {
			test.database.away = true;
			return await Promise.reject(fault);
		};
		await expect(run({}, sending)).rejects.toBe(fault);
		test.database.away = false;
		await test.vault.replayUnsaved();
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
	});
});

describe('a process that stands still', () => {
	const realNow = Date.now;
	/** More than a third of the lease. */
	const LONG_MS = DEFAULT_LEASE_TIMING.leaseMs / 3 + 1_000;

	afterEach(() => {
		jest.restoreAllMocks();
	});

	/** As while the machine sleeps: only the wall clock goes on. */
	function standStill(ms: number) {
		jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ms);
	}

	it('while the attempt is written down sends nothing, and says that it has to queue again', async () => {
		test.database.onWritten = () => standStill(LONG_MS);
		expect(await run()).toBe('leaseLost');
		expect(sent).toBe(0);
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
	});

	// Nothing stands still, but the lease that was taken together with the attempt has no heartbeat yet.
	it('while the COMMIT of an attempt written ahead has no answer sends nothing either', async () => {
		const ahead = new AttemptAhead();
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
		test.database.onWritten = () => jest.advanceTimersByTime(LONG_MS);
		await test.vault.write(() => ahead.write(basics()));
		test.database.onWritten = () => {};
		expect(await run({ ahead, mark: undefined, unmark: undefined })).toBe('leaseLost');
		expect(sent).toBe(0);
		expect((await standing()).outcomes).toEqual(['notSent']);
	});

	it('until the connection is ready sends nothing either', async () => {
		const server = await countingServer();
		const sending = async () => {
			standStill(LONG_MS);
			return (await sendRequest({ method: 'POST', url: server.url, body: 'a secret' })).body;
		};
		expect(await run({}, sending)).toBe('leaseLost');
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
		jest.restoreAllMocks();
		expect(
			await run({}, async () => (await sendRequest({ method: 'GET', url: server.url })).body),
		).toBe('answered');
		expect(server.requests()).toBe(1);
		await server.close();
	});

	it('for a shorter time, or without a lease, sends', async () => {
		test.database.onWritten = () => standStill(LONG_MS / 2);
		expect(await run()).toBe('an answer');
		test.database.onWritten = () => standStill(LONG_MS);
		expect(await run({ holding: undefined })).toBe('an answer');
		expect(sent).toBe(2);
	});
});

describe('a cancelled caller', () => {
	it('sends nothing and writes nothing', async () => {
		const signal = AbortSignal.abort(new Error('cancelled'));
		await expect(run({ signal })).rejects.toThrow('cancelled');
		expect(sent).toBe(0);
		expect(await standing()).toEqual({ marked: false, outcomes: [] });
	});

	it('while the attempt is written down sends nothing and burns nothing', async () => {
		const controller = new AbortController();
		test.database.onWritten = () => controller.abort(new Error('cancelled'));
		await expect(run({ signal: controller.signal })).rejects.toThrow('cancelled');
		expect(sent).toBe(0);
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
	});

	it('until the connection is ready sends nothing and burns nothing', async () => {
		const server = await countingServer();
		const controller = new AbortController();
		const sending = async () => {
			controller.abort(new Error('cancelled'));
			return (await sendRequest({ method: 'GET', url: server.url })).body;
		};
		await expect(run({ signal: controller.signal }, sending)).rejects.toThrow('cancelled');
		expect(server.requests()).toBe(0);
		expect(await standing()).toEqual({ marked: false, outcomes: ['notSent'] });
		await server.close();
	});
});

/** A server that counts what has reached it. */
async function countingServer() {
	let count = 0;
	const server = createServer((_request, response) => {
		count += 1;
		response.end('answered');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		requests: () => count,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

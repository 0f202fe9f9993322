import type { AttemptOutcome } from '../../../../../nodes/shared/vault/rows/attempts';
import type { SqlTransaction } from '../../../../../nodes/shared/vault/database/transaction';
import { query } from '../../../../../nodes/shared/vault/database/transaction';
import { markBroken } from '../../../../../nodes/shared/vault/rows/records';
import { TABLES } from '../../../../../nodes/shared/vault/rows/schema';
import type {
	Conclusion,
	SpendOrder,
} from '../../../../../nodes/shared/vault/spending/spendSecret';
import { runLogged, spendSecret } from '../../../../../nodes/shared/vault/spending/spendSecret';
import type { FaultyVault } from './support/faultyVault';
import { openFaultyVault } from './support/faultyVault';

let test: FaultyVault;
const realExit = process.exit;

beforeEach(async () => {
	test = await openFaultyVault();
});

afterEach(async () => {
	process.exit = realExit;
	test.database.away = false;
	await test.vault.close();
});

function granted(): Conclusion {
	const now = performance.now();
	return {
		kind: 'granted',
		granted: {
			secret: 'new secret',
			meta: { lifeMs: 600_000 },
			requestedAt: now - 400,
			receivedAt: now - 100,
		},
	};
}

function ended(outcome: AttemptOutcome, also?: () => SqlTransaction<void>): Conclusion {
	const end = { outcome, detail: 'the words', ...(also === undefined ? {} : { also }) };
	return { kind: 'ended', end };
}

function order(conclude: () => Conclusion): SpendOrder<string> {
	const { vault, record, holding, mark, unmark } = test;
	return {
		vault,
		record,
		holding,
		mark,
		unmark,
		kind: 'refresh',
		spentFingerprint: 'digest',
		send: async () => await Promise.resolve('an answer'),
		conclude,
	};
}

describe('spendSecret', () => {
	it('saves the new secret as the next generation, with its age', async () => {
		const result = await spendSecret(order(granted));
		expect(result).toMatchObject({ kind: 'saved', generation: 4, answer: 'an answer' });
		const { record, attempts } = await test.stored();
		expect(record).toMatchObject({ generation: 4, meta: { marked: true, lifeMs: 600_000 } });
		expect(test.vault.openSecret(record)).toBe('new secret');
		expect(record.receivedAt! - record.requestedAt!).toBe(300);
		expect(attempts).toMatchObject([{ kind: 'refresh', generation: 3, outcome: 'saved' }]);
	});

	it('says so where a later generation stands already', async () => {
		const overtake = order(granted);
		const result = await spendSecret({
			...overtake,
			send: async () => {
				await test.vault.write(() => query(`UPDATE ${TABLES.record} SET generation = 9`));
				return 'an answer';
			},
		});
		expect(result).toMatchObject({ kind: 'superseded', granted: { secret: 'new secret' } });
		expect((await test.stored()).record.generation).toBe(9);
	});

	const leases = async () => await test.vault.read(() => query(`SELECT * FROM ${TABLES.lease}`));

	it.each([
		[true, 0],
		[false, 1],
	])('gives the lease back with the save, where that is asked for (%s)', async (gives, left) => {
		await spendSecret({ ...order(granted), givesLeaseBack: gives });
		expect(await leases()).toHaveLength(left);
		expect(test.holding.isGivenBack === true).toBe(gives);
	});

	it('keeps the lease where the store does not take the secret, and without a secret', async () => {
		await spendSecret({ ...order(() => ended('tooEarly')), givesLeaseBack: true });
		const away = () => {
			test.database.away = true;
			return granted();
		};
		const lost = spendSecret({ ...order(away), givesLeaseBack: true });
		await expect(lost).rejects.toMatchObject({ code: 'VAULT_SAVE_FAILED' });
		test.database.away = false;
		expect(await leases()).toHaveLength(1);
		expect(test.holding.isGivenBack).toBeUndefined();
		await test.vault.replayUnsaved();
	});

	it('closes an attempt without a new secret together with what it changed', async () => {
		const also = () => markBroken(test.record.id, 3, 'LOST');
		const result = await spendSecret(order(() => ended('lost', also)));
		expect(result).toMatchObject({ kind: 'ended', answer: 'an answer' });
		const { record, attempts } = await test.stored();
		expect(record).toMatchObject({ state: 'broken', brokenCode: 'LOST', meta: { marked: true } });
		expect(attempts).toMatchObject([{ outcome: 'lost', detail: 'the words' }]);
	});

	it('keeps the proof that nothing was sent for a store that is away', async () => {
		const result = await spendSecret(
			order(() => {
				test.database.away = true;
				return ended('notSent');
			}),
		);
		expect(result).toMatchObject({ kind: 'ended' });
		test.database.away = false;
		await test.vault.replayUnsaved();
		const { record, attempts } = await test.stored();
		expect(record.meta.marked).toBe(false);
		expect(attempts).toMatchObject([{ outcome: 'notSent', detail: 'the words' }]);
	});

	it('keeps a secret that the store does not take', async () => {
		const lost = spendSecret(
			order(() => {
				test.database.away = true;
				return granted();
			}),
		);
		await expect(lost).rejects.toMatchObject({ code: 'VAULT_SAVE_FAILED' });
		test.database.away = false;
		await test.vault.replayUnsaved();
		expect((await test.stored()).record.generation).toBe(4);
	});

	it('holds an orderly exit from the request until the new secret is saved', async () => {
		const log: string[] = [];
		const save = test.vault.saveSecret.bind(test.vault);
		jest.spyOn(test.vault, 'saveSecret').mockImplementation(async (...given) => {
			const result = await save(...given);
			log.push('saved');
			return result;
		});
		const exited = new Promise<void>((resolve) => {
			process.exit = (() => {
				log.push('exit');
				resolve();
			}) as typeof process.exit;
		});
		const whole = order(granted);
		await spendSecret({
			...whole,
			send: async () => {
				process.exit(0);
				return await whole.send();
			},
		});
		await exited;
		expect(log).toEqual(['saved', 'exit']);
	});
});

describe('runLogged', () => {
	it('closes the attempt with what changed, without a new generation', async () => {
		const { vault, record, unmark } = test;
		const result = await runLogged({
			vault,
			record,
			kind: 'logOff',
			spentFingerprint: '',
			mark: test.mark,
			send: async () => await Promise.resolve(204),
			conclude: () => ({ outcome: 'saved', detail: null, also: unmark }),
		});
		expect(result).toMatchObject({ kind: 'ended', answer: 204 });
		const stored = await test.stored();
		expect(stored.record).toMatchObject({ generation: 3, meta: { marked: false } });
		expect(stored.attempts).toMatchObject([{ kind: 'logOff', outcome: 'saved' }]);
	});
});

import { createHmac } from 'node:crypto';
import type { IWebhookResponseData } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { receiveEvents, type EventWork } from '../../../../nodes/shared/node/events/receiveEvents';
import { ReceivedEvents } from '../../../../nodes/shared/node/events/receivedEvents';
import { WAKE_HEADER, wakeToken } from '../../../../nodes/shared/node/events/wake';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { itemsBelow } from '../../../../nodes/shared/vault/rows/items';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { forgetPlannedWakes } from '../../../support/forgetPlannedWakes';
import { forgetToldProblems } from '../../../support/forgetToldProblems';
import { webhookContext } from '../../../support/n8nContext';
import { ENGINES, TestStores, type TestStore } from '../vault/support/stores';

const RECEIVER = ['instance-1', 'workflow-1', 'node-1'] as const;

describe.each(ENGINES)('received events in %s', (engine) => {
	const stores = new TestStores(engine);
	let store: TestStore;
	let vault: Vault;

	beforeAll(async () => await stores.start());

	beforeEach(async () => {
		forgetToldProblems();
		store = await stores.create();
		vault = await store.open();
	});

	afterEach(async () => {
		forgetPlannedWakes();
		await stores.closeVaults();
	});

	afterAll(async () => await stores.stop());

	/** Takes texts that begin with "event". */
	function work(changes: Partial<EventWork> = {}): EventWork {
		return {
			vault: async () => await Promise.resolve(vault),
			judge: ({ body }) => {
				const text = body.toString();
				if (!text.startsWith('event')) return { answer: { status: 401 } };
				const mark = createHmac('sha256', 'k').update(body).digest('hex');
				return { answer: { status: 200 }, event: { mark, content: { text } } };
			},
			rows: async ({ content }) => await Promise.resolve([{ json: content as never }]),
			withError: ({ content }, error) => ({ json: { ...(content as object), error } }),
			late: () => new ConnectorError('LATE', 'Too late.', { repair: 'Wait.' }),
			...changes,
		};
	}

	async function deliver(
		body: string,
		settings: {
			mode?: string;
			changes?: Partial<EventWork>;
			headers?: Record<string, string>;
		} = {},
	) {
		const { mode = 'webhook', changes, headers } = settings;
		const standIn = webhookContext({ mode }, Buffer.from(body), headers);
		const result = await receiveEvents(standIn.context, work(changes));
		return { ...standIn, result, texts: textsOf(result) };
	}

	function textsOf({ workflowData = [] }: IWebhookResponseData): unknown[] {
		return workflowData.flat().map(({ json }) => json);
	}

	/** n8n has made the execution, and what follows from that is done. */
	async function started({ n8nAnswers }: { n8nAnswers(status: number): void }): Promise<void> {
		n8nAnswers(200);
		await untilNothingIsHeld();
	}

	/** Until everything in hand was let go of. */
	async function untilNothingIsHeld(): Promise<void> {
		for (;;) {
			const leases = await vault.read(() => itemsBelow('receivedEvents1', ''));
			const free = await new ReceivedEvents(vault).waiting();
			if (leases.length === free.length) return;
			await new Promise((resolve) => setImmediate(resolve));
		}
	}

	async function noted(): Promise<Array<[string, string]>> {
		return await vault.read(() => itemsBelow('receivedEvents1', ''));
	}

	it('notes before it answers, sealed, hands over, and drops repeats once n8n has the execution', async () => {
		const seen: unknown[] = [];
		const rows: EventWork['rows'] = async ({ content }) => {
			seen.push(await noted());
			return [{ json: content as never }];
		};
		const first = await deliver('event 1', { changes: { rows } });
		expect(first.answers).toEqual([{ status: 200 }]);
		expect(first.texts).toEqual([{ text: 'event 1' }]);
		expect(first.result.noWebhookResponse).toBeUndefined();
		expect(seen).toHaveLength(1);
		expect(JSON.stringify(seen)).toContain('"v1.');
		expect(JSON.stringify(seen)).not.toContain('event 1');
		const meanwhile = await deliver('event 1');
		expect(meanwhile.answers).toEqual([{ status: 200 }]);
		expect(meanwhile.result).toEqual({ noWebhookResponse: true });
		await started(first);
		expect(await noted()).toEqual([]);
		const repeat = await deliver('event 1');
		expect(repeat.answers).toEqual([{ status: 200 }]);
		expect(repeat.result).toEqual({ noWebhookResponse: true });
		const other = await deliver('event 2');
		expect(other.texts).toEqual([{ text: 'event 2' }]);
		await started(other);
	});

	it.each([
		['is a repeat just before 48 h are over', -30_000, []],
		['is an event of its own just after 48 h', 0, [{ text: 'event 1' }]],
	])('the same delivery %s', async (_what, byMs, texts) => {
		await started(await deliver('event 1'));
		const ageMs = 48 * 3_600_000 + byMs;
		await vault.write(() =>
			query(`UPDATE ${TABLES.item} SET updated_at = updated_at - $1`, [ageMs]),
		);
		const again = await deliver('event 1');
		expect(again.answers).toEqual([{ status: 200 }]);
		expect(again.texts).toEqual(texts);
		if (texts.length > 0) await started(again);
	});

	it('starts one of many deliveries of the same event that come at once', async () => {
		const all = await Promise.all(Array.from({ length: 8 }, async () => await deliver('event 1')));
		expect(all.map(({ answers }) => answers)).toEqual(all.map(() => [{ status: 200 }]));
		const [first, ...others] = all.filter(({ texts }) => texts.length > 0);
		expect(first?.texts).toEqual([{ text: 'event 1' }]);
		expect(others).toEqual([]);
		await started(first!);
	});

	it('hands over with the next delivery what n8n could not start, marked, the older one first', async () => {
		const failed = await deliver('event 1');
		failed.n8nAnswers(500);
		await untilNothingIsHeld();
		expect(await noted()).toHaveLength(1);
		const next = await deliver('event 2');
		expect(next.texts).toEqual([{ text: 'event 1', repeated: true }, { text: 'event 2' }]);
		await started(next);
		expect(await noted()).toEqual([]);
	});

	it('hands over what waits when it is woken by who shares the vault, and by nobody else', async () => {
		const failed = await deliver('event 1');
		failed.n8nAnswers(500);
		await untilNothingIsHeld();
		const token = wakeToken(vault.sealer, RECEIVER);
		for (const wrong of [`${token}0`, '1.00', '', wakeToken(vault.sealer, RECEIVER, 1)]) {
			const refused = await deliver('', { headers: { [WAKE_HEADER]: wrong } });
			expect(refused.answers).toEqual([{ status: 401 }]);
			expect(refused.result).toEqual({ noWebhookResponse: true });
		}
		const woken = await deliver('', { headers: { [WAKE_HEADER]: token } });
		expect(woken.answers).toEqual([{ status: 204 }]);
		expect(woken.texts).toEqual([{ text: 'event 1', repeated: true }]);
		await started(woken);
		const again = await deliver('', { headers: { [WAKE_HEADER]: token } });
		expect(again.answers).toEqual([{ status: 204 }]);
		expect(again.result).toEqual({ noWebhookResponse: true });
	});

	it('starts nothing for what is refused or too large, whatever waits', async () => {
		const failed = await deliver('event 1');
		failed.n8nAnswers(500);
		await untilNothingIsHeld();
		const forged = await deliver('forged');
		expect([forged.answers, forged.result]).toEqual([
			[{ status: 401 }],
			{ noWebhookResponse: true },
		]);
		const large = await deliver(`event ${'x'.repeat(100)}`, { changes: { maxBytes: 50 } });
		expect(large.answers).toMatchObject([{ status: 413 }]);
		expect(large.result).toEqual({ noWebhookResponse: true });
		expect(await noted()).toHaveLength(1);
	});

	it('answers 500 and starts nothing where it cannot note, so that the service sends again', async () => {
		const down = async () => await Promise.reject(new Error('The vault is away.'));
		const lost = await deliver('event 1', { changes: { vault: down } });
		expect(lost.answers).toMatchObject([{ status: 500 }]);
		expect(lost.result).toEqual({ noWebhookResponse: true });
		expect(JSON.stringify(lost.log)).toContain('The vault is away.');
		const again = await deliver('event 1');
		expect(again.texts).toEqual([{ text: 'event 1' }]);
		await started(again);
	});

	it('goes on with an error in the item where it cannot be prepared', async () => {
		const broken = new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' });
		const rows = async () => await Promise.reject(broken);
		const delivery = await deliver('event 1', { changes: { rows } });
		const error = { message: 'Broken. [BROKEN]', description: 'Mend it.', code: 'BROKEN' };
		expect(delivery.texts).toEqual([{ text: 'event 1', error }]);
		await started(delivery);
	});

	it.each([
		['ends when it is told to', true],
		['does not end', false],
	])('goes on without what is not prepared in its time, which %s', async (_how, obeys) => {
		const rows: EventWork['rows'] = async (_event, { signal }) =>
			await new Promise((_resolve, reject) => {
				if (obeys) signal?.addEventListener('abort', () => reject(new Error('Aborted.')));
			});
		const delivery = await deliver('event 1', { changes: { rows, withinMs: 1 } });
		expect(delivery.texts).toMatchObject([{ text: 'event 1', error: { code: 'LATE' } }]);
		await started(delivery);
	});

	it('unseals what it hands over alone, however much waits', async () => {
		const events = new ReceivedEvents(vault);
		for (let mark = 10; mark < 80; mark += 1) {
			const event = { mark: String(mark), content: { mark } };
			const taking = await events.note(RECEIVER, 'url', event);
			if (taking !== 'repeat') await taking.taken.letGo();
		}
		const open = jest.spyOn(vault.sealer, 'open');
		const next = await deliver('event 1');
		// Fifty that wait, and its own.
		expect(open).toHaveBeenCalledTimes(51);
		expect(next.texts.slice(0, 2)).toEqual([
			{ mark: 10, repeated: true },
			{ mark: 11, repeated: true },
		]);
		expect(next.texts).toHaveLength(51);
		open.mockClear();
		expect(await events.waiting()).toHaveLength(20);
		expect(open).not.toHaveBeenCalled();
		expect(await events.sleepers()).toEqual([{ receiver: RECEIVER, url: 'url' }]);
		expect(open).toHaveBeenCalledTimes(1);
		next.n8nAnswers(500);
		await untilNothingIsHeld();
	});

	it('takes what waits once for all deliveries that come at once', async () => {
		const events = new ReceivedEvents(vault);
		for (let mark = 10; mark < 40; mark += 1) {
			const taking = await events.note(RECEIVER, 'url', { mark: String(mark), content: { mark } });
			if (taking !== 'repeat') await taking.taken.letGo();
		}
		const taken = jest.spyOn(ReceivedEvents.prototype, 'takeWaiting');
		const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
		const all = await Promise.all(numbers.map(async (one) => await deliver(`event ${one}`)));
		expect(all.flatMap(({ texts }) => texts)).toHaveLength(38);
		expect(taken).toHaveBeenCalledTimes(30);
		taken.mockRestore();
		await Promise.all(all.map(async (one) => await started(one)));
		expect(await noted()).toEqual([]);
	});

	it('neither notes nor compares what a test run receives', async () => {
		for (let run = 0; run < 2; run += 1) {
			const delivery = await deliver('event 1', { mode: 'manual' });
			expect(delivery.answers).toEqual([{ status: 200 }]);
			expect(delivery.texts).toEqual([{ text: 'event 1' }]);
		}
		expect(await noted()).toEqual([]);
	});
});

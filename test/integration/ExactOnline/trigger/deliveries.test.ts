import { setImmediate as immediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { WEBHOOK_TOPICS } from '../../../../nodes/ExactOnline/wire/webhookTopics';
import { receiveEvents } from '../../../../nodes/shared/node/events/receiveEvents';
import { ReceivedEvents } from '../../../../nodes/shared/node/events/receivedEvents';
import { wake, wakeAll } from '../../../../nodes/shared/node/events/wake';
import { runPoll } from '../../../../nodes/shared/node/pollFrame';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator, pollContext } from '../../../support/n8nContext';
import { holdsAsync } from '../../../support/properties';
import { until } from '../../../support/until';
import { NO_NEWS } from './support/noNews';
import {
	failureOf,
	forgetRefusals,
	receiverOf,
	SECOND_DIVISION,
	useWebhooks,
} from './support/webhookBench';

/** Deliveries to a published workflow. */

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/node/events/receiveEvents', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/node/events/receiveEvents'),
	receiveEvents: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));

const bench = useWebhooks();

const receiving = jest.requireActual<{ receiveEvents: typeof receiveEvents }>(
	'../../../../nodes/shared/node/events/receiveEvents',
);

beforeEach(() => {
	jest.mocked(receiveEvents).mockImplementation(receiving.receiveEvents);
});

describe('a delivery', () => {
	it('starts the workflow with the record, once, however often it comes', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		bench.changeAccount({ Name: 'Changed' });
		await bench.settled();
		expect(bench.items()).toEqual([
			expect.objectContaining({
				...{ recordId: expect.any(String) as string, change: 'changed', topic: 'Accounts' },
				...{ division: FIRST_DIVISION, Name: 'Changed' },
				eventCreatedOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
			}),
		]);
		expect(bench.items()[0]).not.toHaveProperty('repeated');
		expect(bench.items()[0]).not.toHaveProperty('__metadata');
		expect(await bench.simulator.webhooks.repeat(1)).toEqual([
			expect.objectContaining({ status: 200 }),
		]);
		await bench.settled();
		expect(bench.items()).toHaveLength(1);
	});

	it('of a deleted record, or without the wish for the record, asks Exact Online nothing', async () => {
		const set = { events: ['created', 'deleted'], fetchRecord: false };
		await bench.n8n.publish(bench.workflow('one', set));
		const before = bench.simulator.counters.apiCalls;
		const ask = { division: FIRST_DIVISION, topic: 'Accounts' };
		for (const action of ['Delete', 'Create', 'Update'] as const) {
			expect(await bench.simulator.webhooks.deliver({ ...ask, action })).toMatchObject([
				{ status: 200 },
			]);
		}
		await bench.settled();
		expect(bench.items().map(({ change }) => change)).toEqual(['deleted', 'created']);
		expect(bench.simulator.counters.apiCalls).toBe(before);
	});

	it('shows the present state in whatever order it comes, and an error where the record is gone', async () => {
		await bench.n8n.publish(
			bench.workflow('one', { output: 'selected', fieldsToReturn: ['Name'] }),
		);
		bench.simulator.webhooks.hold();
		for (const Name of ['First', 'Second']) {
			bench.changeAccount({ Name });
			// Changes of one moment are told together, and two of one millisecond in the same words.
			await immediate();
			const at = Date.now();
			await until(() => Date.now() > at);
		}
		bench.simulator.webhooks.release('newestFirst');
		await bench.settled();
		expect(bench.items().map(({ Name }) => Name)).toEqual(['Second', 'Second']);
		expect(Object.keys(bench.items()[0] ?? {}).sort()).toEqual(
			['ID', 'Name', 'change', 'division', 'eventCreatedOn', 'recordId', 'topic'].sort(),
		);
		await bench.simulator.webhooks.deliver({ division: FIRST_DIVISION, topic: 'Accounts' });
		await bench.settled();
		expect(bench.items()[2]).toMatchObject({
			recordId: expect.any(String) as string,
			error: { code: 'EXACT_NOT_FOUND' },
		});
	});

	it.each(['forged', 'wrongSecret', 'otherClient', 'unsigned', 'truncated'] as const)(
		'that is %s is answered 401 and starts nothing',
		async (flaw) => {
			await bench.n8n.publish(bench.workflow('one'));
			const asked = { division: FIRST_DIVISION, topic: 'Accounts', flaw };
			const [answer] = await bench.simulator.webhooks.deliver(asked);
			expect(answer).toMatchObject({ status: 401 });
			expect(bench.items()).toEqual([]);
		},
	);

	it('is answered 401 where the credential has lost its webhook secret, and the log says so once', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const credential = workflow.settings.credentials?.exactOnlineOAuth2Api?.data as IDataObject;
		credential.webhookSecret = '';
		for (let time = 0; time < 3; time += 1) {
			const asked = { division: FIRST_DIVISION, topic: 'Accounts' };
			expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 401 }]);
		}
		expect(bench.items()).toEqual([]);
		expect(bench.n8n.log).toEqual([
			[expect.stringContaining('[EXACT_WEBHOOK_SECRET_MISSING]'), expect.anything()],
		]);
	});

	it('is not taken where the credential is gone, so that Exact Online sends it again, and the log says so once', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const { credentials = {} } = workflow.settings;
		workflow.settings.credentials = {};
		for (let time = 0; time < 3; time += 1) {
			const asked = { division: FIRST_DIVISION, topic: 'Accounts' };
			expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 500 }]);
		}
		expect(bench.items()).toEqual([]);
		expect(bench.n8n.log).toHaveLength(1);
		workflow.settings.credentials = credentials;
		bench.changeAccount({ Name: 'Later' });
		await bench.settled();
		expect(bench.items()).toMatchObject([{ Name: 'Later' }]);
	});

	it('that is under way when its workflow is unpublished starts it all the same, and nothing is left', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const hold = bench.simulator.hold('apiReceived', { where: { path: '/crm/Accounts' } });
		bench.changeAccount({ Name: 'Under Way' });
		await hold.waiting();
		const unpublishing = bench.n8n.unpublish(workflow);
		hold.release();
		await unpublishing;
		expect(bench.subscriptions()).toEqual([]);
		await until(() => bench.items().length > 0);
		await bench.settled();
		expect(bench.items()).toMatchObject([{ Name: 'Under Way' }]);
		expect(await new ReceivedEvents(await bench.vault()).waiting()).toEqual([]);
		expect(bench.n8n.log).toEqual([]);
	});

	it('of another topic or division is answered 401, and one that is written otherwise is taken', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const url = bench.n8n.addressOf(workflow);
		for (const other of [
			{ division: FIRST_DIVISION, topic: 'Items', url },
			{ division: SECOND_DIVISION, topic: 'Accounts', url },
		]) {
			expect(await bench.simulator.webhooks.deliver(other)).toMatchObject([{ status: 401 }]);
		}
		for (const form of ['escaped', 'spaced'] as const) {
			const asked = {
				division: FIRST_DIVISION,
				topic: 'Accounts',
				form,
				action: 'Delete' as const,
			};
			expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 200 }]);
		}
		await bench.settled();
		expect(bench.items()).toHaveLength(2);
	});

	// Red before: the number of the type, where a polling trigger shows its word.
	it('of documents shows the words of their types, which are read once for several', async () => {
		const shown = { output: 'selected', fieldsToReturn: ['Type'] };
		await bench.n8n.publish(bench.workflow('one', { topic: locator('Documents'), ...shown }));
		const ids = [1, 2].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
		for (const ID of ids) {
			const row = { ID, Subject: 'Mail', Type: 183 };
			bench.simulator.addRows(FIRST_DIVISION, 'documents/Documents', [row]);
			await bench.settled();
		}
		expect(bench.items().map(({ recordId, Type }) => [recordId, Type])).toEqual(
			ids.map((id) => [id, 'E-mail']),
		);
		expect(bench.simulator.counters.apiCallsByEndpoint['documents/DocumentTypes']).toBe(1);
	});

	it('of a topic that no list has is delivered to whoever gives its name, with the record', async () => {
		const topic = { __rl: true, mode: 'id', value: ' Projects ' };
		expect(WEBHOOK_TOPICS.map(({ value }) => value)).not.toContain('Projects');
		const workflow = bench.workflow('one', { topic });
		expect(await failureOf(bench.n8n.publish(workflow))).toContain('Invalid: Topic');
		forgetRefusals();
		bench.simulator.configure({ webhookMoreTopics: { Projects: 'project/Projects' } });
		await bench.n8n.publish(workflow);
		expect(bench.subscriptions()).toEqual([['Projects', bench.n8n.addressOf(workflow)]]);
		const [row] = bench.simulator.rows(FIRST_DIVISION, 'project/Projects');
		bench.simulator.changeRows(
			FIRST_DIVISION,
			'project/Projects',
			{ Notes: 'x' },
			{ keys: [String(row?.ID)] },
		);
		await bench.settled();
		expect(bench.items()).toEqual([
			expect.objectContaining({
				...{ recordId: row?.ID, change: 'changed', topic: 'Projects', Code: row?.Code },
			}),
		]);
		expect(bench.items()[0]).not.toHaveProperty('error');
		await bench.n8n.unpublish(workflow);
		expect(bench.subscriptions()).toEqual([]);
	});

	it('that links to another server fetches the record from the own one, and sends no token elsewhere', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		const [row] = bench.simulator.rows(FIRST_DIVISION, 'crm/Accounts');
		const asked = { division: FIRST_DIVISION, topic: 'Accounts', form: 'elsewhere' as const };
		await bench.simulator.webhooks.deliver({ ...asked, key: String(row?.ID) });
		await bench.settled();
		expect(bench.items()).toMatchObject([{ recordId: row?.ID, Name: row?.Name }]);
		expect(bench.items()[0]).not.toHaveProperty('error');
	});

	it('that somebody made up starts nothing and breaks nothing, whatever it is', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const url = bench.n8n.addressOf(workflow);
		const part = fc.constantFrom('{', '}', '"Content":', '"HashCode":', '"', '[', ',', '\\', '1');
		const body = fc.oneof(
			fc.array(part, { minLength: 1 }).map((parts) => Buffer.from(parts.join(''))),
			fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
			fc.json().map((text) => Buffer.from(`{"Content":${text},"HashCode":"${'0'.repeat(64)}"}`)),
		);
		await holdsAsync(
			fc.asyncProperty(body, async (bytes) => {
				const { status } = await fetch(url, { method: 'POST', body: bytes });
				expect(status).toBe(401);
			}),
			100,
		);
		expect((await fetch(url, { method: 'POST', body: 'x'.repeat(2_000_000) })).status).toBe(413);
		expect(bench.n8n.executions).toEqual([]);
		expect(bench.n8n.log).toEqual([]);
	});

	it('that n8n could not start is started when the node is woken, marked as repeated', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		bench.n8n.makesExecutions = false;
		bench.changeAccount({ Name: 'Late' });
		await bench.settled();
		expect(bench.simulator.webhooks.deliveries[0]).toMatchObject({ tries: [200] });
		expect(bench.items()).toEqual([]);
		bench.n8n.makesExecutions = true;
		expect(await wakeAll(await bench.vault())).toBe(1);
		await bench.settled();
		expect(bench.items()).toEqual([expect.objectContaining({ Name: 'Late', repeated: true })]);
		expect(await wakeAll(await bench.vault())).toBe(0);
		const sleeper = { receiver: receiverOf('one'), url: bench.n8n.addressOf(workflow) };
		expect(await wake(await bench.vault(), sleeper)).toBe(true);
		await bench.simulator.webhooks.repeat(1);
		await bench.settled();
		expect(bench.items()).toHaveLength(1);
	});

	it('that n8n could not start is started when something of this package polls', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		bench.n8n.makesExecutions = false;
		bench.changeAccount({ Name: 'Late' });
		await bench.settled();
		bench.n8n.makesExecutions = true;
		const { argv } = process;
		process.argv = ['node', '/usr/bin/n8n', 'start'];
		try {
			expect(await runPoll(pollContext({ mode: 'trigger' }), NO_NEWS)).toBeNull();
		} finally {
			process.argv = argv;
		}
		await until(() => bench.items().length > 0);
		await bench.settled();
		expect(bench.items()).toEqual([expect.objectContaining({ Name: 'Late', repeated: true })]);
	});

	it('whose record does not come in time starts the workflow with its ID and the error', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		const given = jest.mocked(receiveEvents);
		given.mockImplementation(
			async (context, work) => await receiving.receiveEvents(context, { ...work, withinMs: 2_000 }),
		);
		const hold = bench.simulator.hold('apiReceived', { where: { path: '/crm/Accounts' } });
		bench.changeAccount({ Name: 'Slow' });
		await hold.waiting();
		await bench.settled();
		hold.release();
		expect(bench.items()).toEqual([
			expect.objectContaining({
				...{ recordId: expect.any(String) as string, change: 'changed' },
				error: expect.objectContaining({ code: 'EXACT_WEBHOOK_RECORD_LATE' }) as object,
			}),
		]);
		expect(bench.items()[0]).not.toHaveProperty('Name');
	});

	it('is not asked for again and again where its workflow is published no more', async () => {
		const vault = await bench.vault();
		const url = bench.n8n.addressOf(bench.workflow('gone'));
		const note = { mark: 'mark', content: { key: 'key', action: 'Update' } };
		const taking = await new ReceivedEvents(vault).note(receiverOf('gone'), url, note);
		if (taking !== 'repeat') await taking.taken.letGo();
		for (let look = 0; look < 5; look += 1) expect(await wakeAll(vault)).toBe(0);
		expect(bench.n8n.unknownRequests).toBe(1);
	});

	it('and many others that wait are started by one request to wake', async () => {
		const workflow = bench.workflow('one', { fetchRecord: false });
		await bench.n8n.publish(workflow);
		const sleeper = { receiver: receiverOf('one'), url: bench.n8n.addressOf(workflow) };
		const events = new ReceivedEvents(await bench.vault());
		for (let mark = 0; mark < 120; mark += 1) {
			const event = { mark: String(mark), content: { key: String(mark), action: 'Update' } };
			const taking = await events.note(sleeper.receiver, sleeper.url, event);
			if (taking !== 'repeat') await taking.taken.letGo();
		}
		expect(await wake(await bench.vault(), sleeper)).toBe(true);
		await until(() => bench.items().length >= 120);
		await bench.settled();
		expect(new Set(bench.items().map(({ recordId }) => recordId)).size).toBe(120);
		expect(bench.items()).toHaveLength(120);
	});
});

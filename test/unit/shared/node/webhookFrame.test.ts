import { createHmac } from 'node:crypto';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { isHmacOf } from '../../../../nodes/shared/hmacSignature';
import { runWebhook, type WebhookWork } from '../../../../nodes/shared/node/webhookFrame';
import { webhookContext } from '../../../support/n8nContext';

/** Receives a body as n8n delivers it. */
async function receive(body: Buffer, work: WebhookWork) {
	const description = { displayName: 'Trigger', name: 'trigger', properties: [] };
	const standIn = webhookContext({ description }, body, { 'x-signature': 'abc' });
	return { ...standIn, result: await runWebhook(standIn.context, work) };
}

const genuine = () => true;

it('hands over the bytes as they came, and starts the workflow with the rows', async () => {
	const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
	const seen: unknown[] = [];
	const { result, answers } = await receive(bytes, {
		isGenuine: (delivery) => seen.push(delivery) > 0,
		receive: async (delivery) => [{ json: { size: delivery.body.length } }],
	});
	expect(seen).toEqual([{ method: 'POST', headers: { 'x-signature': 'abc' }, body: bytes }]);
	expect(result).toEqual({ workflowData: [[{ json: { size: 4 } }]] });
	expect(answers).toEqual([]);
});

it('answers what is not genuine with 401 and starts nothing', async () => {
	const taken = jest.fn(async () => [{ json: {} }]);
	const { result, answers } = await receive(Buffer.from('{}'), {
		isGenuine: async () => false,
		receive: taken,
	});
	expect(result).toEqual({ noWebhookResponse: true });
	expect(answers).toEqual([{ status: 401, body: { message: 'Unauthorized' } }]);
	expect(taken).not.toHaveBeenCalled();
});

it('answers at once and goes on, and answers no second time', async () => {
	const order: string[] = [];
	const release = async () => void order.push('released');
	const { result, answers } = await receive(Buffer.from('{}'), {
		isGenuine: genuine,
		receive: async (_delivery, answer, run) => {
			run.releaseLater({ release });
			answer({ status: 202 });
			answer({ status: 500 });
			await Promise.resolve();
			order.push('fetched');
			return [{ json: { id: 1 } }];
		},
	});
	expect(answers).toEqual([{ status: 202 }]);
	expect(result).toEqual({ noWebhookResponse: true, workflowData: [[{ json: { id: 1 } }]] });
	expect(order).toEqual(['fetched', 'released']);
});

it('starts nothing for a delivery without rows', async () => {
	const { result, answers } = await receive(Buffer.alloc(0), {
		isGenuine: genuine,
		receive: async (_delivery, answer) => {
			answer({ status: 200, body: { ok: true } });
			return [];
		},
	});
	expect(result).toEqual({ noWebhookResponse: true });
	expect(answers).toEqual([{ status: 200, body: { ok: true } }]);
});

it('answers a failure with 500 and no word of it, and logs it without secrets', async () => {
	const failures = [
		new Error('failed with Bearer canary-token'),
		new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' }),
	];
	for (const failure of failures) {
		for (const early of [false, true]) {
			const { result, answers, log } = await receive(Buffer.from('{}'), {
				isGenuine: genuine,
				receive: async (_delivery, answer) => {
					if (early) answer({ status: 202 });
					throw failure;
				},
			});
			expect(result).toEqual({ noWebhookResponse: true });
			expect(answers.map(({ status }) => status)).toEqual([early ? 202 : 500]);
			expect(JSON.stringify(answers)).not.toMatch(/failed|Broken|canary|stack|\.ts/);
			expect(log).toHaveLength(1);
			expect(JSON.stringify(log)).toMatch(/failed with Bearer \[redacted\]|Broken\. \[BROKEN\]/);
			expect(JSON.stringify(log)).not.toContain('canary');
		}
	}
});

it('answers a failing check of the sender with 500, not as genuine', async () => {
	const taken = jest.fn(async () => []);
	const { answers } = await receive(Buffer.from('{}'), {
		isGenuine: () => {
			throw new Error('no secret is set');
		},
		receive: taken,
	});
	expect(answers).toMatchObject([{ status: 500 }]);
	expect(taken).not.toHaveBeenCalled();
});

describe('isHmacOf', () => {
	const bytes = Buffer.from('{"a":5.30}');
	const right = createHmac('sha512', 'secret').update(bytes).digest('hex');

	it('takes the right signature, in either case', () => {
		expect(isHmacOf('sha512', 'secret', bytes, right)).toBe(true);
		expect(isHmacOf('sha512', 'secret', bytes, ` ${right.toUpperCase()} `)).toBe(true);
	});

	it('takes no other', () => {
		expect(isHmacOf('sha256', 'secret', bytes, right)).toBe(false);
		expect(isHmacOf('sha512', 'other', bytes, right)).toBe(false);
		expect(isHmacOf('sha512', 'secret', Buffer.from('{"a":5.3}'), right)).toBe(false);
		expect(isHmacOf('sha512', 'secret', bytes, right.slice(2))).toBe(false);
		expect(isHmacOf('sha512', 'secret', bytes, '')).toBe(false);
		expect(isHmacOf('sha512', 'secret', bytes, 'ü'.repeat(128))).toBe(false);
	});

	it('takes none without a secret', () => {
		const empty = createHmac('sha256', '').update(bytes).digest('hex');
		expect(isHmacOf('sha256', '', bytes, empty)).toBe(false);
	});
});

import { ConnectorError } from '../../../../nodes/shared/errors';
import { logFailure, readDelivery } from '../../../../nodes/shared/node/webhookFrame';
import { webhookContext } from '../../../support/n8nContext';

const description = { displayName: 'Trigger', name: 'trigger', properties: [] };

it('reads the bytes as they came', async () => {
	const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
	const { context } = webhookContext({ description }, bytes, { 'x-signature': 'abc' });
	expect(await readDelivery(context)).toEqual({
		method: 'POST',
		headers: { 'x-signature': 'abc' },
		body: bytes,
	});
});

it.each([
	[new Error('failed with Bearer canary-token'), /failed with Bearer \[redacted\]/],
	[new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' }), /Broken\. \[BROKEN\]/],
])('logs a failure without secrets', (failure, expected) => {
	const { context, log } = webhookContext({ description }, Buffer.alloc(0), {});
	logFailure(context, failure);
	expect(log).toHaveLength(1);
	expect(JSON.stringify(log)).toMatch(expected);
	expect(JSON.stringify(log)).not.toContain('canary');
});

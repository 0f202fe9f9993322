import { readDelivery } from '../../../../nodes/shared/node/webhookFrame';
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

import { receivesWebhooks } from '../../../../nodes/shared/process/receivesWebhooks';

it.each([
	[['/usr/local/bin/n8n'], true],
	[['/usr/local/bin/n8n', 'start'], true],
	[['/usr/local/bin/n8n', '--tunnel'], true],
	[['/usr/local/bin/n8n', 'webhook'], true],
	[['/usr/local/bin/n8n', 'worker', '--concurrency=5'], false],
	[['/usr/local/bin/n8n', 'execute', '--id=1'], false],
	[['/usr/local/bin/jest'], false],
	[[], false],
])('says of n8n by %p whether it takes webhooks: %p', (argv, receives) => {
	expect(receivesWebhooks(['/usr/bin/node', ...argv])).toBe(receives);
});

import { randomUUID } from 'node:crypto';
import {
	isWake,
	ownAddresses,
	startWaitingEvents,
	wakeToken,
} from '../../../../nodes/shared/node/events/wake';
import { isVaultThere } from '../../../../nodes/shared/vault/place/vaultThere';
import { Sealer } from '../../../../nodes/shared/vault/sealing';

jest.mock('../../../../nodes/shared/vault/place/vaultThere', () => ({ isVaultThere: jest.fn() }));

const sealerOf = (secret: string) => new Sealer({ secret, source: 'a test' });
const sealer = sealerOf(randomUUID());
const receiver = ['instance', 'workflow', 'node'] as const;
const MINUTE = 60_000;

it('a request to wake is good for its node, for two minutes, and from who shares the key alone', () => {
	const token = wakeToken(sealer, receiver, 1_000 * MINUTE);
	const at = (minutes: number, of: readonly [string, string, string] = receiver, by = sealer) =>
		isWake(by, of, token, (1_000 + minutes) * MINUTE);
	expect([at(0), at(2), at(-2)]).toEqual([true, true, true]);
	expect([at(2.1), at(-2.1)]).toEqual([false, false]);
	expect(at(0, ['instance', 'workflow', 'other'])).toBe(false);
	expect(at(0, receiver, sealerOf('another key'))).toBe(false);
});

it.each([undefined, '', '1', '.', 'a.b', '1.', ['1.00', '2.00'], '99999999999999999999.00'])(
	'takes no %p for one',
	(header) => {
		expect(isWake(sealer, receiver, header)).toBe(false);
	},
);

it.each([
	['https://n8n.example/webhook/1/webhook', {}, ['5678/webhook/1/webhook']],
	['https://n8n.example/webhook/1/webhook', { N8N_PORT: '80' }, ['80/webhook/1/webhook']],
	[
		'https://example.com/n8n/webhook/1/webhook',
		{ N8N_PATH: '/n8n/' },
		['5678/n8n/webhook/1/webhook', '5678/webhook/1/webhook'],
	],
	[
		'https://example.com/n8n/hooks/1/webhook',
		{ N8N_ENDPOINT_WEBHOOK: 'hooks' },
		['5678/n8n/hooks/1/webhook', '5678/hooks/1/webhook'],
	],
])('finds a node at %s also past the proxy that adds a path (%p)', (url, env, addresses) => {
	expect(ownAddresses(url, env)).toEqual(addresses.map((one) => `http://127.0.0.1:${one}`));
});

it('a process that has started looks soon, once more when a test run that it has cut off is over, and then no more', async () => {
	jest.useFakeTimers();
	const startedAt = Date.now();
	const looks: number[] = [];
	jest.mocked(isVaultThere).mockImplementation(async () => {
		looks.push(Date.now() - startedAt);
		return await Promise.resolve(false);
	});
	startWaitingEvents();
	await jest.advanceTimersByTimeAsync(3_600_000);
	jest.useRealTimers();
	expect(looks.filter((at) => at <= 60_000)).toEqual([0, 5_000, 15_000, 30_000]);
	// n8n ends a test run after two minutes, and half a minute later nobody listens any more.
	expect(looks.filter((at) => at > 150_000 && at <= 180_000)).toHaveLength(1);
	expect(Math.max(...looks)).toBe(600_000);
});

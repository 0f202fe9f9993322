import { randomUUID } from 'node:crypto';
import { isWake, wakeToken } from '../../../../nodes/shared/node/events/wake';
import { Sealer } from '../../../../nodes/shared/vault/sealing';

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

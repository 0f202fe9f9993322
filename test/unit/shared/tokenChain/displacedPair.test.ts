import { displacedPair } from '../../../../nodes/shared/tokenChain/displacedPair';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import type { Vault } from '../../../../nodes/shared/vault/vault';

const FIRST = 'first authorization';

const vault = {
	openSecret: () => ({ accessToken: 'access', refreshToken: 'refresh', lifeMs: 600_000 }),
	sealSecret: () => 'sealed',
	sealer: { fingerprint: (kind: string, text: string) => `${kind} ${text}` },
} as unknown as Vault;

/** A record that still holds what its first log-in has brought. */
function recordWith(changes: Partial<VaultRecord>): VaultRecord {
	return {
		id: 'record',
		state: 'active',
		requestedAt: 1_000,
		receivedAt: 701_000,
		meta: { firstOf: FIRST, pairOf: FIRST },
		...changes,
	} as VaultRecord;
}

it('is as old as the request for it, also where the answer was read late', () => {
	expect(displacedPair(vault, recordWith({}), [], 5_000)).toMatchObject({
		authorization: FIRST,
		at: 1_000,
		triedAt: 5_000,
	});
	expect(displacedPair(vault, recordWith({ requestedAt: null }), [], null)?.at).toBe(701_000);
});

it('is that of whoever brought it, also where the record has begun with another one', () => {
	const taken = recordWith({ meta: { firstOf: 'taker', pairOf: FIRST } });
	expect(displacedPair(vault, taken, [], null)).toMatchObject({ authorization: FIRST });
});

it('is none where the service has accepted it, or has called it broken', () => {
	const proof = { kind: 'authorization', subject: FIRST, detail: null, notedAt: 0 } as const;
	expect(displacedPair(vault, recordWith({}), [proof], null)).toBeUndefined();
	expect(displacedPair(vault, recordWith({ meta: {} }), [], null)).toBeUndefined();
	expect(displacedPair(vault, recordWith({ state: 'broken' }), [], null)).toBeUndefined();
});

import { rememberRival, rememberStored } from '../../../../nodes/shared/tokenChain/memory';
import { presentFacts } from '../../../../nodes/shared/tokenChain/presentFacts';
import type { ChainContext } from '../../../../nodes/shared/tokenChain/types';
import type { ChainView } from '../../../../nodes/shared/tokenChain/view';
import type { Rival } from '../../../../nodes/shared/vault/rows/rivals';
import type { Vault } from '../../../../nodes/shared/vault/vault';

const LIFE_MS = 600_000;

/** A vault in which what is sealed says which access token it holds. */
const vault = {
	vaultId: 'fallen back',
	openSecret: ({ sealed }: { sealed: string }) => ({ accessToken: sealed, refreshToken: 'r' }),
	rememberSecret: () => undefined,
	isFallenBack: () => false,
} as unknown as Vault;

const chain = { vault, policy: { defaultLifeMs: LIFE_MS } } as unknown as ChainContext;

const now = () => performance.now();

function viewOf(sealed: string, requestedAt: number): ChainView {
	const record = { id: 'record', generation: 1, sealed, meta: {}, requestedAt };
	const times = { storeNow: now(), monotonicNow: now(), lifeMs: LIFE_MS };
	return { record: { ...record, receivedAt: requestedAt }, ...times } as unknown as ChainView;
}

describe('a generation that the store has given away a second time, after it fell back', () => {
	it('brings the token that stands there now, with its own age', () => {
		rememberStored(vault, viewOf('first', now() - LIFE_MS));
		const later = rememberStored(vault, viewOf('second', now()));
		expect(later.accessToken).toBe('second');
		expect(later.requestedAt).toBeGreaterThan(now() - LIFE_MS / 2);
	});

	it('is not judged by the age of the first one', () => {
		const requestedAt = now();
		rememberStored(vault, viewOf('first', requestedAt));
		const view = {
			...viewOf('second', requestedAt - 1_000),
			attempts: [],
			recent: [],
			rivals: [],
			proofs: [],
		};
		expect(presentFacts(chain, view).requestedAt).toBeLessThan(requestedAt - 500);
	});

	it('so does a pair beside a record', () => {
		const rivalOf = (sealed: string) =>
			({ id: 'rival', generation: 1, sealed, at: now(), lifeMs: LIFE_MS }) as unknown as Rival;
		rememberRival(chain, viewOf('first', now()), rivalOf('first'));
		const later = rememberRival(chain, viewOf('first', now()), rivalOf('second'));
		expect(later.accessToken).toBe('second');
	});
});

it('keeps what it knows of the age of a token that still stands there', () => {
	const known = rememberStored(vault, viewOf('second', now()));
	expect(rememberStored(vault, viewOf('second', now() - LIFE_MS))).toBe(known);
});

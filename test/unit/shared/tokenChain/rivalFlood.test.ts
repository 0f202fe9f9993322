import * as fc from 'fast-check';

import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { rivalTurn } from '../../../../nodes/shared/tokenChain/rivalTurn';
import type { ChainView } from '../../../../nodes/shared/tokenChain/view';
import { factsOf, refusedOfEach } from '../../../../nodes/shared/tokenChain/view';
import type { Rival } from '../../../../nodes/shared/vault/rows/rivals';
import { RIVALS_KEPT, surplusRivals } from '../../../../nodes/shared/vault/rows/rivals';

const LIFE = 600_000;

/** A pair as the test knows it: its access token stands where the sealed text would. */
function pair(id: string, token: string, addedAt: number, at: number | null): Rival {
	return {
		...{ id, recordId: 'r', generation: 1, origin: 'claimed', state: 'waiting', reconnect: false },
		...{ fingerprint: id, authorization: id, secretFingerprint: null, sealed: token },
		...{ lifeMs: LIFE, at, addedAt, triedAt: null, setAsideAt: null, note: null },
	} as Rival;
}

const claimOf = ({ sealed }: Pick<Rival, 'sealed'>) => sealed;

/** The record is broken, so that a rival is tried in each token life. */
function nextOf(rivals: Rival[], now: number): string | undefined {
	const meta = { lifeMs: LIFE };
	const record = { id: 'r', generation: 1, state: 'broken', requestedAt: 0, receivedAt: 0, meta };
	const view = {
		...{ record, attempts: [], recent: [], rivals, proofs: [], refusals: new Map() },
		...{ refusedBefore: refusedOfEach(rivals, claimOf), secretRefusedFor: new Set() },
		...{ lifeMs: LIFE, toldLifeMs: LIFE },
		...{ storeNow: now, monotonicNow: now },
	} as unknown as ChainView;
	return rivalTurn({ ...factsOf(view, exactChainPolicy, undefined, false), now })?.rival;
}

/** Who shows which leaked token with an invented refresh token, when within its life, and what time he claims. */
const forgery = fc.record({
	token: fc.constantFrom('leaked 1', 'leaked 2', 'leaked 3'),
	at: fc.integer({ min: 0, max: LIFE }),
	claims: fc.constantFrom(null, 0, LIFE, 100 * LIFE),
});

const flood = fc.record({
	forgeries: fc.array(forgery, { minLength: 1, maxLength: 80 }),
	trueAt: fc.integer({ min: 0, max: LIFE }),
	claims: fc.constantFrom(null, 0),
});

function shown({
	forgeries,
	trueAt,
	claims,
}: typeof flood extends fc.Arbitrary<infer T> ? T : never) {
	const invented = forgeries.map(({ token, at, claims: claimed }, n) =>
		pair(`invented ${n}`, token, at, claimed),
	);
	const rivals: Rival[] = [];
	const inOrder = [...invented, pair('true', 'its own', trueAt, claims)];
	inOrder.sort((a, b) => a.addedAt - b.addedAt);
	for (const one of inOrder) {
		rivals.push(one);
		const surplus = surplusRivals(rivals, claimOf);
		rivals.splice(0, rivals.length, ...rivals.filter(({ id }) => !surplus.includes(id)));
	}
	return rivals;
}

it('keeps an untried log-in, however many refresh tokens are invented for three leaked access tokens', () => {
	fc.assert(
		fc.property(flood, (drawn) => {
			const rivals = shown(drawn);
			expect(rivals.length).toBeLessThanOrEqual(RIVALS_KEPT);
			expect(rivals.map(({ id }) => id)).toContain('true');
		}),
	);
});

it('tries it after one refused request per leaked access token at most, whatever times are claimed', () => {
	fc.assert(
		fc.property(flood, (drawn) => {
			const rivals = shown(drawn);
			const tried: Array<string | undefined> = [];
			for (let now = 3 * LIFE; tried.at(-1) !== 'true'; now += 3 * LIFE) {
				const next = nextOf(rivals, now);
				tried.push(next);
				const index = rivals.findIndex(({ id }) => id === next);
				rivals[index] = { ...rivals[index]!, state: 'setAside', setAsideAt: now, triedAt: now };
				expect(tried.length).toBeLessThanOrEqual(4);
			}
		}),
	);
});

it('keeps the first and the last pair that came with one access token', () => {
	const rivals = Array.from({ length: RIVALS_KEPT + 5 }, (_, n) => pair(`${n}`, 'leaked', n, null));
	const surplus = surplusRivals(rivals, claimOf);
	expect(surplus).toHaveLength(5);
	expect(surplus).not.toContain('0');
	expect(surplus).not.toContain(`${RIVALS_KEPT + 4}`);
});

import type { ChainFacts } from '../../../../nodes/shared/tokenChain/chainFacts';
import {
	isUsable,
	marginFor,
	planRefresh,
	validUntil,
} from '../../../../nodes/shared/tokenChain/plan';
import { facts as factsAt, LIFE, MARGIN } from './support/chainFacts';

const T0 = 1_000_000;

/** A pair received at T0, as it is `age` later. */
function facts({ age = 0, ...changes }: Partial<ChainFacts> & { age?: number }): ChainFacts {
	return factsAt(T0 + age, { requestedAt: T0 - 200, receivedAt: T0, ...changes });
}

function attempt(outcome: ChainFacts['attempts'][number]['outcome'], at: number, lasts = 100) {
	return {
		outcome,
		startedAt: T0 + at,
		finishedAt: outcome === 'open' ? null : T0 + at + lasts,
	};
}

describe('margins', () => {
	it('are 5 s and 30 s at Exact and scale with a shorter life', () => {
		expect(marginFor('normal', LIFE)).toBe(5_000);
		expect(marginFor('long', LIFE)).toBe(30_000);
		expect(marginFor('normal', 10_000)).toBe(500);
		expect(marginFor('long', 10_000)).toBe(500);
	});
});

describe('the window (docs/facts/exact-online.md 1.4)', () => {
	it('uses a token up to 570 s after it arrived', () => {
		expect(planRefresh(facts({ age: 569_999 }), MARGIN)).toEqual({ kind: 'use' });
		expect(planRefresh(facts({ age: 570_000 }), MARGIN)).toEqual({ kind: 'post', probe: false });
	});

	it('counts expiry from before the request, less the margin', () => {
		expect(validUntil(facts({}))).toBe(T0 - 200 + LIFE);
		expect(isUsable(facts({ age: 594_700 }), MARGIN)).toBe(true);
		expect(isUsable(facts({ age: 594_800 }), MARGIN)).toBe(false);
	});

	it('opens no sooner than the service has asked to wait', () => {
		const askedPauseUntil = T0 + 700_000;
		const within = facts({ age: 596_000, askedPauseUntil });
		expect(planRefresh(within, MARGIN)).toMatchObject({ kind: 'wait', until: askedPauseUntil });
		expect(planRefresh(facts({ age: 580_000, askedPauseUntil }), MARGIN)).toEqual({ kind: 'use' });
		const after = facts({ age: 700_000, askedPauseUntil });
		expect(planRefresh(after, MARGIN)).toEqual({ kind: 'post', probe: false });
	});

	it('waits for the window where a slow answer made the token end before it opens', () => {
		const slow = facts({ requestedAt: T0 - 60_000, age: 545_000 });
		expect(planRefresh(slow, MARGIN)).toEqual({
			kind: 'wait',
			until: T0 + 570_000,
			reason: 'window',
		});
	});

	it('takes a token of unknown age for good until it is refused', () => {
		const unknown = facts({ requestedAt: null, receivedAt: null, age: 10 * LIFE });
		expect(planRefresh(unknown, MARGIN)).toEqual({ kind: 'use' });
		expect(planRefresh({ ...unknown, accessTokenRefused: true }, MARGIN)).toEqual({
			kind: 'post',
			probe: false,
		});
	});
});

describe('refusals', () => {
	it('sends at most three refused requests per life', () => {
		const attempts = [
			attempt('refused', 601_000),
			attempt('refused', 602_000),
			attempt('refused', 603_000),
		];
		expect(planRefresh(facts({ age: 604_000, attempts: attempts.slice(0, 2) }), MARGIN).kind).toBe(
			'post',
		);
		expect(planRefresh(facts({ age: 604_000, attempts }), MARGIN)).toEqual({
			kind: 'stop',
			reason: 'exhausted',
			until: T0 + 601_100 + LIFE,
		});
		expect(planRefresh(facts({ age: 1_202_000, attempts }), MARGIN).kind).toBe('post');
	});

	it('does not count requests that never left', () => {
		const attempts = Array.from({ length: 9 }, (_, index) => attempt('notSent', 600_000 + index));
		expect(planRefresh(facts({ age: 601_000, attempts }), MARGIN).kind).toBe('post');
	});
});

describe('in doubt (docs/facts/exact-online.md 1.8)', () => {
	it.each(['open', 'unknown'] as const)('probes once after an attempt that is %s', (outcome) => {
		const attempts = [attempt(outcome, 600_000)];
		expect(planRefresh(facts({ age: 601_000, attempts }), MARGIN)).toEqual({
			kind: 'post',
			probe: true,
		});
	});

	it('probes once per window while the answers stay away, until the pair has lapsed', () => {
		const attempts = [attempt('open', 600_000), attempt('unknown', 601_000)];
		const until = T0 + 601_100 + 570_000;
		expect(planRefresh(facts({ age: 602_000, attempts }), MARGIN)).toEqual({
			kind: 'wait',
			until,
			reason: 'inDoubt',
		});
		expect(planRefresh(facts({ age: until - T0, attempts }), MARGIN)).toEqual({
			kind: 'post',
			probe: true,
		});
		// A probe after that tells for certain; only if it has no answer either, a person decides.
		const days = 30 * 24 * 3_600_000;
		expect(planRefresh(facts({ age: days, attempts }), MARGIN).kind).toBe('post');
		const lapsed = [...attempts, attempt('unknown', days + 1)];
		expect(planRefresh(facts({ age: 2 * days, attempts: lapsed }), MARGIN)).toEqual({
			kind: 'stop',
			reason: 'inDoubt',
		});
		const late = [attempt('unknown', days + 1)];
		expect(planRefresh(facts({ age: days + 2, attempts: late }), MARGIN).kind).toBe('post');
	});

	it('lets a person ask at any time', () => {
		const attempts = [attempt('open', 600_000), attempt('unknown', 601_000)];
		const asked = facts({ age: 602_000, attempts, personAsked: true });
		expect(planRefresh(asked, MARGIN)).toEqual({ kind: 'post', probe: true });
	});

	it('waits for the window of the pair it never got, then asks again', () => {
		const attempts = [attempt('unknown', 600_000), attempt('tooEarly', 601_000)];
		expect(planRefresh(facts({ age: 602_000, attempts }), MARGIN)).toEqual({
			kind: 'wait',
			until: T0 + 600_100 + 570_000,
			reason: 'inDoubt',
		});
		expect(planRefresh(facts({ age: 600_100 + 570_000, attempts }), MARGIN)).toEqual({
			kind: 'post',
			probe: true,
		});
	});

	it('goes on using the present token while it is fresh', () => {
		const attempts = [attempt('unknown', 1_000)];
		expect(planRefresh(facts({ age: 2_000, attempts }), MARGIN)).toEqual({ kind: 'use' });
	});
});

it('sends nothing while broken', () => {
	expect(planRefresh(facts({ broken: true, age: 1 }), MARGIN)).toEqual({
		kind: 'stop',
		reason: 'broken',
	});
	expect(isUsable(facts({ broken: true, age: 1 }), MARGIN)).toBe(false);
});

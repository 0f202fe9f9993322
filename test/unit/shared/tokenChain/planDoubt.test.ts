import type { ChainFacts } from '../../../../nodes/shared/tokenChain/plan';
import { isUsable, planRefresh } from '../../../../nodes/shared/tokenChain/plan';

const LIFE = 600_000;
const WINDOW = 570_000;
const MARGIN = 5_000;

/** A pair received at 0, and what was tried with it, on one clock in milliseconds. */
function facts(now: number, attempts: ChainFacts['attempts']): ChainFacts {
	return {
		now,
		requestedAt: -100,
		receivedAt: 0,
		lifeMs: LIFE,
		windowStart: 0.95,
		refreshFrom: 0.95,
		broken: false,
		accessTokenRefused: false,
		attempts,
	};
}

function tooEarly(at: number): ChainFacts['attempts'][number] {
	return { outcome: 'tooEarly', startedAt: at, finishedAt: at + 100 };
}

describe('the window of a pair that was never received', () => {
	it('counts from the probe where the first holder died: its request may have arrived after its row', () => {
		const open = { outcome: 'open', startedAt: 600_000, finishedAt: null } as const;
		const attempts = [open, tooEarly(602_000)];
		expect(planRefresh(facts(600_000 + WINDOW, attempts), MARGIN)).toEqual({
			kind: 'wait',
			until: 602_000 + WINDOW,
			reason: 'inDoubt',
		});
	});

	it('is not hammered where the service still says "not expired" after it', () => {
		const lost = { outcome: 'unknown', startedAt: 600_000, finishedAt: 600_500 } as const;
		const second = tooEarly(600_500 + WINDOW);
		const attempts = [lost, tooEarly(602_000), second];
		expect(planRefresh(facts(600_700 + WINDOW, attempts), MARGIN)).toEqual({
			kind: 'wait',
			until: 600_600 + WINDOW + (LIFE - WINDOW),
			reason: 'inDoubt',
		});
	});
});

describe('a token that the service called "not expired" against this side\'s clocks', () => {
	it('is good for the rest of its life after the window at least, and for no more', () => {
		const attempts = [tooEarly(700_000)];
		expect(isUsable(facts(724_000, attempts), MARGIN)).toBe(true);
		expect(isUsable(facts(726_000, attempts), MARGIN)).toBe(false);
		expect(planRefresh(facts(726_000, attempts), MARGIN)).toEqual({ kind: 'post', probe: false });
	});

	it('is believed to be young when that is said twice, so that it is not asked about every 30 s', () => {
		const attempts = [tooEarly(700_000), tooEarly(726_000)];
		expect(isUsable(facts(726_100 + WINDOW - MARGIN - 1, attempts), MARGIN)).toBe(true);
		expect(isUsable(facts(726_100 + WINDOW, attempts), MARGIN)).toBe(false);
	});
});

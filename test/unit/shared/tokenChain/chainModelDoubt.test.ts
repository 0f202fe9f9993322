import type { ChainFacts } from '../../../../nodes/shared/tokenChain/plan';
import { planRefresh } from '../../../../nodes/shared/tokenChain/plan';

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

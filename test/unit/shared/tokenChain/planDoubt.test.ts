import type { ChainFacts } from '../../../../nodes/shared/tokenChain/chainFacts';
import { isUsable, planRefresh } from '../../../../nodes/shared/tokenChain/plan';
import { facts, LIFE, MARGIN, WINDOW } from './support/chainFacts';

function tooEarly(at: number): ChainFacts['attempts'][number] {
	return { outcome: 'tooEarly', startedAt: at, finishedAt: at + 100 };
}

describe('the window of a pair that was never received', () => {
	it('counts from the probe where the first holder died: its request may have arrived after its row', () => {
		const open = { outcome: 'open', startedAt: 600_000, finishedAt: null } as const;
		const attempts = [open, tooEarly(602_000)];
		expect(planRefresh(facts(600_000 + WINDOW, { attempts }), MARGIN)).toEqual({
			kind: 'wait',
			until: 602_000 + WINDOW,
			reason: 'inDoubt',
		});
	});

	it('is not hammered where the service still says "not expired" after it', () => {
		const lost = { outcome: 'unknown', startedAt: 600_000, finishedAt: 600_500 } as const;
		const second = tooEarly(600_500 + WINDOW);
		const attempts = [lost, tooEarly(602_000), second];
		expect(planRefresh(facts(600_700 + WINDOW, { attempts }), MARGIN)).toEqual({
			kind: 'wait',
			until: 600_600 + WINDOW + (LIFE - WINDOW),
			reason: 'inDoubt',
		});
	});
});

describe('a token that the service called "not expired" against this side\'s clocks', () => {
	it('ends when its clock says so: no call to the API finds out what the service has proved', () => {
		expect(isUsable(facts(594_800, { attempts: [tooEarly(580_000)] }), MARGIN)).toBe(true);
		expect(isUsable(facts(601_000, { attempts: [tooEarly(580_000)] }), MARGIN)).toBe(false);
	});

	it("is believed against the store's clock, which may have jumped, once", () => {
		const jumped = { ...facts(702_000, { attempts: [tooEarly(700_000)] }), ageIsMeasured: false };
		expect(planRefresh(jumped, MARGIN)).toEqual({ kind: 'use' });
		const end = 700_100 + WINDOW;
		expect(isUsable({ ...jumped, now: end - MARGIN - 1 }, MARGIN)).toBe(true);
		expect(planRefresh({ ...jumped, now: end }, MARGIN)).toEqual({ kind: 'post', probe: false });
		const attempts = [...jumped.attempts, tooEarly(end)];
		expect(isUsable({ ...jumped, now: end + 200, attempts }, MARGIN)).toBe(false);
	});

	it('is asked for once more at its end, where that was in its window', () => {
		const attempts = [tooEarly(571_000)];
		expect(planRefresh(facts(572_000, { attempts }), MARGIN)).toEqual({ kind: 'use' });
		expect(planRefresh(facts(600_000, { attempts }), MARGIN)).toMatchObject({
			kind: 'wait',
			until: 571_100 + LIFE - WINDOW,
		});
		expect(planRefresh(facts(601_100, { attempts }), MARGIN)).toEqual({
			kind: 'post',
			probe: false,
		});
	});

	it('proves a pair of unknown age after that: a whole window passes before the next', () => {
		const attempts = [tooEarly(571_000), tooEarly(601_100)];
		expect(planRefresh(facts(602_000, { attempts }), MARGIN)).toEqual({
			kind: 'wait',
			until: 601_200 + WINDOW,
			reason: 'window',
		});
		const first = [tooEarly(700_000)];
		expect(planRefresh(facts(701_000, { attempts: first }), MARGIN)).toMatchObject({
			until: 700_100 + WINDOW,
		});
	});

	it('is not asked about again because the API refused it', () => {
		const refused = {
			...facts(400_000, { attempts: [tooEarly(390_000)] }),
			accessTokenRefused: true,
		};
		expect(planRefresh(refused, MARGIN)).toMatchObject({ kind: 'wait', until: WINDOW });
		const ageless = { ...refused, requestedAt: null, receivedAt: null };
		expect(planRefresh(ageless, MARGIN)).toMatchObject({ kind: 'wait', until: 390_100 + WINDOW });
	});
});

describe('a service without a window', () => {
	const HOUR = 3_600_000;
	const MINUTE = 60_000;

	function lost(...at: number[]): ChainFacts['attempts'] {
		return at.map((startedAt) => ({ outcome: 'unknown', startedAt, finishedAt: startedAt }));
	}

	it.each([
		[1, lost(HOUR)],
		[5, lost(HOUR, HOUR + MINUTE)],
		[15, lost(HOUR, HOUR + MINUTE, HOUR + 6 * MINUTE)],
		[15, lost(HOUR, HOUR + MINUTE, HOUR + 6 * MINUTE, HOUR + 21 * MINUTE)],
	])('is probed %i minutes after the last request', (minutes, attempts) => {
		const last = attempts.at(-1)!.startedAt;
		const given = {
			...facts(last + 1, { attempts }),
			lifeMs: HOUR,
			windowStart: 0,
			refreshFrom: 0.9,
		};
		const until = last + minutes * MINUTE;
		expect(planRefresh(given, MARGIN)).toEqual({ kind: 'wait', until, reason: 'inDoubt' });
		expect(planRefresh({ ...given, now: until }, MARGIN)).toEqual({ kind: 'post', probe: true });
		// A person need not wait.
		expect(planRefresh({ ...given, personAsked: true }, MARGIN).kind).toBe('post');
	});
});

describe('limits of requests', () => {
	const refusals = (outcome: 'doubtful' | 'refused', ...at: number[]) =>
		at.map((one) => ({ outcome, startedAt: one, finishedAt: one, rival: false }));

	it('keep two of six in an hour for a person', () => {
		const recent = refusals('doubtful', 0, LIFE, 2 * LIFE, 3 * LIFE);
		const now = 4 * LIFE;
		const given = { ...facts(now), recent };
		expect(planRefresh(given, MARGIN)).toEqual({
			kind: 'stop',
			reason: 'exhausted',
			until: 6 * LIFE,
		});
		expect(planRefresh({ ...given, personAsked: true }, MARGIN).kind).toBe('post');
		const six = [...recent, ...refusals('doubtful', 4 * LIFE - 2, 4 * LIFE - 1)];
		expect(planRefresh({ ...given, recent: six, personAsked: true }, MARGIN).kind).toBe('stop');
	});

	it('do not count what the service does not count, but for a token life', () => {
		const recent = refusals('refused', 0, LIFE, 2 * LIFE, 3 * LIFE, 3 * LIFE + 1);
		expect(planRefresh({ ...facts(4 * LIFE + 2), recent }, MARGIN).kind).toBe('post');
		const busy = [...recent, ...refusals('refused', 3 * LIFE + 2)];
		expect(planRefresh({ ...facts(3 * LIFE + 3), recent: busy }, MARGIN)).toMatchObject({
			kind: 'stop',
			reason: 'exhausted',
			until: 4 * LIFE,
		});
	});
});

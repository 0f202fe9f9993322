import {
	licencesExplained,
	mayBeUnknown,
	unexplainedAtOnce,
	unexplainedLateCalls,
	unexplainedLogOns,
	unexplainedOldTokenUses,
	unexplainedTooEarly,
	type Issued,
	type Strikes,
	type TokenPost,
} from '../../../chaos/support/soak/explanations';

const calm: Strikes = { kills: [], freezes: [], storeAway: [] };

/** Somebody is killed at this time, for 10 ms. */
const killed = (from: number): Strikes => ({ ...calm, kills: [{ from, until: from + 10 }] });

const issued = (requestedAt: number, more: Partial<Issued> = {}): Issued => ({
	...{ requestedAt, issuedAt: requestedAt + 50 },
	...more,
});

describe('what was given out may be unknown', () => {
	const used = issued(1_000, { firstUsedAt: 1_200 });

	it('by its answer, or by what struck between its request and its first use', () => {
		expect(mayBeUnknown(used, calm, 9_000)).toBe(false);
		expect(mayBeUnknown({ ...used, answerLost: true }, calm, 9_000)).toBe(true);
		expect(mayBeUnknown(used, killed(1_100), 9_000)).toBe(true);
		expect(mayBeUnknown(used, { ...calm, storeAway: [{ from: 0, until: 1_000 }] }, 9_000)).toBe(
			true,
		);
		expect(mayBeUnknown(used, { ...calm, freezes: [{ from: 0, until: 5_000 }] }, 9_000)).toBe(
			false,
		);
	});

	it('not by what struck before, after its use, or later than is asked for', () => {
		expect(mayBeUnknown(used, killed(900), 9_000)).toBe(false);
		expect(mayBeUnknown(used, killed(1_201), 9_000)).toBe(false);
		expect(mayBeUnknown(issued(1_000), killed(1_100), 1_099)).toBe(false);
		expect(mayBeUnknown(issued(1_000), killed(5_000), 9_000)).toBe(true);
	});
});

describe('a log-on', () => {
	it('needs the end of every session before it', () => {
		const first = issued(0, { firstUsedAt: 100, endedAt: 2_000 });
		expect(unexplainedLogOns([first, issued(2_000)], calm)).toEqual([]);
		expect(unexplainedLogOns([first, issued(1_999)], calm)).toEqual([issued(1_999)]);
		expect(unexplainedLogOns([first, issued(2_000), issued(3_000)], calm)).toEqual([issued(3_000)]);
	});

	it('or a killed process that alone knew of it; a kill at another time is no reason', () => {
		const sessions = [issued(0, { firstUsedAt: 100 }), issued(2_000)];
		expect(unexplainedLogOns(sessions, killed(60))).toEqual([]);
		expect(unexplainedLogOns(sessions, killed(101))).toEqual([issued(2_000)]);
		expect(unexplainedLogOns(sessions, killed(2_001))).toEqual([issued(2_000)]);
	});

	it('that took its time and reached nobody had its reason when it was asked for', () => {
		const slow = issued(0, { issuedAt: 2_000, answerLost: true });
		const next = issued(30, { firstUsedAt: 90 });
		expect(unexplainedLogOns([next, slow], killed(5))).toEqual([]);
		expect(licencesExplained([next, slow], killed(5))).toBe(2);
		const { answerLost: _lost, ...known } = { ...slow, firstUsedAt: 2_010 };
		expect(unexplainedLogOns([next, known], calm)).toEqual([next]);
		expect(licencesExplained([next, known], calm)).toBe(1);
	});

	it('may take a licence more for each session that lives on unknown', () => {
		const lost = issued(0);
		expect(licencesExplained([], calm)).toBe(0);
		expect(licencesExplained([lost, issued(2_000)], killed(60))).toBe(2);
		expect(licencesExplained([{ ...lost, endedAt: 1_000 }, issued(2_000)], killed(60))).toBe(1);
		expect(licencesExplained([lost, issued(2_000)], calm)).toBe(1);
	});
});

describe('a token request', () => {
	const post = (receivedAt: number, more: Partial<TokenPost> = {}): TokenPost => ({
		...{ chain: 'a', receivedAt, answeredAt: receivedAt + 50, standing: 'live' },
		...{ status: 200, tooEarly: false, ...more },
	});
	const lost = post(0, { issued: issued(0, { answerLost: true }) });
	const old = (receivedAt: number, more: Partial<TokenPost> = {}) =>
		post(receivedAt, { standing: 'grace', ...more });

	it('with an old token is explained by a lost answer of the same chain, once', () => {
		expect(unexplainedOldTokenUses([lost, old(100)], calm)).toEqual([]);
		expect(unexplainedOldTokenUses([lost, old(100), old(200)], calm)).toEqual([old(200)]);
		expect(unexplainedOldTokenUses([lost, old(100, { chain: 'b' })], calm)).toHaveLength(1);
		expect(unexplainedOldTokenUses([old(100)], calm)).toHaveLength(1);
		const received = post(0, { issued: issued(0, { firstUsedAt: 70 }) });
		expect(unexplainedOldTokenUses([received, old(100)], calm)).toHaveLength(1);
		expect(unexplainedOldTokenUses([received, old(100)], killed(60))).toEqual([]);
	});

	it('with an old token may come again where the one before was in vain', () => {
		const { status: _none, ...unanswered } = old(100);
		for (const before of [unanswered, old(100, { status: 503 }), old(100, { tooEarly: true })]) {
			expect(unexplainedOldTokenUses([lost, before, old(200)], calm)).toEqual([]);
		}
		const twice = [lost, old(100, { tooEarly: true }), old(150, { tooEarly: true }), old(200)];
		expect(unexplainedOldTokenUses(twice, calm)).toEqual([old(200)]);
		const refused = old(100, { status: 400 });
		expect(unexplainedOldTokenUses([lost, refused, old(200)], calm)).toHaveLength(1);
	});

	it('of a token that the service does not know is never explained', () => {
		const { standing: _none, ...unknown } = post(100);
		expect(unexplainedOldTokenUses([unknown], calm)).toEqual([unknown]);
	});

	it('is not to be too early with a live token', () => {
		expect(unexplainedTooEarly([old(0, { tooEarly: true }), post(100)])).toEqual([]);
		expect(unexplainedTooEarly([post(0, { tooEarly: true })])).toHaveLength(1);
		const overtaking = post(10, { issued: issued(10, { issuedAt: 30 }) });
		const overtaken = post(0, { tooEarly: true });
		expect(unexplainedTooEarly([overtaken, overtaking])).toEqual([]);
		expect(unexplainedTooEarly([{ ...overtaken, answeredAt: 20 }, overtaking])).toHaveLength(1);
	});

	it('is not to be sent beside another one, unless whoever sent that was killed', () => {
		expect(unexplainedAtOnce([post(0), post(60), post(65, { chain: 'b' })], calm)).toEqual([]);
		const two = [post(0), post(40)];
		expect(unexplainedAtOnce(two, calm)).toHaveLength(1);
		expect(unexplainedAtOnce(two, killed(20))).toEqual([]);
		expect(unexplainedAtOnce(two, killed(41))).toHaveLength(1);
	});
});

it('a call may be begun with an ended token only by who stood still over its end', () => {
	const call = { givenAt: 740, startedAt: 1_000, tokenEndedAt: 990, stoodStillMs: 120 };
	const frozen = (from: number, until: number) => ({ ...calm, freezes: [{ from, until }] });
	expect(unexplainedLateCalls([call], calm)).toEqual([call]);
	expect(unexplainedLateCalls([call], frozen(900, 995))).toEqual([]);
	expect(unexplainedLateCalls([call], frozen(900, 980))).toEqual([call]);
	expect(unexplainedLateCalls([call], frozen(992, 995))).toEqual([call]);
	expect(unexplainedLateCalls([{ ...call, stoodStillMs: 130 }], calm)).toEqual([]);
	expect(unexplainedLateCalls([{ ...call, stoodStillMs: NaN }], calm)).toHaveLength(1);
});

import * as fc from 'fast-check';

import type {
	ChainFacts,
	RecentAttempt,
	RivalFacts,
} from '../../../../nodes/shared/tokenChain/chainFacts';
import { planRefresh } from '../../../../nodes/shared/tokenChain/plan';
import { rivalTurn } from '../../../../nodes/shared/tokenChain/rivalTurn';
import { facts, LIFE, MARGIN, WINDOW } from './support/chainFacts';

function rival(id: string, changes: Partial<RivalFacts> = {}): RivalFacts {
	return { id, origin: 'claimed', at: 0, triedAt: null, setAside: false, ...changes };
}

function own(outcome: RecentAttempt['outcome'], at: number): RecentAttempt {
	return { outcome, startedAt: at, finishedAt: at + 100, rival: false };
}

function decision(now: number, changes: Partial<ChainFacts>) {
	return planRefresh(facts(now, changes), MARGIN);
}

describe("the record's own pair goes first", () => {
	const rivals = [rival('later', { at: 300_000 })];

	it('by its own clock: no claimed time moves its window', () => {
		expect(decision(500_000, { rivals })).toEqual({ kind: 'use' });
		expect(decision(WINDOW, { rivals })).toEqual({ kind: 'post', probe: false });
		const fromTheFuture = [rival('forged', { at: 10 * LIFE })];
		expect(decision(WINDOW, { rivals: fromTheFuture })).toEqual({ kind: 'post', probe: false });
	});

	it('also for the one probe after an answer was lost', () => {
		const attempts = [own('unknown', WINDOW)];
		expect(decision(WINDOW + 1_000, { attempts, rivals })).toEqual({ kind: 'post', probe: true });
	});

	it('unless its own credential has logged in anew', () => {
		const again = [rival('again', { at: 1_000, reconnect: true })];
		expect(decision(1_000 + WINDOW, { rivals: again })).toEqual({
			kind: 'tryRival',
			rival: 'again',
		});
	});

	it('which holds it back until its own window opens, but not until other rivals have had their turn', () => {
		const again = rival('again', { at: 1_000, reconnect: true });
		const due = decision(WINDOW, { rivals: [again] });
		expect(due).toEqual({ kind: 'use' });
		const tried = rival('tried', { at: 500, triedAt: WINDOW - 1_000, setAside: true });
		const rivalsThere = [{ ...again, refusedBefore: 1 }, tried];
		expect(decision(1_000 + WINDOW, { rivals: rivalsThere })).toEqual({
			kind: 'post',
			probe: false,
		});
	});
});

describe('a rival is tried', () => {
	const rivals = [rival('it', { at: 10_000 })];

	it('where the service has called the own pair old: a broken record is active again', () => {
		expect(decision(WINDOW + 20_000, { broken: true, rivals })).toEqual({
			kind: 'tryRival',
			rival: 'it',
		});
		expect(decision(WINDOW + 20_000, { broken: true })).toEqual({ kind: 'stop', reason: 'broken' });
		expect(
			decision(WINDOW + 20_000, { broken: true, rivals: [rival('it', { setAside: true })] }),
		).toEqual({ kind: 'stop', reason: 'broken' });
	});

	it('in its own window only, which its log-in has opened', () => {
		expect(decision(WINDOW, { broken: true, rivals })).toEqual({
			kind: 'wait',
			until: 10_000 + WINDOW,
			reason: 'window',
		});
	});

	it('where the own pair is "too early" inside its open window: a later log-in is proved', () => {
		const attempts = [own('tooEarly', WINDOW)];
		expect(decision(LIFE, { attempts, rivals })).toEqual({ kind: 'tryRival', rival: 'it' });
		const before = [own('tooEarly', WINDOW - 10_000)];
		const refused = { attempts: before, rivals, accessTokenRefused: true };
		expect(decision(WINDOW + 20_000, refused)).toEqual({ kind: 'post', probe: false });
	});

	it('instead of a further probe', () => {
		const attempts = [own('unknown', WINDOW), own('unknown', WINDOW + 1_000)];
		expect(decision(LIFE, { attempts, rivals })).toEqual({ kind: 'tryRival', rival: 'it' });
		expect(decision(LIFE, { attempts })).toMatchObject({ kind: 'wait', reason: 'inDoubt' });
	});

	it('once per token life, whichever it is', () => {
		const tried = { ...own('lost', LIFE), rival: true };
		const changes = { broken: true, rivals, recent: [tried] };
		expect(decision(LIFE + 1_000, changes)).toEqual({
			kind: 'wait',
			until: 2 * LIFE + 100,
			reason: 'window',
		});
	});
});

describe('a pair that was displaced while it was in doubt', () => {
	// Its request was one for the record's own pair; it counts as tried since then.
	const recent = [own('unknown', LIFE)];
	const displaced = rival('displaced', { triedAt: LIFE });
	const changes = { broken: true, windowStart: 0, recent };

	it('waits for the pause of a probe, and no token life', () => {
		expect(decision(LIFE + 1_000, { ...changes, rivals: [displaced] })).toEqual({
			kind: 'wait',
			until: LIFE + LIFE / 2,
			reason: 'window',
		});
		expect(decision(LIFE + LIFE / 2, { ...changes, rivals: [displaced] })).toEqual({
			kind: 'tryRival',
			rival: 'displaced',
		});
	});

	it('holds the others back for a token life, as each that is tried', () => {
		const other = rival('other', { at: LIFE - 1_000 });
		expect(decision(LIFE + LIFE / 2, { ...changes, rivals: [displaced, other] })).toEqual({
			kind: 'wait',
			until: 2 * LIFE,
			reason: 'window',
		});
	});
});

describe('of several rivals', () => {
	it('what was received goes before what is claimed, the latest first, a tried one last', () => {
		const order = [
			rival('tried', { origin: 'healed', at: 900_000, triedAt: 1_000_000 }),
			rival('claimed', { at: 800_000 }),
			rival('earlier', { origin: 'healed', at: 100_000 }),
			rival('later', { origin: 'healed', at: 200_000 }),
			rival('aside', { origin: 'healed', at: 950_000, setAside: true }),
			rival('ageless', { at: null }),
		];
		const left = [...order];
		const seen: string[] = [];
		for (;;) {
			const next = rivalTurn(facts(5_000_000, { rivals: left }));
			if (next === undefined) break;
			seen.push(next.rival);
			left.splice(
				left.findIndex(({ id }) => id === next.rival),
				1,
			);
		}
		expect(seen).toEqual(['later', 'earlier', 'claimed', 'ageless', 'tried']);
	});
});

it('invented client secrets hold back who invents them, not who brings an accepted one', () => {
	const refused = [own('configuration', 200_000), own('configuration', 201_000)].map((one) => ({
		...one,
		rival: true,
	}));
	const given = { rivals: [rival('honest', { at: 0 })], recent: refused };
	const guessed = rivalTurn(facts(1_000_000, given));
	expect(guessed?.at).toBeGreaterThan(1_000_000);
	const known = rivalTurn(facts(1_000_000, { ...given, secretIsProved: true }));
	expect(known?.at).toBeLessThanOrEqual(1_000_000);
});

describe('where no client secret was accepted yet', () => {
	/** Refused with the pair of whoever was first. */
	const refused = (count: number) =>
		Array.from({ length: count }, (_, n) => ({
			...own('configuration', 200_000 + n),
			rival: false,
			unproved: true,
		}));
	const at = (changes: Partial<RivalFacts>, count: number, more: Partial<ChainFacts> = {}) => {
		const rivals = [rival('honest', { at: 0, ...changes })];
		const given = { rivals, recent: refused(count), noSecretIsProved: true, ...more };
		return rivalTurn(facts(1_000_000, given))?.at ?? Infinity;
	};

	it('a rival has an answer of its own, whatever is refused with the pair of whoever was first', () => {
		expect(at({}, 3)).toBeLessThanOrEqual(1_000_000);
	});

	it('and leaves one to the pair of whoever was first, as long as none was refused with that', () => {
		const beside = (count: number) => refused(count).map((one) => ({ ...one, rival: true }));
		expect(at({}, 0, { recent: beside(2) })).toBeLessThanOrEqual(1_000_000);
		expect(at({}, 0, { recent: beside(3) })).toBeGreaterThan(1_000_000);
		expect(at({}, 0, { recent: beside(3), personAsked: true })).toBeLessThanOrEqual(1_000_000);
	});

	it('and where four were refused, with whatever pairs, once a person asks for it', () => {
		const given = { broken: true, rivals: [rival('honest', { at: 0 })], recent: refused(4) };
		const now = 1_000_000;
		const decided = (personAsked: boolean) =>
			planRefresh(facts(now, { ...given, noSecretIsProved: true, personAsked }), MARGIN).kind;
		expect([decided(false), decided(true)]).toEqual(['stop', 'tryRival']);
	});

	it('but not one with whose access token one was refused', () => {
		expect(at({ secretWasRefused: true }, 2)).toBeGreaterThan(1_000_000);
	});

	it('the pair of whoever was first has two refusals an hour while a newcomer waits', () => {
		const given = { recent: refused(2), noSecretIsProved: true, newcomerWaits: true };
		const { kind } = planRefresh(facts(1_000_000, given), MARGIN);
		expect(kind).toBe('stop');
		expect(planRefresh(facts(210_000 + 3_600_000, given), MARGIN).kind).toBe('post');
		for (const one of [{ recent: refused(1) }, { newcomerWaits: false }]) {
			expect(planRefresh(facts(1_000_000, { ...given, ...one }), MARGIN).kind).toBe('post');
		}
	});

	it('what is refused with pairs beside it does not hold it back before one was refused with it', () => {
		const recent = refused(2).map((one) => ({ ...one, rival: true }));
		const given = facts(1_000_000, { recent, noSecretIsProved: true, newcomerWaits: true });
		expect(planRefresh(given, MARGIN).kind).toBe('post');
	});

	it('limits go by the life that the service tells, not by one that is claimed', () => {
		const recent = refused(2);
		const given = { recent, noSecretIsProved: true, newcomerWaits: true, lifeMs: 1_000 };
		expect(planRefresh(facts(1_000_000, given), MARGIN).kind).toBe('stop');
	});
});

describe('whatever the facts', () => {
	const outcome = fc.constantFrom<RecentAttempt['outcome']>(
		'open',
		'tooEarly',
		'refused',
		'notSent',
		'lost',
		'configuration',
		'unknown',
		'doubtful',
	);
	const attempts = fc
		.array(
			fc.record({ outcome, at: fc.integer({ min: 0, max: 3 * LIFE }), isRival: fc.boolean() }),
			{
				maxLength: 8,
			},
		)
		.map((list) =>
			list
				.sort((a, b) => a.at - b.at)
				.map((one): RecentAttempt => ({ ...own(one.outcome, one.at), rival: one.isRival })),
		);
	const rivals = fc.array(
		fc.record({
			id: fc.uuid(),
			origin: fc.constantFrom('healed' as const, 'claimed' as const),
			at: fc.option(fc.integer({ min: 0, max: 4 * LIFE })),
			triedAt: fc.option(fc.integer({ min: 0, max: 3 * LIFE })),
			setAside: fc.boolean(),
			reconnect: fc.boolean(),
		}),
		{ maxLength: 4 },
	);
	const anyFacts = fc
		.record({
			now: fc.integer({ min: 3 * LIFE, max: 4 * LIFE }),
			receivedAt: fc.option(fc.integer({ min: 0, max: 3 * LIFE })),
			windowStart: fc.constantFrom(0, 0.95),
			broken: fc.boolean(),
			accessTokenRefused: fc.boolean(),
			personAsked: fc.boolean(),
			recent: attempts,
			rivals,
		})
		.map(({ now, ...changes }) => {
			const attemptsOfOwn = changes.recent.filter((one) => !one.rival);
			const requestedAt = changes.receivedAt === null ? null : changes.receivedAt - 100;
			return facts(now, { ...changes, requestedAt, attempts: attemptsOfOwn });
		});

	it('no request goes out above the limits, and no two rivals within a token life', () => {
		fc.assert(
			fc.property(anyFacts, (given) => {
				const { kind } = planRefresh(given, MARGIN);
				if (kind !== 'post' && kind !== 'tryRival') return;
				const counted = given.recent.filter(
					({ outcome: what, finishedAt }) =>
						['tooEarly', 'lost', 'configuration', 'doubtful'].includes(what) &&
						(finishedAt ?? 0) > given.now - LIFE,
				);
				expect(counted.length).toBeLessThan(3);
				const rivalsSent = given.recent.filter(
					({ rival: isRival, outcome: what, startedAt }) =>
						isRival &&
						// A refused client secret is the caller's: the right one need not wait for it.
						!['notSent', 'configuration'].includes(what) &&
						startedAt > given.now - LIFE,
				);
				if (kind === 'tryRival') expect(rivalsSent).toEqual([]);
			}),
		);
	});

	it('a claimed rival never holds the own pair back', () => {
		fc.assert(
			fc.property(anyFacts, (given) => {
				const claimed = given.rivals.map((one) => ({ ...one, reconnect: false }));
				const alone = planRefresh({ ...given, rivals: [] }, MARGIN);
				const beside = planRefresh({ ...given, rivals: claimed }, MARGIN);
				if (alone.kind === 'use') expect(['use', 'tryRival']).toContain(beside.kind);
				if (alone.kind === 'post') expect(['post', 'tryRival']).toContain(beside.kind);
				if (alone.kind === 'wait' && beside.kind === 'wait') {
					expect(beside.until).toBeLessThanOrEqual(alone.until);
				}
			}),
		);
	});

	it('nothing that waits or stops for good could be sent now', () => {
		fc.assert(
			fc.property(anyFacts, (given) => {
				const { kind, ...rest } = planRefresh(given, MARGIN);
				if (kind === 'wait' && 'until' in rest) expect(rest.until).toBeGreaterThan(given.now);
				if (kind === 'tryRival') {
					const id = 'rival' in rest ? rest.rival : '';
					expect(given.rivals.find((one) => one.id === id)?.setAside).toBe(false);
				}
			}),
		);
	});
});

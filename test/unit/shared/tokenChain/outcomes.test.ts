import { exactChainPolicy as policy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import type { Failure, NextStep } from '../../../../nodes/shared/tokenChain/outcomes';
import {
	afterFailure,
	conclusionOf,
	fateOfRival,
	outcomeOf,
	stopError,
	whileWaiting,
} from '../../../../nodes/shared/tokenChain/outcomes';
import type { FailedAnswer } from '../../../../nodes/shared/tokenChain/types';
import type { Attempt } from '../../../../nodes/shared/vault/rows/attempts';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import type { Rival } from '../../../../nodes/shared/vault/rows/rivals';

const record: VaultRecord = {
	id: 'r',
	service: 'exactonline',
	identity: 'exactonline|https://host|app#user',
	provisional: false,
	generation: 2,
	state: 'active',
	brokenCode: null,
	sealed: '',
	meta: {},
	requestedAt: 0,
	receivedAt: 0,
	originAt: 0,
	owner: null,
};
const view = {
	record,
	attempts: [],
	recent: [],
	rivals: [],
	refusedBefore: new Map(),
	secretRefusedFor: new Set<string>(),
	proofs: [],
	storeNow: 0,
	refusals: new Map(),
	monotonicNow: 0,
	lifeMs: 600_000,
	toldLifeMs: 600_000,
};

function after(kind: FailedAnswer['kind'], changes: Partial<Failure> = {}): NextStep {
	return afterFailure({
		policy,
		view,
		usable: false,
		patienceMs: 20_000,
		answer: { kind, code: 'EXACT_TEST', detail: 'words' },
		probe: false,
		personAsked: false,
		tokenRefused: false,
		refusals: 0,
		...changes,
	});
}

function codeOf(step: NextStep): string | undefined {
	return 'error' in step ? step.error.code : undefined;
}

describe('after a failed answer', () => {
	it('looks again at once where the record may have changed', () => {
		expect(after('lost')).toEqual({ pauseMs: 0 });
		expect(after('tooEarly')).toEqual({ pauseMs: 0 });
	});

	it('waits longer with each refusal, then gives up', () => {
		expect(after('refused')).toEqual({ pauseMs: 1_000 });
		expect(after('notSent', { refusals: 1 })).toEqual({ pauseMs: 4_000 });
		expect(codeOf(after('refused', { refusals: 2 }))).toBe('EXACT_TOKEN_ENDPOINT_UNAVAILABLE');
	});

	it('waits as long as the service asks, within the call or not at all', () => {
		const answer = { kind: 'refused', code: 'EXACT_TEST', detail: 'words' } as const;
		expect(after('refused', { answer: { ...answer, retryAfterMs: 15_000 } })).toEqual({
			pauseMs: 15_000,
		});
		const later = after('refused', { answer: { ...answer, retryAfterMs: 60_000 } });
		expect('error' in later && later.error.retryAt).toBeGreaterThan(Date.now() + 50_000);
	});

	it('does not keep a caller waiting whose token is still good', () => {
		expect(codeOf(after('unknown', { usable: true }))).toBe('EXACT_TOKEN_IN_DOUBT');
		expect(codeOf(after('refused', { usable: true }))).toBe('EXACT_TOKEN_ENDPOINT_UNAVAILABLE');
	});

	it('pauses before the one probe of a request without an answer, not after it', () => {
		expect(after('unknown')).toEqual({ pauseMs: 1_000 });
		expect(after('unknown', { probe: true })).toEqual({ pauseMs: 0 });
	});

	it('blames the API where the service calls a refused token young', () => {
		expect(codeOf(after('tooEarly', { tokenRefused: true }))).toBe('EXACT_UNAUTHORIZED');
		expect(after('tooEarly', { tokenRefused: true, probe: true })).toEqual({ pauseMs: 0 });
		expect(codeOf(after('tooEarly', { personAsked: true }))).toBe(
			'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
		);
	});
});

describe('while nothing may be sent', () => {
	const circumstances = { policy, view, usable: false, patienceMs: 20_000 };

	it('waits within the call, or says when', () => {
		const soon = whileWaiting(circumstances, {
			kind: 'wait',
			until: performance.now() + 10_000,
			reason: 'window',
		});
		expect('pauseMs' in soon && soon.pauseMs).toBeGreaterThan(9_000);
		const late = whileWaiting(circumstances, {
			kind: 'wait',
			until: performance.now() + 60_000,
			reason: 'inDoubt',
		});
		expect(codeOf(late)).toBe('EXACT_TOKEN_IN_DOUBT');
	});
});

describe('that the connection is intact', () => {
	const exhausted = { kind: 'stop', reason: 'exhausted', until: performance.now() } as const;
	const attempt = (changes: Partial<Attempt>) =>
		({ kind: 'refresh', detail: 'EXACT_TEST: words', startedAt: 1, ...changes }) as Attempt;
	const doubt = attempt({ outcome: 'doubtful', spentFingerprint: 'own' });
	const rival = { fingerprint: 'beside' } as Rival;
	const ofRival = { ...doubt, kind: 'rival', spentFingerprint: rival.fingerprint };
	const stopped = (attempts: Attempt[], of?: Rival) =>
		stopError({ policy, view: { ...view, attempts }, ...(of && { rival: of }) }, exhausted);

	it.each([
		['after refusals alone', [attempt({ outcome: 'refused' })], undefined],
		['where another pair is in doubt', [ofRival], undefined],
		['where the pair beside it is not in doubt itself', [doubt], rival],
	])('is said %s', (_when, attempts, of) => {
		expect(stopped(attempts, of)).toMatchObject({
			code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			repair: expect.stringContaining('intact'),
		});
	});

	it.each([
		['too many answers that tell nothing', stopped([doubt])],
		['the same with a pair beside the record', stopped([ofRival], rival)],
	])('is not said after %s, but that Connect helps', (_when, error) => {
		expect(error).toMatchObject({
			code: 'EXACT_TOKEN_IN_DOUBT',
			message: expect.stringContaining('words'),
			repair: expect.stringContaining('Connect'),
			retryable: true,
			retryAt: expect.any(Number),
		});
	});

	it('is not said where the probe of an answer that tells nothing is refused', () => {
		const refused = after('refused', { view: { ...view, attempts: [doubt] }, refusals: 2 });
		expect(codeOf(refused)).toBe('EXACT_TOKEN_IN_DOUBT');
	});
});

it('a granted pair without a life keeps that of the pair that was spent', () => {
	const spent = { accessToken: 'a', refreshToken: 'b', lifeMs: 300_000 };
	const pair = { accessToken: 'c', refreshToken: 'd', lifeMs: null };
	const conclusion = conclusionOf(
		{ kind: 'granted', pair, requestedAt: 1, receivedAt: 2 },
		spent,
		policy,
		{ record, secretFingerprint: 'digest' },
	);
	expect(conclusion).toEqual({
		kind: 'granted',
		granted: {
			secret: { ...pair, lifeMs: 300_000 },
			meta: { lifeMs: 300_000, ageUncertain: false },
			requestedAt: 1,
			receivedAt: 2,
		},
	});
});

describe('an answer that proves nothing', () => {
	const answer = { kind: 'unknown', code: 'EXACT_TEST', detail: 'words' } as const;

	it.each([
		[400, 'doubtful'],
		[403, 'doubtful'],
		[404, 'doubtful'],
		[500, 'unknown'],
		[undefined, 'unknown'],
	])('with status %s is noted as %s: the service counts some', (status, outcome) => {
		expect(outcomeOf({ ...answer, ...(status === undefined ? {} : { status }) })).toBe(outcome);
	});
});

describe('a rival whose token was sent', () => {
	it.each([
		['tooEarly', false, 'stays'],
		['refused', false, 'stays'],
		['refused', true, 'setAside'],
		['notSent', false, 'stays'],
		['unknown', false, 'stays'],
		['unknown', true, 'setAside'],
		['configuration', false, 'stays'],
		['configuration', true, 'setAside'],
		['lost', false, 'setAside'],
	] as const)('answered %s, which may mean it: %s, %s', (kind, mayMeanToken, fate) => {
		expect(fateOfRival({ kind, code: 'EXACT_TEST', detail: '', mayMeanToken })).toBe(fate);
	});

	it('is accepted with a pair', () => {
		const pair = { accessToken: 'a', refreshToken: 'r', lifeMs: null };
		expect(fateOfRival({ kind: 'granted', pair, requestedAt: 1, receivedAt: 2 })).toBe('accepted');
	});
});

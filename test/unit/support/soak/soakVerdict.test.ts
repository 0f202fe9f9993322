import type { EndedExecution } from '../../../chaos/support/soak/soakMessages';
import { countersOf, faultsFound, type SoakFacts } from '../../../chaos/support/soak/soakVerdict';

const done: EndedExecution = { service: 'Exact Online', startedAt: 10_000, endedAt: 11_000 };

const failed = (code: string): EndedExecution => ({
	...done,
	failure: { code, message: `[${code}]` },
});

const post = { chain: 'a', receivedAt: 100, answeredAt: 150, standing: 'live', tooEarly: false };

const good: SoakFacts = {
	executions: { begun: 2, abandoned: 1, ended: [done] },
	strikes: { kills: [{ from: 900, until: 910 }], freezes: [], storeAway: [] },
	docuWareFaults: { spoiltData: [], refusedLogOns: [], sessionEnds: [] },
	exact: {
		...{ calls: 1, granted: 1, posts: [post], lateCalls: [], callsWithExpiredToken: 1 },
		...{ unauthorized: 1, chains: 2, chainsLost: 0 },
	},
	docuWare: {
		...{
			requests: 5,
			logOnsByPassword: 1,
			logOnsByToken: 1,
			licencesAtMost: 1,
			licencesRefused: 0,
		},
		sessions: [
			{ requestedAt: 0, issuedAt: 50, firstUsedAt: 60, endedAt: 500 },
			{ requestedAt: 600, issuedAt: 650, firstUsedAt: 660 },
		],
	},
	spills: 0,
	exitCodes: [0],
	struck: { 'process killed': 1 },
};

it('finds no fault where everything held', () => {
	expect(faultsFound(good)).toEqual([]);
});

const { executions, exact, docuWare } = good;

it.each<[string, Partial<SoakFacts>]>([
	['a failed execution', { executions: { ...executions, ended: [failed('EXACT_OTHER')] } }],
	['nothing done', { executions: { ...executions, begun: 1, ended: [] } }],
	['an execution that vanished', { executions: { ...executions, begun: 3 } }],
	['a lost chain', { exact: { ...exact, chainsLost: 1 } }],
	['an old token', { exact: { ...exact, posts: [{ ...post, standing: 'grace' }] } }],
	['an early refresh', { exact: { ...exact, posts: [{ ...post, tooEarly: true }] } }],
	['two refreshes at once', { exact: { ...exact, posts: [post, { ...post, receivedAt: 120 }] } }],
	[
		'a call with an ended token',
		{
			exact: {
				...exact,
				lateCalls: [{ givenAt: 0, startedAt: 9, tokenEndedAt: 8, stoodStillMs: 1 }],
			},
		},
	],
	['a 401', { exact: { ...exact, unauthorized: 2 } }],
	['a session that was not seen', { docuWare: { ...docuWare, logOnsByPassword: 2 } }],
	[
		'a log-on without a reason',
		{
			docuWare: {
				...docuWare,
				logOnsByToken: 2,
				sessions: [...docuWare.sessions, { requestedAt: 800, issuedAt: 850 }],
			},
		},
	],
	['a licence too many', { docuWare: { ...docuWare, licencesAtMost: 2 } }],
	['no licence', { docuWare: { ...docuWare, licencesRefused: 1 } }],
	['a spill', { spills: 1 }],
	['an exit code', { exitCodes: [0, 1] }],
	['a soak without trouble', { struck: {} }],
])('finds %s', (_name, changes) => {
	expect(faultsFound({ ...good, ...changes })).toHaveLength(1);
});

it('counts failures by code and reason', () => {
	const ended = [done, failed('VAULT_LOCKED'), failed('VAULT_LOCKED')];
	const strikes = { ...good.strikes, storeAway: [{ from: 9_000, until: 10_500 }] };
	const facts = { ...good, strikes, executions: { ...executions, ended } };
	expect(countersOf(facts)).toEqual(
		expect.arrayContaining([
			{ what: 'failed', value: 2 },
			{ what: 'failed, by code', value: '2 VAULT_LOCKED' },
			{ what: 'failed while the store was away', value: 2 },
			{ what: 'failed without such a reason', value: 0 },
		]),
	);
});

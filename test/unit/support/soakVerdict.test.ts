import {
	countersOf,
	faultsFound,
	reasonOf,
	type SoakFacts,
} from '../../chaos/support/soak/soakVerdict';
import type { EndedExecution } from '../../chaos/support/soak/soakMessages';

const done: EndedExecution = { service: 'Exact Online', startedAt: 10_000, endedAt: 11_000 };

const failed = (code: string, changes: Partial<EndedExecution> = {}): EndedExecution => ({
	...{ ...done, failure: { code, message: `[${code}]` } },
	...changes,
});

const good: SoakFacts = {
	executions: { begun: 2, abandoned: 1, ended: [done] },
	storeAway: [],
	docuWareFaults: [],
	exact: {
		...{ calls: 1, tokenPosts: 3, granted: 2, oldTokenUses: 1, unexplainedOldTokenUses: 0 },
		...{ tooEarly: 1, unexplainedTooEarly: 0, mostAtOnce: 2, callsWithExpiredToken: 1 },
		...{ unauthorized: 1, chains: 2, chainsLost: 0 },
	},
	docuWare: {
		...{ requests: 5, logOnsByPassword: 1, logOnsByToken: 2, reasonsToLogOn: 2 },
		...{ lostLogOns: 1, licencesAtMost: 2, licencesRefused: 0 },
	},
	spills: 0,
	exitCodes: [0],
	struck: { 'process killed': 1 },
};

it('finds no fault where everything held', () => {
	expect(faultsFound(good)).toEqual([]);
});

it.each<[string, Partial<SoakFacts>]>([
	['a failed execution', { executions: { ...good.executions, ended: [failed('EXACT_OTHER')] } }],
	['nothing done', { executions: { ...good.executions, ended: [] } }],
	['a lost chain', { exact: { ...good.exact, chainsLost: 1 } }],
	['an old token', { exact: { ...good.exact, unexplainedOldTokenUses: 1 } }],
	['an early refresh', { exact: { ...good.exact, unexplainedTooEarly: 1 } }],
	['a 401', { exact: { ...good.exact, unauthorized: 2 } }],
	['a log-on', { docuWare: { ...good.docuWare, logOnsByPassword: 2 } }],
	['a licence too many', { docuWare: { ...good.docuWare, licencesAtMost: 3 } }],
	['no licence', { docuWare: { ...good.docuWare, licencesRefused: 1 } }],
	['a spill', { spills: 1 }],
	['an exit code', { exitCodes: [0, 1] }],
])('finds %s', (_name, changes) => {
	expect(faultsFound({ ...good, ...changes })).toHaveLength(1);
});

describe('a failure', () => {
	const around = {
		storeAway: [{ from: 9_000, until: 9_500 }],
		docuWareFaults: [10_500],
	};

	it('is of the store only by its code and its time', () => {
		expect(reasonOf(failed('VAULT_UNAVAILABLE'), around)).toBe('store');
		expect(reasonOf(failed('EXACT_TOKEN_IN_DOUBT'), around)).toBeUndefined();
		const later = failed('VAULT_UNAVAILABLE', { startedAt: 20_000, endedAt: 21_000 });
		expect(reasonOf(later, around)).toBeUndefined();
	});

	it('is of the service only where that was struck meanwhile', () => {
		const code = 'DOCUWARE_SERVER_UNAVAILABLE';
		expect(reasonOf(failed(code, { service: 'DocuWare' }), around)).toBe('service');
		expect(reasonOf(failed(code), around)).toBeUndefined();
		expect(
			reasonOf(failed(code, { service: 'DocuWare', endedAt: 10_400 }), around),
		).toBeUndefined();
		expect(
			reasonOf(failed('DOCUWARE_NO_LICENCE', { service: 'DocuWare' }), around),
		).toBeUndefined();
	});

	it('stands in the counters with its code', () => {
		const ended = [done, failed('VAULT_LOCKED'), failed('VAULT_LOCKED')];
		const facts = { ...good, ...around, executions: { ...good.executions, ended } };
		expect(countersOf(facts)).toEqual(
			expect.arrayContaining([
				{ what: 'failed', value: 2 },
				{ what: 'failed, by code', value: '2 VAULT_LOCKED' },
				{ what: 'failed while the store was away', value: 2 },
				{ what: 'failed without such a reason', value: 0 },
			]),
		);
	});
});

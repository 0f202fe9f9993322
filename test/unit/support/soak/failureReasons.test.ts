import { failureReasons, type FailureCauses } from '../../../chaos/support/soak/failureReasons';
import type { EndedExecution } from '../../../chaos/support/soak/soakMessages';

const none: FailureCauses = { storeAway: [], spoiltData: [], refusedLogOns: [], sessionEnds: [] };

const failed = (code: string, changes: Partial<EndedExecution> = {}): EndedExecution => ({
	...{ service: 'DocuWare', startedAt: 10_000, endedAt: 11_000 },
	...{ failure: { code, message: `[${code}]` }, ...changes },
});

const reasonOf = (one: EndedExecution, causes: Partial<FailureCauses>) =>
	failureReasons([one], { ...none, ...causes }).get(one);

it('is the store, by its code and while it was away', () => {
	const storeAway = [{ from: 9_000, until: 10_000 }];
	expect(reasonOf(failed('VAULT_UNAVAILABLE'), { storeAway })).toBe('store');
	expect(reasonOf(failed('EXACT_TOKEN_IN_DOUBT'), { storeAway })).toBeUndefined();
	const later = failed('VAULT_UNAVAILABLE', { startedAt: 10_001 });
	expect(reasonOf(later, { storeAway })).toBeUndefined();
});

it('is a request that DocuWare spoilt, for one execution each', () => {
	const code = 'DOCUWARE_SERVER_UNAVAILABLE';
	const [one, other] = [failed(code), failed(code, { endedAt: 10_600 })];
	const reasons = failureReasons([one, other], { ...none, spoiltData: [10_500] });
	expect([...reasons]).toEqual([[other, 'service']]);
	const both = failureReasons([one, other], { ...none, spoiltData: [10_700, 10_500] });
	expect(both.size).toBe(2);
	expect(reasonOf(one, { spoiltData: [9_999] })).toBeUndefined();
	expect(reasonOf(failed('DOCUWARE_NO_LICENCE'), { spoiltData: [10_500] })).toBeUndefined();
	const ofExact = failed(code, { service: 'Exact Online' });
	expect(reasonOf(ofExact, { spoiltData: [10_500] })).toBeUndefined();
});

it('is a log-on that was refused, for all who wait for it', () => {
	const code = 'DOCUWARE_SERVER_UNAVAILABLE';
	const all = [failed(code), failed(code)];
	expect(failureReasons(all, { ...none, refusedLogOns: [10_500] }).size).toBe(2);
	expect(failureReasons(all, { ...none, refusedLogOns: [11_001] }).size).toBe(0);
});

it('is a session that was ended twice meanwhile, not once', () => {
	const one = failed('DOCUWARE_SESSION_REFUSED');
	expect(reasonOf(one, { sessionEnds: [10_100, 10_900] })).toBe('session');
	expect(reasonOf(one, { sessionEnds: [9_900, 10_900] })).toBeUndefined();
});

import type { Span } from './explanations';
import type { EndedExecution } from './soakMessages';

/** Why an execution failed that was not to blame. */
export type FailureReason = 'store' | 'service' | 'session';

/** What explains failures; times by the wall clock, in milliseconds. */
export interface FailureCauses {
	storeAway: readonly Span[];
	/** Requests for data that DocuWare spoilt: each of one execution. A slow one is not spoilt. */
	spoiltData: readonly number[];
	/** Log-ons that DocuWare refused with 503: everybody waits for them. */
	refusedLogOns: readonly number[];
	/** When the server ended the session. */
	sessionEnds: readonly number[];
}

/** How an execution with DocuWare ends whose request is not repeated, as Exact Online's reads are. */
const OF_SERVICE = new Set([
	...['DOCUWARE_SERVER_UNAVAILABLE', 'DOCUWARE_SERVER_ERROR', 'DOCUWARE_UNEXPECTED_ANSWER'],
	...['DOCUWARE_LOGON_FAILED', 'HTTP_CONNECTION_LOST', 'HTTP_PROTOCOL_ERROR'],
]);

/** A session is begun anew once for a request. */
const ENDS_BEARABLE = 1;

/**
 * The reasons of failures, where what was done while the execution ran explains them. A token request explains none:
 * whatever happens to it, nobody's run is to fail.
 */
export function failureReasons(
	ended: readonly EndedExecution[],
	causes: FailureCauses,
): Map<EndedExecution, FailureReason> {
	const reasons = new Map<EndedExecution, FailureReason>();
	const ofService: EndedExecution[] = [];
	for (const one of ended) {
		const code = one.failure?.code ?? '';
		const during = (at: number) => at >= one.startedAt && at <= one.endedAt;
		const wasAway = causes.storeAway.some(
			({ from, until }) => one.startedAt <= until && one.endedAt >= from,
		);
		if (code.startsWith('VAULT_') && wasAway) reasons.set(one, 'store');
		if (one.service !== 'DocuWare') continue;
		const ends = causes.sessionEnds.filter(during).length;
		if (code === 'DOCUWARE_SESSION_REFUSED' && ends > ENDS_BEARABLE) reasons.set(one, 'session');
		if (!OF_SERVICE.has(code)) continue;
		if (causes.refusedLogOns.some(during)) reasons.set(one, 'service');
		else ofService.push(one);
	}
	for (const one of struckBy(causes.spoiltData, ofService)) reasons.set(one, 'service');
	return reasons;
}

/** As many of the executions as the faults can have struck, one each. */
function struckBy(faults: readonly number[], executions: readonly EndedExecution[]) {
	const left = new Set(executions);
	return [...faults]
		.sort((one, other) => one - other)
		.flatMap((at) => {
			const [first] = [...left]
				.filter(({ startedAt, endedAt }) => startedAt <= at && endedAt >= at)
				.sort((one, other) => one.endedAt - other.endedAt);
			if (first === undefined) return [];
			left.delete(first);
			return [first];
		});
}

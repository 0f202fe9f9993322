import type { EndedExecution } from './soakMessages';

/** A time by the wall clock, in milliseconds. */
interface Span {
	from: number;
	until: number;
}

/** What was seen in a soak, from which its verdict comes. */
export interface SoakFacts {
	executions: { begun: number; abandoned: number; ended: readonly EndedExecution[] };
	/** When the store did not take anything, by the wall clock in milliseconds. */
	storeAway: readonly Span[];
	/** When a request to DocuWare met a fault of the service itself, by the wall clock in milliseconds. */
	docuWareFaults: readonly number[];
	exact: {
		calls: number;
		tokenPosts: number;
		granted: number;
		/** Token requests with a token that is not the live one. */
		oldTokenUses: number;
		/** Of these, those that were no further question after a lost answer. */
		unexplainedOldTokenUses: number;
		tooEarly: number;
		/** Attempts told "too early" that were no such question. */
		unexplainedTooEarly: number;
		/** Most token requests of one identity at a time; one of a killed process may still be under way. */
		mostAtOnce: number;
		callsWithExpiredToken: number;
		unauthorized: number;
		chains: number;
		chainsLost: number;
	};
	docuWare: {
		requests: number;
		logOnsByPassword: number;
		logOnsByToken: number;
		/** Sessions that the server ended, log-ons whose answer was spoilt, and processes that were killed. */
		reasonsToLogOn: number;
		/** Log-ons of which no process knows the outcome: what they booked stays booked until the server ends it. */
		lostLogOns: number;
		licencesAtMost: number;
		licencesRefused: number;
	};
	/** Tokens that wait in files although everything has ended. */
	spills: number;
	/** Exit codes of processes that were ended in order. */
	exitCodes: ReadonlyArray<number | null>;
	/** How often each trouble has struck. */
	struck: Readonly<Record<string, number>>;
}

/** Why an execution failed that was not to blame. */
type Reason = 'store' | 'service';

/** For so long after the store has come back its absence still explains a failure, in milliseconds. */
const AFTER_STORE_MS = 5_000;

/**
 * How an execution with DocuWare ends whose request was not answered as it should be: it is not repeated, as it is for
 * Exact Online's reads.
 */
const OF_SERVICE = new Set([
	...['DOCUWARE_SERVER_UNAVAILABLE', 'DOCUWARE_SERVER_ERROR', 'DOCUWARE_UNEXPECTED_ANSWER'],
	...['DOCUWARE_LOGON_FAILED', 'HTTP_CONNECTION_LOST', 'HTTP_PROTOCOL_ERROR'],
]);

/**
 * The reason for a failure, where what the soak has done at that time explains it; undefined where nothing does. A
 * token request explains none: whatever happens to it, somebody else's run is not to fail.
 */
export function reasonOf(
	{ service, failure, startedAt, endedAt }: EndedExecution,
	{ storeAway, docuWareFaults }: Pick<SoakFacts, 'storeAway' | 'docuWareFaults'>,
): Reason | undefined {
	const { code = '' } = failure ?? {};
	const wasAway = ({ from, until }: Span) => startedAt <= until + AFTER_STORE_MS && endedAt >= from;
	if (code.startsWith('VAULT_') && storeAway.some(wasAway)) return 'store';
	const wasStruck = docuWareFaults.some((at) => at >= startedAt && at <= endedAt);
	return service === 'DocuWare' && OF_SERVICE.has(code) && wasStruck ? 'service' : undefined;
}

/** The executions that failed without a reason. */
export function unexplainedFailures(facts: SoakFacts): EndedExecution[] {
	return facts.executions.ended.filter(
		(one) => one.failure !== undefined && reasonOf(one, facts) === undefined,
	);
}

/** What is wrong, a sentence each; empty where everything held. */
export function faultsFound(facts: SoakFacts): string[] {
	const { exact, docuWare, spills, exitCodes } = facts;
	const failed = unexplainedFailures(facts);
	const wrongExits = exitCodes.filter((code) => code !== 0);
	const faults: Array<[boolean, string]> = [
		[failed.length > 0, `${failed.length} executions failed: ${failed[0]?.failure?.message ?? ''}`],
		[exact.chainsLost > 0, `${exact.chainsLost} token chains were lost`],
		[
			exact.unexplainedOldTokenUses > 0,
			`${exact.unexplainedOldTokenUses} old refresh tokens were used without a lost answer`,
		],
		[
			exact.unexplainedTooEarly > 0,
			`${exact.unexplainedTooEarly} refreshes came too early without a lost answer`,
		],
		// A 401 is explained by a call that left in time and arrived too late, and by nothing else.
		[
			exact.unauthorized > exact.callsWithExpiredToken,
			`${exact.unauthorized} calls were refused, ${exact.callsWithExpiredToken} of them for their age`,
		],
		[
			docuWare.logOnsByPassword + docuWare.logOnsByToken > 1 + docuWare.reasonsToLogOn,
			`${docuWare.logOnsByPassword + docuWare.logOnsByToken} log-ons at DocuWare for ${1 + docuWare.reasonsToLogOn} reasons`,
		],
		[
			docuWare.licencesAtMost > 1 + docuWare.lostLogOns,
			`${docuWare.licencesAtMost} licences in use at a time, ${docuWare.lostLogOns} log-ons without an outcome`,
		],
		[docuWare.licencesRefused > 0, `${docuWare.licencesRefused} log-ons found no licence`],
		[spills > 0, `${spills} tokens were left in spill files`],
		[wrongExits.length > 0, `processes ended with ${wrongExits.join(', ')}`],
		[facts.executions.ended.length === 0, 'nothing was executed'],
	];
	return faults.flatMap(([isFault, words]) => (isFault ? [words] : []));
}

/** The counters of a soak, a line each. */
export function countersOf(facts: SoakFacts): Array<Record<string, unknown>> {
	const { executions, exact, docuWare, struck } = facts;
	const failed = executions.ended.filter(({ failure }) => failure !== undefined);
	const why = new Map<string, number>();
	for (const { failure } of failed) {
		why.set(failure!.code, (why.get(failure!.code) ?? 0) + 1);
	}
	const of = (service: EndedExecution['service']) =>
		executions.ended.filter((one) => one.service === service).length;
	return Object.entries({
		'executions that ended': executions.ended.length,
		'of Exact Online, of DocuWare': `${of('Exact Online')}, ${of('DocuWare')}`,
		'ended with a killed process': executions.abandoned,
		failed: failed.length,
		'failed, by code': [...why].map(([code, count]) => `${count} ${code}`).join(', ') || '0',
		'failed while the store was away': failed.filter((one) => reasonOf(one, facts) === 'store')
			.length,
		'failed for a fault of the service': failed.filter((one) => reasonOf(one, facts) === 'service')
			.length,
		'failed without such a reason': unexplainedFailures(facts).length,
		'Exact Online: calls': exact.calls,
		'token requests': exact.tokenPosts,
		granted: exact.granted,
		'old-token uses': exact.oldTokenUses,
		'old-token uses without a lost answer': exact.unexplainedOldTokenUses,
		'"too early"': exact.tooEarly,
		'"too early" without a lost answer': exact.unexplainedTooEarly,
		'token requests of one identity at once': exact.mostAtOnce,
		'calls that arrived with an expired token': exact.callsWithExpiredToken,
		'401 answers': exact.unauthorized,
		'chains, of them lost': `${exact.chains}, ${exact.chainsLost}`,
		'DocuWare: requests': docuWare.requests,
		'log-ons with password': docuWare.logOnsByPassword,
		'log-ons with login token': docuWare.logOnsByToken,
		'reasons to log on again': docuWare.reasonsToLogOn,
		'log-ons whose process was killed before it knew the outcome': docuWare.lostLogOns,
		'licences in use at most': docuWare.licencesAtMost,
		'log-ons without a licence': docuWare.licencesRefused,
		'tokens left in spill files': facts.spills,
		...struck,
	}).map(([what, value]) => ({ what, value }));
}

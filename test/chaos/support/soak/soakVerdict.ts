import {
	licencesExplained,
	unexplainedAtOnce,
	unexplainedLateCalls,
	unexplainedLogOns,
	unexplainedOldTokenUses,
	unexplainedTooEarly,
	type Issued,
	type LateCall,
	type Strikes,
	type TokenPost,
} from './explanations';
import { failureReasons, type FailureCauses } from './failureReasons';
import type { EndedExecution } from './soakMessages';

/** What was seen in a soak, from which its verdict comes. */
export interface SoakFacts {
	executions: { begun: number; abandoned: number; ended: readonly EndedExecution[] };
	strikes: Strikes;
	/** What DocuWare did of its own accord; its faults that explain failures. */
	docuWareFaults: Omit<FailureCauses, 'storeAway'>;
	exact: {
		calls: number;
		granted: number;
		/** Oldest first. */
		posts: readonly TokenPost[];
		lateCalls: readonly LateCall[];
		callsWithExpiredToken: number;
		unauthorized: number;
		chains: number;
		chainsLost: number;
	};
	docuWare: {
		requests: number;
		logOnsByPassword: number;
		logOnsByToken: number;
		/** Oldest first. */
		sessions: readonly Issued[];
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

/** What is shown of the time around a log-on without a reason, in milliseconds. */
const AROUND_MS = 60_000;

/** Whether there may have been so many of something, in words where not. */
type Rule = readonly [isBroken: boolean, words: string];

/** The executions that failed without a reason. */
export function unexplainedFailures(facts: SoakFacts): EndedExecution[] {
	const reasons = reasonsIn(facts);
	return failedOf(facts).filter((one) => !reasons.has(one));
}

/**
 * What is wrong, a sentence each; empty where everything held. Each log-on, licence, old token and failed execution
 * above the least there can be has to be explained by something that was done and counted.
 */
export function faultsFound(facts: SoakFacts): string[] {
	const { executions, spills, exitCodes, struck } = facts;
	const failed = unexplainedFailures(facts);
	const wrongExits = exitCodes.filter((code) => code !== 0);
	const { begun, abandoned, ended } = executions;
	const rules: Rule[] = [
		[failed.length > 0, `${failed.length} executions failed: ${failed[0]?.failure?.message ?? ''}`],
		...rulesOfExact(facts),
		...rulesOfDocuWare(facts),
		[spills > 0, `${spills} tokens were left in spill files`],
		[wrongExits.length > 0, `processes ended with ${wrongExits.join(', ')}`],
		[ended.length === 0, 'nothing was executed'],
		[
			begun !== ended.length + abandoned,
			`of ${begun} executions ${ended.length} ended and ${abandoned} were killed`,
		],
		[Object.keys(struck).length === 0, 'nothing was troubled'],
	];
	return rules.flatMap(([isBroken, words]) => (isBroken ? [words] : []));
}

function rulesOfExact({ exact, strikes }: SoakFacts): Rule[] {
	const { posts, chainsLost, unauthorized, callsWithExpiredToken, lateCalls } = exact;
	const oldTokens = unexplainedOldTokenUses(posts, strikes).length;
	const tooEarly = unexplainedTooEarly(posts).length;
	const atOnce = unexplainedAtOnce(posts, strikes).length;
	const late = unexplainedLateCalls(lateCalls, strikes).length;
	return [
		[chainsLost > 0, `${chainsLost} token chains were lost`],
		[oldTokens > 0, `${oldTokens} uses of an old refresh token have no lost answer before them`],
		[tooEarly > 0, `${tooEarly} refreshes of a live token came too early`],
		[atOnce > 0, `${atOnce} token requests were sent while another one was under way`],
		[
			late > 0,
			`${late} calls were begun with a token that had ended, by a process that did not stand still`,
		],
		// A call may leave in time and arrive too late. Nothing else is a reason for a 401.
		[
			unauthorized > callsWithExpiredToken,
			`${unauthorized} calls were refused, ${callsWithExpiredToken} of them for their age`,
		],
	];
}

function rulesOfDocuWare({ docuWare, strikes }: SoakFacts): Rule[] {
	const { sessions, logOnsByPassword, logOnsByToken, licencesAtMost, licencesRefused } = docuWare;
	const logOns = logOnsByPassword + logOnsByToken;
	const needless = unexplainedLogOns(sessions, strikes).length;
	const licences = licencesExplained(sessions, strikes);
	return [
		[logOns !== sessions.length, `${logOns} log-ons, and ${sessions.length} sessions were seen`],
		[needless > 0, `${needless} log-ons while a session lived that somebody knew`],
		[
			licencesAtMost > licences,
			`${licencesAtMost} licences in use at once, ${licences} of them explained`,
		],
		[licencesRefused > 0, `${licencesRefused} log-ons found no licence`],
	];
}

/** Of each log-on without a reason: the sessions there were, and what was done, in milliseconds from its request. */
export function aroundNeedlessLogOns({ docuWare, strikes }: SoakFacts): string[] {
	const { sessions } = docuWare;
	const done = Object.entries(strikes) as Array<[string, Strikes['kills']]>;
	return unexplainedLogOns(sessions, strikes).map(({ requestedAt }) => {
		const from = (at: number | undefined) => (at === undefined ? 'never' : at - requestedAt);
		const before = sessions
			.filter((one) => one.requestedAt <= requestedAt)
			.slice(-3)
			.map(
				(one) =>
					`session asked for ${from(one.requestedAt)}, begun ${from(one.issuedAt)}, used ${from(one.firstUsedAt)}, ended ${from(one.endedAt)}${one.answerLost ? ', answer lost' : ''}`,
			);
		const spans = done.flatMap(([what, all]) =>
			all
				.filter((span) => Math.abs(span.from - requestedAt) < AROUND_MS)
				.map((span) => `${what} ${from(span.from)} to ${from(span.until)}`),
		);
		return [...before, ...spans].join('; ');
	});
}

/** The counters of a soak, a line each. */
export function countersOf(facts: SoakFacts): Array<Record<string, unknown>> {
	const { executions, exact, docuWare, strikes, struck } = facts;
	const failed = failedOf(facts);
	const reasons = [...reasonsIn(facts).values()];
	const why = new Map<string, number>();
	for (const { failure } of failed) {
		why.set(failure!.code, (why.get(failure!.code) ?? 0) + 1);
	}
	const of = (service: EndedExecution['service']) =>
		executions.ended.filter((one) => one.service === service).length;
	const because = (reason: string) => reasons.filter((one) => one === reason).length;
	const oldTokenUses = exact.posts.filter(({ standing }) => standing !== 'live').length;
	return Object.entries({
		'executions that ended': executions.ended.length,
		'of Exact Online, of DocuWare': `${of('Exact Online')}, ${of('DocuWare')}`,
		'ended with a killed process': executions.abandoned,
		failed: failed.length,
		'failed, by code': [...why].map(([code, count]) => `${count} ${code}`).join(', ') || '0',
		'failed while the store was away': because('store'),
		'failed because DocuWare spoilt the request': because('service'),
		'failed because the session was ended twice meanwhile': because('session'),
		'failed without such a reason': unexplainedFailures(facts).length,
		'Exact Online: calls': exact.calls,
		'token requests': exact.posts.length,
		granted: exact.granted,
		'granted, and the answer lost': exact.posts.filter(({ issued }) => issued?.answerLost).length,
		'old-token uses': oldTokenUses,
		'old-token uses without a reason': unexplainedOldTokenUses(exact.posts, strikes).length,
		'"too early"': exact.posts.filter(({ tooEarly }) => tooEarly).length,
		'"too early" with a live token': unexplainedTooEarly(exact.posts).length,
		'sent while another was under way': unexplainedAtOnce(exact.posts, { ...strikes, kills: [] })
			.length,
		'of these without a killed process': unexplainedAtOnce(exact.posts, strikes).length,
		'calls begun with an ended token, without a process that stood still': `${exact.lateCalls.length}, ${unexplainedLateCalls(exact.lateCalls, strikes).length}`,
		'calls that arrived with an ended token': exact.callsWithExpiredToken,
		'401 answers': exact.unauthorized,
		'chains, of them lost': `${exact.chains}, ${exact.chainsLost}`,
		'DocuWare: requests': docuWare.requests,
		'log-ons with password': docuWare.logOnsByPassword,
		'log-ons with login token': docuWare.logOnsByToken,
		'sessions that the server ended': docuWare.sessions.filter(({ endedAt }) => endedAt).length,
		'log-ons without a reason': unexplainedLogOns(docuWare.sessions, strikes).length,
		'licences in use at most': docuWare.licencesAtMost,
		'licences that are explained': licencesExplained(docuWare.sessions, strikes),
		'log-ons without a licence': docuWare.licencesRefused,
		'tokens left in spill files': facts.spills,
		...struck,
	}).map(([what, value]) => ({ what, value }));
}

function failedOf({ executions }: SoakFacts): EndedExecution[] {
	return executions.ended.filter(({ failure }) => failure !== undefined);
}

function reasonsIn(facts: SoakFacts) {
	const { docuWareFaults, strikes } = facts;
	return failureReasons(failedOf(facts), { ...docuWareFaults, storeAway: strikes.storeAway });
}

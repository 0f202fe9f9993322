import { emptyAnswer, textAnswer, type Answer } from '../../shared/answers';
import type { Clock } from '../../shared/clock';
import { countUp, countUpIn, type ExactOnlineCounters } from '../counters';
import { budgetKey, type ErrorBudget } from '../limits/errorBudget';
import type { RateLimit } from '../limits/rateLimit';
import type { AccessTokenRecord, TokenChains } from '../oauth/chains';
import { blockedAnswer } from '../oauth/tokenErrors';
import { errorAnswer, ODataError } from '../odata/errors';
import { ValidationError } from '../odata/validation';
import type { ExactOnlineSwitches } from '../switches';
import type { World } from '../world/world';
import { isPage, readApiPath, type ApiPath } from './apiPath';
import { authorize, resourceOf } from './access';
import { readCollection, readList, readNumber, readOne } from './entityRead';
import type { EntityRequest } from './entityRequest';
import { answerPage } from './pages';
import { createEntity, deleteEntity, updateEntity } from './entityWrite';

export interface ApiContext {
	world: World;
	chains: TokenChains;
	budget: ErrorBudget;
	rateLimit: RateLimit;
	counters: ExactOnlineCounters;
	switches: ExactOnlineSwitches;
	clock: Clock;
}

/** An API request as read from the wire. */
export interface ApiRequest {
	method: string;
	/** Decoded path without query. */
	path: string;
	/** Length of the raw request target. */
	urlLength: number;
	query: URLSearchParams;
	authorization: string | undefined;
	accept: string;
	/** Header `Prefer`, docs/facts/exact-online.md 4.6. */
	prefer: string;
	/** Media type of the body in lower case. */
	mediaType: string;
	body: Buffer;
	/** Origin as the client addressed it. */
	origin: string;
}

/** What is known of an API request when it arrives. */
export interface ApiArrival {
	path: ApiPath | undefined;
	token: AccessTokenRecord | undefined;
	/** True if the token was valid on arrival. */
	valid: boolean;
	/** Endpoint for counters and budgets, `?` if the path has no sensible form. */
	endpoint: string;
	tags: Record<string, string>;
}

/** Judges token and path at the moment of arrival, and counts the call. */
export function receiveApiRequest(request: ApiRequest, context: ApiContext): ApiArrival {
	const { counters, chains } = context;
	const path = readApiPath(request.path, request.query);
	const bearer = /^Bearer (\S+)$/i.exec(request.authorization ?? '')?.[1];
	const token = bearer === undefined ? undefined : chains.accessToken(bearer);
	const valid = token !== undefined && isTaken(token, context);
	const endpoint = path?.endpoint ?? '?';
	counters.apiCalls += 1;
	countUp(counters.apiCallsByEndpoint, endpoint);
	countUpIn(counters.apiCallsByMethod, endpoint, request.method);
	if (token && !valid) counters.apiCallsWithExpiredToken += 1;
	const tags: Record<string, string> = { endpoint, division: String(path?.division ?? '') };
	if (token) {
		tags['clientId'] = token.clientId;
		tags['userId'] = token.userId;
		tags['generation'] = String(token.generation);
		tags['tokenEndsAt'] = String(token.expiresAt);
	}
	return { path, token, valid, endpoint, tags };
}

/** Whether the API takes a token as valid now. */
function isTaken({ expiresAt }: AccessTokenRecord, { clock, switches }: ApiContext): boolean {
	return clock() < expiresAt + switches.accessTokenLeewayMs;
}

/** Answers an API request that has arrived, and keeps counters and error budget. */
export async function answerApiRequest(
	request: ApiRequest,
	arrival: ApiArrival,
	context: ApiContext,
): Promise<Answer> {
	const { budget, counters, switches } = context;
	const { endpoint, token } = arrival;
	const key = token
		? budgetKey(token.clientId, token.userId, arrival.tags['division'] ?? '', endpoint)
		: undefined;
	let answer: Answer;
	if (key !== undefined && budget.isBlocked(key)) {
		counters.blockedCalls += 1;
		answer = blockedAnswer(switches.blockedStatus);
	} else {
		answer = await serve(request, arrival, context);
		if (key !== undefined) budget.note(key, answer.status);
	}
	if (answer.status === 401) counters.unauthorized += 1;
	if (answer.status >= 400) countUpIn(counters.apiErrors, endpoint, String(answer.status));
	return answer;
}

async function serve(
	request: ApiRequest,
	arrival: ApiArrival,
	context: ApiContext,
): Promise<Answer> {
	const { switches, counters } = context;
	const wantsJson = /application\/json/i.test(request.accept);
	const { token, valid } = arrival;
	if (!token || !valid || switches.refuseValidTokens) return unauthorized(switches);
	context.chains.noteAccessTokenUse(token);

	const expiredMeanwhile = switches.tokenMustOutliveRequest && !isTaken(token, context);
	const write = request.method !== 'GET';
	if (expiredMeanwhile && !(write && switches.lateWriteTakesEffect)) return unauthorized(switches);

	let limitHeaders: Record<string, string> = {};
	try {
		if (arrival.path?.division !== undefined) {
			const verdict = context.rateLimit.take(token.clientId, arrival.path.division);
			if (!verdict.allowed) {
				counters.rateLimited += 1;
				return emptyAnswer(429, verdict.headers);
			}
			if (verdict.endsMinute) countUp(counters.minutesUsedUp, String(arrival.path.division));
			limitHeaders = verdict.headers;
		}
		const caller = authorize(request, arrival.path, token, context);
		const answer = isPage(caller.path)
			? answerPage(request, caller, context)
			: await dispatch(request, caller.path, {
					...resourceOf(request, caller, context),
					wantsJson,
				});
		if (expiredMeanwhile) return unauthorized(switches);
		return { ...answer, headers: { ...limitHeaders, ...answer.headers } };
	} catch (error) {
		const answer = errorAnswer(asODataError(error, switches), wantsJson);
		return { ...answer, headers: { ...limitHeaders, ...answer.headers } };
	}
}

/** What the service says of an error; others are the simulator's own. */
function asODataError(error: unknown, switches: ExactOnlineSwitches): ODataError {
	if (error instanceof ODataError) return error;
	if (!(error instanceof ValidationError)) throw error;
	return error.toODataError(switches.validationStatus, switches.messageLanguage);
}

function dispatch(
	request: ApiRequest,
	path: ApiPath,
	entity: EntityRequest,
): Answer | Promise<Answer> {
	const { body } = request;
	const { table, keyText } = entity;
	const method = table.methods.find((name) => name === request.method);
	const keyed = keyText !== undefined;
	const misplaced =
		((method === 'PUT' || method === 'DELETE') && !keyed) ||
		(method !== 'GET' && path.navigation !== undefined) ||
		(method === 'POST' && keyed);
	if (!method || misplaced) throw new ODataError(405, 'Method not allowed.');
	if ((method === 'POST' || method === 'PUT') && request.mediaType !== 'application/json') {
		throw new ODataError(415, 'Unsupported media type requested.');
	}
	switch (method) {
		case 'GET':
			if (path.navigation !== undefined) return readCollection(entity, path.navigation);
			if (path.count) return readNumber(entity);
			return keyed ? readOne(entity) : readList(entity);
		case 'POST':
			return createEntity(entity, body);
		case 'PUT':
			return updateEntity(entity, body);
		case 'DELETE':
			return deleteEntity(entity);
	}
}

/** An access token that is missing, unknown or expired, docs/facts/exact-online.md 1.10. */
export function unauthorized({
	unauthorizedAnswer,
}: Pick<ExactOnlineSwitches, 'unauthorizedAnswer'>): Answer {
	return unauthorizedAnswer === 'text'
		? { ...textAnswer(401, 'Authentication Required'), reason: 'Unauthorized' }
		: emptyAnswer(401, { Reason: 'Authentication Required' });
}

/** Named API answers for scripted faults `{ kind: 'answer', name }`. */
export const API_ERROR_CATALOGUE: Readonly<Record<string, () => Answer>> = {
	unauthorized: () => unauthorized({ unauthorizedAnswer: 'text' }),
	forbidden: () => errorAnswer(new ODataError(403, 'Forbidden', { Reason: 'BlockedUser' }), true),
	tooManyRequests: () => emptyAnswer(429),
	serverError: () =>
		errorAnswer(
			new ODataError(
				500,
				'A problem has occurred. The cause of this issue will be investigated as soon as possible.',
			),
			true,
		),
};

import { ConnectorError, passOn, type ConnectorErrorOptions } from '../../shared/errors';
import type { HttpResponse, HttpTransportError } from '../../shared/http';
import { isHttpTransportError, retryAfterMs, send, serviceText } from '../../shared/http';
import { processState } from '../../shared/process/processState';
import { rememberLatest } from '../../shared/process/rememberLatest';
import type { Identity, TokenClient } from '../../shared/tokenChain/types';
import { envelopeOf } from '../wire/envelope';
import { MAX_REPEATS, isPassing, isPassingFailure, repeatDelay } from '../wire/retry';
import { readServiceError } from '../wire/serviceError';
import { pauseBeforeAsking } from './identityPauses';

const REQUEST_LIMIT_MS = 30_000;

const SELECT = '?$select=UserID,UserName,FullName';

/** How long an app is asked with one query alone after the service refused another, in milliseconds. */
const ONE_QUERY_MS = 3_600_000;

/** Of how many apps that is remembered. */
const APPS_KEPT = 100;

/** By app: the query to ask with. */
function onlyQueries(): Map<string, { query: string; until: number }> {
	return processState('exactIdentityQueries1', () => new Map());
}

/**
 * Asks Exact Online whose access token this is: `UserID` of `current/Me`, which needs no division
 * and is not counted in the daily limit (docs/facts/exact-online.md 2.1).
 *
 * @returns `unauthorized` where the token was refused.
 * @throws ConnectorError EXACT_IDENTITY_UNAVAILABLE (retryable) where no answer is to be had.
 */
export async function whoAmI(
	client: TokenClient,
	accessToken: string,
): Promise<Identity | 'unauthorized'> {
	for (let repeats = 0; ; repeats += 1) {
		const answer = await askEitherWay(client, accessToken);
		if (repeats === MAX_REPEATS || !mayPass(answer, accessToken)) {
			return readIdentity(answer, accessToken);
		}
		const asked = isHttpTransportError(answer) ? null : retryAfterMs(answer.headers);
		const error = notNamed(answer, accessToken);
		await pauseBeforeAsking(client, { ms: repeatDelay(repeats, asked), error });
	}
}

/**
 * A stand-in, or Exact one day, may not take $select here; without it the answer is longer. Each refusal counts as an
 * error of the app (docs/facts/exact-online.md 1.7), so the other query is tried once an hour.
 */
async function askEitherWay(
	client: TokenClient,
	accessToken: string,
): Promise<HttpResponse | HttpTransportError> {
	const app = JSON.stringify([client.host, client.clientId]);
	const only = onlyQueries().get(app);
	if (only && only.until > Date.now()) return await ask(client, accessToken, only.query);
	const answer = await ask(client, accessToken, SELECT);
	if (!isRefusedQuery(answer)) return answer;
	const longer = await ask(client, accessToken, '');
	const query = isRefusedQuery(longer) ? SELECT : '';
	rememberLatest(onlyQueries(), app, { query, until: Date.now() + ONE_QUERY_MS }, APPS_KEPT);
	return longer;
}

function isRefusedQuery(answer: HttpResponse | HttpTransportError): boolean {
	return !isHttpTransportError(answer) && answer.status === 400;
}

async function ask(
	client: TokenClient,
	accessToken: string,
	query: string,
): Promise<HttpResponse | HttpTransportError> {
	return await send({
		method: 'GET',
		url: `${client.host}/api/v1/current/Me${query}`,
		headers: { Accept: 'application/json', Authorization: `Bearer ${accessToken}` },
		timeoutMs: REQUEST_LIMIT_MS,
		ignoreSslIssues: client.ignoreSslIssues,
		allowHttp: client.allowHttp,
	}).catch((error: unknown) => (isHttpTransportError(error) ? error : passOn(error)));
}

function mayPass(answer: HttpResponse | HttpTransportError, accessToken: string): boolean {
	if (isHttpTransportError(answer)) return isPassingFailure(answer);
	if (answer.status < 400 || answer.status === 401) return false;
	const { gatewayFault } = readServiceError(answer.body, [accessToken]);
	return answer.status === 429 || isPassing(answer.status, gatewayFault);
}

function readIdentity(
	answer: HttpResponse | HttpTransportError,
	accessToken: string,
): Identity | 'unauthorized' {
	if (isHttpTransportError(answer)) throw notNamed(answer, accessToken);
	const { status, body } = answer;
	if (status === 401) return 'unauthorized';
	const me = status === 200 ? envelopeOf(body)?.rows[0] : undefined;
	if (typeof me?.UserID === 'string' && me.UserID !== '') {
		const name = me.UserName ?? me.FullName;
		return { userId: me.UserID.toLowerCase(), userName: typeof name === 'string' ? name : null };
	}
	throw notNamed(answer, accessToken);
}

/** The error of an answer that names nobody. */
function notNamed(answer: HttpResponse | HttpTransportError, accessToken: string): ConnectorError {
	if (isHttpTransportError(answer)) {
		return unavailable(answer.message, answer.repair, {
			retryable: answer.retryable,
			listRepair: answer.listRepair,
		});
	}
	const { status, headers, body } = answer;
	const words =
		headers.reason === undefined
			? readServiceError(body, [accessToken]).text
			: serviceText(headers.reason, [accessToken]);
	return unavailable(
		`Exact Online did not say whose log-in this is: HTTP ${status}${words ? `, ${words}` : ''}.`,
		'Run again. If this repeats, check that the region of the credential is the one the ' +
			'app was registered in, and that the Exact user is active.',
		{ httpStatus: status },
	);
}

function unavailable(
	message: string,
	repair: string,
	facts: Omit<Partial<ConnectorErrorOptions>, 'repair'>,
): ConnectorError {
	return new ConnectorError('EXACT_IDENTITY_UNAVAILABLE', message, {
		repair,
		retryable: true,
		...facts,
	});
}

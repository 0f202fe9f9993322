import type { FormPost, HttpRequest, HttpResponse, TimedResponse } from '../../shared/http';
import { postForm, send } from '../../shared/http';
import type { ServerConnection } from './serverAddress';

const REQUEST_LIMIT_MS = 60_000;
const CONNECT_LIMIT_MS = 15_000;

/** Messages come in English, so that they can be told apart (docs/facts/docuware.md 2.2). */
export const COMMON_HEADERS = { Accept: 'application/json', 'Accept-Language': 'en' } as const;

/**
 * One request of the session's own business: JSON asked for, in English, no redirects, nothing
 * repeated.
 */
export async function platformSend(
	connection: Pick<ServerConnection, 'ignoreSslIssues' | 'allowHttp'>,
	request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body' | 'connection' | 'signal'>,
): Promise<HttpResponse> {
	return await send({
		timeoutMs: REQUEST_LIMIT_MS,
		connectTimeoutMs: CONNECT_LIMIT_MS,
		...request,
		headers: { ...COMMON_HEADERS, ...request.headers },
		ignoreSslIssues: connection.ignoreSslIssues,
		allowHttp: connection.allowHttp,
	});
}

/**
 * Posts the form of a log-on or a grant; see `postForm`.
 * @throws HttpTransportError
 */
export async function platformPost(
	connection: Pick<ServerConnection, 'ignoreSslIssues' | 'allowHttp'>,
	form: Pick<FormPost, 'url' | 'fields'>,
): Promise<TimedResponse> {
	return await postForm({
		...form,
		headers: COMMON_HEADERS,
		timeoutMs: REQUEST_LIMIT_MS,
		ignoreSslIssues: connection.ignoreSslIssues,
		allowHttp: connection.allowHttp,
	});
}

import type { HttpRequest, HttpResponse } from '../../shared/http';
import { send } from '../../shared/http';
import type { ServerConnection } from './serverAddress';

const REQUEST_LIMIT_MS = 60_000;
const CONNECT_LIMIT_MS = 15_000;

/** Messages come in English, so that they can be told apart (facts/docuware.md 2.2). */
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

/** A form as DocuWare reads it: UTF-8, percent-encoded. */
export function formRequest(
	url: string,
	fields: Record<string, string>,
): Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body' | 'connection'> {
	return {
		method: 'POST',
		url,
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams(fields).toString(),
		// A connection of its own: a failed connect proves that nothing was sent.
		connection: 'fresh',
	};
}

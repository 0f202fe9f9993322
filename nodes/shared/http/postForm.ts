import { send } from './send';
import type { HttpRequest, HttpResponse } from './httpTypes';

/** A form that carries a secret. */
export interface FormPost extends Pick<
	HttpRequest,
	'url' | 'headers' | 'timeoutMs' | 'ignoreSslIssues' | 'allowHttp'
> {
	/** Sent in the body: UTF-8, percent-encoded. */
	fields: Record<string, string>;
}

/** An answer, when it was asked for and when it had arrived (`performance.now()`, milliseconds). */
export interface TimedResponse {
	response: HttpResponse;
	requestedAt: number;
	receivedAt: number;
}

/** Milliseconds until the connection stands. */
const CONNECT_LIMIT_MS = 15_000;

/**
 * Posts a form once and asks for JSON: over a connection of its own, without redirects or repeats, so
 * that a failed connect proves that nothing of it was sent.
 *
 * @throws HttpTransportError where no complete answer came; see its `requestSent`.
 */
export async function postForm({ fields, headers, ...request }: FormPost): Promise<TimedResponse> {
	const requestedAt = performance.now();
	const response = await send({
		...request,
		method: 'POST',
		headers: {
			Accept: 'application/json',
			...headers,
			'Content-Type': 'application/x-www-form-urlencoded',
		},
		body: new URLSearchParams(fields).toString(),
		connection: 'fresh',
		connectTimeoutMs: CONNECT_LIMIT_MS,
	});
	return { response, requestedAt, receivedAt: performance.now() };
}

import type { FormPost, HttpResponse } from '../http';
import { isHttpTransportError, postForm } from '../http';
import type { FailedAnswer, TokenAnswer, TokenClient, TokenPair } from './types';

/** The token request belongs to the process, not to an execution; this is its only limit, in milliseconds. */
const TOKEN_REQUEST_LIMIT_MS = 120_000;

/** What of an HTTP answer its reading needs. */
export type TokenHttpAnswer = Pick<HttpResponse, 'status' | 'headers' | 'body'>;

/** An answer of a token endpoint, read. */
export type ReadTokenAnswer = { kind: 'granted'; pair: TokenPair } | FailedAnswer;

/** One request for a pair of tokens. */
export interface TokenRequest extends Pick<FormPost, 'url' | 'fields'> {
	/** How the endpoint is reached. */
	client: Pick<TokenClient, 'ignoreSslIssues' | 'allowHttp'>;
	/** Stable error code for a request that brought no answer. */
	unavailableCode: string;
	/** Tells the answers of the service apart. */
	read(answer: TokenHttpAnswer): ReadTokenAnswer;
}

/**
 * Asks a token endpoint once, as `postForm` does: a failed connect proves that nothing was spent
 * (`notSent`), any other failure leaves the fate of the secret open (`unknown`). Never throws.
 */
export async function requestTokenPair(request: TokenRequest): Promise<TokenAnswer> {
	const { url, fields, client, unavailableCode } = request;
	try {
		const { response, requestedAt, receivedAt } = await postForm({
			url,
			fields,
			timeoutMs: TOKEN_REQUEST_LIMIT_MS,
			ignoreSslIssues: client.ignoreSslIssues,
			allowHttp: client.allowHttp,
		});
		const read = request.read(response);
		return read.kind === 'granted' ? { ...read, requestedAt, receivedAt } : read;
	} catch (error) {
		const sent = !isHttpTransportError(error) || error.requestSent;
		return {
			kind: sent ? 'unknown' : 'notSent',
			code: unavailableCode,
			detail: error instanceof Error ? error.message : 'the request failed',
		};
	}
}

/**
 * What an answer without any telling words proves: a 4xx with a body is the service's own refusal, so
 * nothing was spent; whatever else may come from something in between.
 */
export function fateByStatus({ status, body }: TokenHttpAnswer): 'refused' | 'unknown' {
	const isRefusal = status >= 400 && status < 500 && status !== 408 && body.trim() !== '';
	return isRefusal ? 'refused' : 'unknown';
}

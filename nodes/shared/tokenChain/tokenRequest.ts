import type { FormPost, HttpResponse } from '../http';
import { isHtml, isHttpTransportError, postForm } from '../http';
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

/** What a page holds, wherever it begins. */
const PAGE = /<(?:!doctype html|html|head|body)\b/i;

/**
 * Whether a body is a page for a browser. The services' own refusals of a token are JSON, plain text or XML; a page
 * is as likely that of something on the way.
 */
export function isPage(body: string): boolean {
	return isHtml(body) || PAGE.test(body);
}

/**
 * An answer that proves nothing about the secret that was sent: it may come from something on the way,
 * also on the way back, after the service has issued the next pair. In words that nobody knows the service may have
 * meant the token; in a page it has not.
 */
export function unprovenAnswer({
	status,
	body,
}: TokenHttpAnswer): Pick<FailedAnswer, 'kind' | 'status' | 'mayMeanToken'> {
	const isRefusal = status === 400 || status === 401;
	const mayMeanToken = isRefusal && body.trim() !== '' && !isPage(body);
	return { kind: 'unknown', status, mayMeanToken };
}

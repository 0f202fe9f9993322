import { HttpTransportError, type HttpFailureKind } from './transportError';
import type { ConnectionState } from './connectionWatch';

const CONNECT_CODES = new Set([
	'ENOTFOUND',
	'EAI_AGAIN',
	'EAI_FAIL',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EHOSTDOWN',
	'ENETDOWN',
	'EADDRNOTAVAIL',
	'EACCES',
]);

const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_BAD_RESPONSE']);

const CERTIFICATE_CODES =
	/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_TLS_CERT|PATH_LENGTH_)/;

const TLS_CODES = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;

const NETWORK_REPAIR =
	'Check the address in the credential, the network and name resolution of the machine that runs n8n, and HTTPS_PROXY, HTTP_PROXY and NO_PROXY.';

const RETRY_REPAIR =
	'Try again; if it stays, check the status of the service and the network in between.';

/** Why the transport itself ended the request, where it did. */
export type OwnEnd = 'aborted' | 'connectTimeout' | 'timeout';

/**
 * Makes the error of a request that brought no answer.
 *
 * @param failure what the HTTP library threw; only its code is taken over, since the rest may hold
 *   headers of the request.
 * @param origin origin of the target, the only part of the URL that is shown.
 */
export function transportFailure(
	failure: unknown,
	origin: string,
	state: ConnectionState,
	ownEnd: OwnEnd | undefined,
): HttpTransportError {
	const requestSent = state.mayBeSent;
	const make = (
		kind: HttpFailureKind,
		code: string,
		message: string,
		repair: string,
		retryable: boolean,
	) => new HttpTransportError(code, message, { kind, requestSent, repair, retryable });

	if (ownEnd === 'aborted') {
		return make(
			'aborted',
			'HTTP_ABORTED',
			`The request to ${origin} was cancelled.`,
			'Run it again if it is still wanted.',
			false,
		);
	}
	if (state.proxyRefusal !== undefined) return proxyRefusal(origin, state.proxyRefusal);
	if (ownEnd === 'connectTimeout') {
		return make(
			'timeout',
			'HTTP_TIMEOUT',
			`No connection to ${origin} within the time allowed; nothing was sent.`,
			NETWORK_REPAIR,
			true,
		);
	}
	if (ownEnd === 'timeout') {
		return make('timeout', 'HTTP_TIMEOUT', `${origin} did not answer in time.`, RETRY_REPAIR, true);
	}

	const { code, tooLarge } = factsOf(failure);
	// ERR_BAD_… is the HTTP library's own word and tells a reader nothing.
	const detail = code === '' || code.startsWith('ERR_BAD_') ? '' : ` (${code})`;
	if (tooLarge) {
		return make(
			'tooLarge',
			'HTTP_RESPONSE_TOO_LARGE',
			`The answer of ${origin} is larger than allowed.`,
			'Ask for less at once, for instance with fewer fields or a lower limit.',
			false,
		);
	}
	if (CERTIFICATE_CODES.test(code)) {
		return make(
			'tls',
			'HTTP_TLS_ERROR',
			`The certificate of ${origin} was not accepted${detail}.`,
			'If the server uses a certificate of your own authority, give its file to n8n in the environment variable NODE_EXTRA_CA_CERTS; to go without any check, switch on "Ignore SSL Issues (Insecure)" in the credential.',
			false,
		);
	}
	if (TLS_CODES.test(code)) {
		return make(
			'tls',
			'HTTP_TLS_ERROR',
			`No encrypted connection to ${origin} could be made${detail}.`,
			'Check that the address and port speak https. If the server uses a certificate of your own authority, give its file to n8n in NODE_EXTRA_CA_CERTS; "Ignore SSL Issues (Insecure)" in the credential switches certificate checks off.',
			false,
		);
	}
	if (
		CONNECT_CODES.has(code) ||
		(!requestSent && (RESET_CODES.has(code) || code === 'ETIMEDOUT'))
	) {
		return make(
			'connect',
			'HTTP_CONNECT_FAILED',
			`No connection to ${origin}${detail}; nothing was sent.`,
			NETWORK_REPAIR,
			true,
		);
	}
	if (code === 'ETIMEDOUT') {
		return make(
			'timeout',
			'HTTP_TIMEOUT',
			`${origin} did not answer in time${detail}.`,
			RETRY_REPAIR,
			true,
		);
	}
	if (RESET_CODES.has(code)) {
		return make(
			'reset',
			'HTTP_CONNECTION_LOST',
			`The connection to ${origin} broke before the answer was complete${detail}.`,
			RETRY_REPAIR,
			true,
		);
	}
	return make(
		'protocol',
		'HTTP_PROTOCOL_ERROR',
		`The exchange with ${origin} failed${detail}.`,
		'Check that the address is that of the service and that no proxy changes the traffic.',
		false,
	);
}

/** The proxy answered CONNECT with another status than 200: the target was never reached. */
export function proxyRefusal(origin: string, status: number): HttpTransportError {
	const repair =
		status === 407
			? 'The proxy wants a user name and password: add them to HTTPS_PROXY of the n8n process.'
			: 'Allow the host on the proxy, or name it in NO_PROXY of the n8n process.';
	return new HttpTransportError(
		'HTTP_PROXY_REFUSED',
		`The proxy refused the connection to ${origin} with status ${status}; nothing was sent.`,
		{ kind: 'connect', requestSent: false, repair, retryable: status >= 500 },
	);
}

function factsOf(failure: unknown): { code: string; tooLarge: boolean } {
	const { code, message } = (failure ?? {}) as { code?: unknown; message?: unknown };
	return {
		code: typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : '',
		tooLarge: typeof message === 'string' && message.startsWith('maxContentLength size of'),
	};
}

import { underAdvanced } from '../errorText';
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

const RESET_CODES = new Set([
	'ECONNRESET',
	'EPIPE',
	'ECONNABORTED',
	'ERR_BAD_RESPONSE',
	// A packed body that ends early.
	'Z_BUF_ERROR',
]);

const CERTIFICATE_CODES =
	/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_TLS_CERT|PATH_LENGTH_)/;

const TLS_CODES = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;

/** Why a handshake failed, as far as its error tells. */
type TlsReason = 'plainHttp' | 'oldVersion' | 'unknown';

const TLS_CAUSES: Record<TlsReason, { cause: string; repair: string }> = {
	plainHttp: {
		cause: ': no https is spoken there',
		repair:
			'Check the port. If the server offers http alone, write http:// in front of the address and switch ' +
			`on ${underAdvanced('"Allow Unencrypted Connection (Insecure)" in the credential', true)}.`,
	},
	oldVersion: {
		cause: ': the server has no TLS version in common with n8n, which speaks 1.2 and 1.3',
		repair:
			'Have TLS 1.2 or later switched on at the server, or at a proxy in front of it. Until then n8n can be ' +
			'started with NODE_OPTIONS=--tls-min-v1.0, for all of its connections.',
	},
	unknown: {
		cause: '',
		repair:
			'Check that the address and port speak https. If the server uses a certificate of ' +
			'your own authority, give its file to n8n in NODE_EXTRA_CA_CERTS; ' +
			`${underAdvanced('"Ignore SSL Issues (Insecure)" in the credential')} switches certificate checks off.`,
	},
};

function tlsReasonOf(text: string): TlsReason {
	if (/wrong.version.number|packet.length.too.long|http.request/i.test(text)) return 'plainHttp';
	return /unsupported.protocol|alert.protocol.version|version.too.low/i.test(text)
		? 'oldVersion'
		: 'unknown';
}

const NETWORK_REPAIR =
	'Check the address in the credential, the network and name resolution of the machine ' +
	'that runs n8n, and HTTPS_PROXY, HTTP_PROXY and NO_PROXY.';

const RETRY_REPAIR =
	'Try again; if it stays, check the status of the service and the network in between.';

/** Why the transport itself ended the request, where it did. */
export type OwnEnd = 'aborted' | 'connectTimeout' | 'timeout';

/** What a failure comes down to. */
interface Finding {
	kind: HttpFailureKind;
	code: string;
	message: string;
	repair: string;
	listRepair?: string;
	retryable?: boolean;
}

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
	if (state.proxyRefusal !== undefined && ownEnd !== 'aborted') {
		return proxyRefusal(origin, state.proxyRefusal);
	}
	if (state.heldBack === true) return heldBack(origin);
	const { code, message, ...options } =
		ownEnd === undefined ? findingOf(failure, origin, requestSent) : endFinding(ownEnd, origin);
	const { answered } = state;
	return new HttpTransportError(code, message, { ...options, requestSent, answered });
}

/** Whoever asked for the request held it back at the last moment. */
function heldBack(origin: string): HttpTransportError {
	return new HttpTransportError(
		'HTTP_HELD_BACK',
		`The request was held back before it left: ${origin}.`,
		{ kind: 'aborted', requestSent: false, retryable: true, repair: 'Run again.' },
	);
}

/** The transport itself ended the request. */
function endFinding(ownEnd: OwnEnd, origin: string): Finding {
	switch (ownEnd) {
		case 'aborted':
			return {
				kind: 'aborted',
				code: 'HTTP_ABORTED',
				message: `The request was cancelled: ${origin}.`,
				repair: 'Run it again if it is still wanted.',
			};
		case 'connectTimeout':
			return {
				kind: 'timeout',
				code: 'HTTP_TIMEOUT',
				message: `The server could not be reached within the time allowed; nothing was sent: ${origin}.`,
				repair: NETWORK_REPAIR,
				retryable: true,
			};
		case 'timeout':
			return late(origin, '');
	}
}

/** Something on the way, or the HTTP library, ended the request. */
function findingOf(failure: unknown, origin: string, requestSent: boolean): Finding {
	const { code, tooLarge, tlsReason } = factsOf(failure);
	// ERR_BAD_… is the HTTP library's own word and tells a reader nothing.
	const detail = code === '' || code.startsWith('ERR_BAD_') ? '' : ` (${code})`;
	if (code === 'UNKNOWN_ENCODING') return packedOtherwise(origin);
	if (tooLarge) {
		return {
			kind: 'tooLarge',
			code: 'HTTP_RESPONSE_TOO_LARGE',
			message: `The answer is larger than allowed: ${origin}.`,
			repair: 'Ask for less at once, for instance with fewer fields or a lower limit.',
		};
	}
	if (CERTIFICATE_CODES.test(code)) return certificate(origin, detail);
	if (TLS_CODES.test(code)) return tls(tlsReason, origin, detail);
	const broken = RESET_CODES.has(code);
	if (CONNECT_CODES.has(code) || (!requestSent && (broken || code === 'ETIMEDOUT'))) {
		return {
			kind: 'connect',
			code: 'HTTP_CONNECT_FAILED',
			message: `The server could not be reached; nothing was sent: ${origin}${detail}.`,
			repair: NETWORK_REPAIR,
			retryable: true,
		};
	}
	if (code === 'ETIMEDOUT') return late(origin, detail);
	return broken ? lost(origin, detail) : notHttp(origin, detail);
}

function certificate(origin: string, detail: string): Finding {
	return {
		kind: 'tls',
		code: 'HTTP_TLS_ERROR',
		message: `The certificate of the server was not accepted: ${origin}${detail}.`,
		repair:
			'If the server uses a certificate of your own authority, give its file to n8n in the ' +
			'environment variable NODE_EXTRA_CA_CERTS; to go without any check, switch on ' +
			`${underAdvanced('"Ignore SSL Issues (Insecure)" in the credential')}.`,
		listRepair:
			'Give the certificate of your authority to n8n in NODE_EXTRA_CA_CERTS, or switch on ' +
			`${underAdvanced('Ignore SSL Issues in the credential')}.`,
	};
}

function tls(reason: TlsReason, origin: string, detail: string): Finding {
	return {
		kind: 'tls',
		code: 'HTTP_TLS_ERROR',
		message: `No encrypted connection to the server could be made: ${origin}${detail}${TLS_CAUSES[reason].cause}.`,
		repair: TLS_CAUSES[reason].repair,
	};
}

function late(origin: string, detail: string): Finding {
	return {
		kind: 'timeout',
		code: 'HTTP_TIMEOUT',
		message: `The server did not answer in time: ${origin}${detail}.`,
		repair: RETRY_REPAIR,
		retryable: true,
	};
}

function lost(origin: string, detail: string): Finding {
	return {
		kind: 'reset',
		code: 'HTTP_CONNECTION_LOST',
		message: `The connection broke before the answer was complete: ${origin}${detail}.`,
		repair: RETRY_REPAIR + ifHttps(origin),
		retryable: true,
	};
}

/** A server for https alone breaks a connection in plain http, or answers it with something else than HTTP. */
function ifHttps(origin: string): string {
	return origin.startsWith('http:')
		? ' If the server speaks https, write https:// in front of the address.'
		: '';
}

function packedOtherwise(origin: string): Finding {
	return {
		kind: 'protocol',
		code: 'HTTP_PROTOCOL_ERROR',
		message:
			'The answer is packed in a way that was not asked for, or several times, so it cannot be read: ' +
			`${origin}.`,
		repair: 'Check that no proxy packs the answers of the service anew.',
	};
}

function notHttp(origin: string, detail: string): Finding {
	return {
		kind: 'protocol',
		code: 'HTTP_PROTOCOL_ERROR',
		message: `The exchange with the server failed: ${origin}${detail}.`,
		repair:
			'Check that the address is that of the service and that no proxy changes the traffic.' +
			ifHttps(origin),
	};
}

/** The proxy answered CONNECT with another status than 200: the target was never reached. */
export function proxyRefusal(origin: string, status: number): HttpTransportError {
	const repair =
		status === 407
			? 'The proxy wants a user name and password: add them to HTTPS_PROXY of the n8n process.'
			: 'Allow the host on the proxy, or name it in NO_PROXY of the n8n process.';
	return new HttpTransportError(
		'HTTP_PROXY_REFUSED',
		`The proxy refused the connection; nothing was sent: ${origin}, status ${status}.`,
		{ kind: 'connect', requestSent: false, repair, retryable: status >= 500 },
	);
}

function factsOf(failure: unknown): { code: string; tooLarge: boolean; tlsReason: TlsReason } {
	const { code, message } = (failure ?? {}) as { code?: unknown; message?: unknown };
	const text = typeof message === 'string' ? message : '';
	const known = typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : '';
	return {
		code: known,
		tooLarge: text.startsWith('maxContentLength size of'),
		tlsReason: tlsReasonOf(`${known} ${text}`),
	};
}

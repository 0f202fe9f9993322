import { isIPv4 } from 'node:net';
import { underAdvanced } from '../errorText';
import { HttpTransportError } from './transportError';

/** Whether a host name (of a URL: IPv6 in brackets) means this machine. */
export function isLoopbackHost(hostname: string): boolean {
	const host = hostname.toLowerCase();
	return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Reads the target of a request.
 * @throws HttpTransportError HTTP_INVALID_URL, or HTTP_INSECURE_URL for plain `http://` to another
 *   machine where `allowHttp` is not set. Neither shows more of the URL than its origin.
 */
export function readTargetUrl(text: string, allowHttp: boolean): URL {
	const url = URL.parse(text);
	if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
		throw refusal(
			'HTTP_INVALID_URL',
			'The address is not complete: it has no http:// or https:// in front, or is none.',
			'Enter the address with https:// in front, for instance https://start.exactonline.nl.',
		);
	}
	if (url.username || url.password) {
		throw refusal(
			'HTTP_INVALID_URL',
			`The address holds a user name or password: that of ${url.host}.`,
			'Remove them from the address and use the fields of the credential.',
		);
	}
	if (url.protocol === 'http:' && !allowHttp && !isLoopbackHost(url.hostname)) {
		throw refusal(
			'HTTP_INSECURE_URL',
			`The way to the server is not encrypted, so secrets could be read on it: ${url.origin}.`,
			'Use an https:// address. If the server offers none, and the way to it is your own, switch on ' +
				`${underAdvanced('Allow Unencrypted Connection in the credential', true)}.`,
		);
	}
	return url;
}

function refusal(code: string, message: string, repair: string): HttpTransportError {
	return new HttpTransportError(code, message, { kind: 'protocol', requestSent: false, repair });
}

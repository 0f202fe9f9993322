import { redact } from './redaction/redaction';

/** Characters of a target that an error shows. */
const MAX_SHOWN = 200;

/**
 * Where a redirect leads, as an error may show it: without query, fragment and user. Undefined where the answer
 * names no target.
 */
export function redirectTarget(headers: Record<string, string>): string | undefined {
	const shown = (headers.location ?? '')
		.trim()
		.replace(/[?#][\s\S]*$/, '')
		.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/@]*@/i, '$1//');
	return shown === '' ? undefined : redact(shown).slice(0, MAX_SHOWN);
}

/** Words of a web server that got http at a port for https. */
const PLAIN_AT_TLS =
	/plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server/i;

/** Whether an answer says that https is spoken at the address that was asked in plain http. */
export function wantsHttps(text: string): boolean {
	return PLAIN_AT_TLS.test(text);
}

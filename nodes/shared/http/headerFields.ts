/** Why a header cannot be sent. */
export interface HeaderProblem {
	name: string;
	/** `reserved` where the connection or the authorization sets it, else not what HTTP allows. */
	reason: 'reserved' | 'malformed';
}

/** What is said from one end of a connection to the other, and never passed on (RFC 9110, 7.6.1). */
const OF_CONNECTION: ReadonlySet<string> = new Set([
	'connection',
	'expect',
	'http2-settings',
	'keep-alive',
	'proxy-authenticate',
	'proxy-authorization',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/**
 * The first header that cannot be sent; those of the connection itself never can.
 *
 * @param reserved names in lower case that are set elsewhere: another value would send the
 *   authorization elsewhere, leave it out, or belie the body's length
 */
export function findHeaderProblem(
	headers: ReadonlyArray<readonly [name: string, value: string]>,
	reserved: ReadonlySet<string>,
): HeaderProblem | undefined {
	const taken = headers.find(([name]) => {
		const lower = name.toLowerCase();
		return reserved.has(lower) || OF_CONNECTION.has(lower);
	});
	if (taken) return { name: taken[0], reason: 'reserved' };
	// RFC 9110, 5.1 and 5.5; Node sends values as Latin-1.
	const malformed = headers.find(
		([name, value]) =>
			!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value),
	);
	return malformed && { name: malformed[0], reason: 'malformed' };
}

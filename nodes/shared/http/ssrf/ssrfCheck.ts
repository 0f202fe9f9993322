import { lookup as lookUpName, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

import { HttpTransportError } from '../transportError';
import type { SsrfPolicy } from './ssrfPolicy';

/**
 * Checks a target before a request, also one that goes through a proxy, as n8n does: a literal
 * address as it is, a name by every address that it has now.
 * @throws HttpTransportError HTTP_SSRF_BLOCKED; the error of the name's resolution.
 */
export async function checkTarget(policy: SsrfPolicy, target: URL): Promise<void> {
	const { hostname } = target;
	const literal = hostname.replace(/^\[(.*)\]$/, '$1');
	if (isIP(literal) !== 0) {
		if (policy.blocksAddress(literal)) throw blockedError(hostname);
		return;
	}
	await resolveChecked(policy, hostname, { all: true });
}

/**
 * Resolves the name of a connection and checks what comes, so that a name that changes its address
 * after `checkTarget` (rebinding) does not get through.
 */
export function checkedLookup(policy: SsrfPolicy): LookupFunction {
	return (hostname, options, done) => {
		resolveChecked(policy, hostname, options).then(
			(addresses) => {
				if (options.all === true) done(null, addresses);
				else done(null, addresses[0]?.address ?? '', addresses[0]?.family);
			},
			(error: NodeJS.ErrnoException) => done(error, options.all === true ? [] : ''),
		);
	};
}

async function resolveChecked(
	policy: SsrfPolicy,
	hostname: string,
	options: LookupOptions,
): Promise<LookupAddress[]> {
	const byName = policy.judgeName(hostname);
	if (byName === 'blocked') throw blockedError(hostname);
	const addresses = await resolve(hostname, options);
	const isBlocked =
		byName === 'byAddress' && addresses.some(({ address }) => policy.blocksAddress(address));
	if (isBlocked) throw blockedError(hostname);
	return addresses;
}

async function resolve(hostname: string, options: LookupOptions): Promise<LookupAddress[]> {
	return await new Promise((done, fail) => {
		lookUpName(hostname, { ...options, all: true }, (error, addresses) => {
			if (error === null) done(addresses);
			else fail(error);
		});
	});
}

function blockedError(hostname: string): HttpTransportError {
	return new HttpTransportError(
		'HTTP_SSRF_BLOCKED',
		`n8n's own protection does not allow connections to this server; nothing was sent: ${hostname} (SSRF protection).`,
		{
			kind: 'connect',
			requestSent: false,
			repair:
				'Check the address in the credential. If the server stands in your own network, have an ' +
				'administrator name it in N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.',
		},
	);
}

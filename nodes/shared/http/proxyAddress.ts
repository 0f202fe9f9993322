import { isLoopbackHost } from './targetUrl';
import { HttpTransportError } from './transportError';

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY (upper or lower case, read now)
 * name for a target; undefined for a direct connection. This machine is never asked through a proxy.
 * @throws HttpTransportError HTTP_INVALID_PROXY where the variable holds no http or https URL.
 */
export function proxyFor(target: URL): URL | undefined {
	if (isLoopbackHost(target.hostname)) return undefined;
	const { getProxyForUrl } = require('proxy-from-env') as typeof import('proxy-from-env');
	const address = getProxyForUrl(target.href);
	if (address === '') return undefined;
	const proxy = URL.canParse(address) ? new URL(address) : undefined;
	if (!proxy || (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')) {
		// The value itself may hold a password, so it is not shown.
		throw new HttpTransportError(
			'HTTP_INVALID_PROXY',
			'The proxy address in the environment is not complete: it has no http:// or https:// in front, or is no address.',
			{
				kind: 'connect',
				requestSent: false,
				repair:
					'Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY of the n8n process (for instance ' +
					'http://proxy.example:3128), or name the host in NO_PROXY.',
			},
		);
	}
	return proxy;
}

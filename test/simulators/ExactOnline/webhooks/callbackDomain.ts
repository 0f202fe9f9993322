/** How much of two names has to be equal. */
export type DomainRule = 'domain' | 'host' | 'any';

/** Names below which a country gives names to all. */
const SHARED = new Set(['co.uk', 'org.uk', 'com.tr', 'com.au', 'co.nz']);

/**
 * Whether a callback is where a redirect URI of the app is (docs/facts/exact-online.md 6).
 *
 * @param redirectUris those of the app
 */
export function isAtRedirect(
	callback: URL,
	redirectUris: readonly string[],
	rule: DomainRule,
): boolean {
	if (rule === 'any') return true;
	const hosts = redirectUris.flatMap((uri) => URL.parse(uri)?.hostname ?? []);
	if (rule === 'host') return hosts.includes(callback.hostname);
	return hosts.map(domain).includes(domain(callback.hostname));
}

function domain(host: string): string {
	if (/^[\d.]+$/.test(host) || host.startsWith('[')) return host;
	const parts = host.split('.');
	return parts.slice(SHARED.has(parts.slice(-2).join('.')) ? -3 : -2).join('.');
}

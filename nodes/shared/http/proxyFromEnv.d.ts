/** The library brings no types of its own. */
declare module 'proxy-from-env' {
	/** URL of the proxy that the environment names for a target, or an empty string. */
	export function getProxyForUrl(url: string): string;
}

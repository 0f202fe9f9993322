/** What takes an address, as typed, down to its host. The same steps stand in expressions of credentials. */
const HOST_STEPS: ReadonlyArray<[pattern: RegExp, replacement: string]> = [
	[/^https?:\/\//i, ''],
	[/[\\/?#][\s\S]*$/, ''],
	[/:\d*$/, ''],
];

/** A name, an IPv4 address, or an IPv6 address in brackets; nothing that a list of domains would read otherwise. */
const PLAIN_HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)$/;

/**
 * n8n compares the hosts of the HTTP Request node with what an expression of the credential gives, and
 * an expression has no `URL`. So an address is used only where the host that the expression reads is the
 * one that a request would go to: no other spelling of an IP address, no letters beyond ASCII.
 *
 * @param typed the address, with its scheme or without
 * @param url the same, as requests use it
 */
export function isHostAsTyped(typed: string, url: URL): boolean {
	const steps = HOST_STEPS.reduce((text, [from, to]) => text.replace(from, to), typed.trim());
	const host = steps.toLowerCase();
	return host === url.hostname && PLAIN_HOST.test(host);
}

/**
 * JavaScript for the host of an address, for an expression of a credential.
 * @param address JavaScript for the address, as typed and without blanks around it
 */
export function hostExpression(address: string): string {
	return `${replaced(address, HOST_STEPS)}.toLowerCase()`;
}

/** JavaScript for a text with patterns replaced, one after another. */
export function replaced(
	text: string,
	steps: ReadonlyArray<readonly [pattern: RegExp, replacement: string]>,
): string {
	return steps.reduce(
		(code, [from, to]) => `${code}.replace(${String(from)}, ${JSON.stringify(to)})`,
		text,
	);
}

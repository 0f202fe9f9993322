/** An address as an error may show it: without its query, which may hold a secret, and without a user name that stands in it. */
export function shownAddress(url: string): string {
	if (!URL.canParse(url)) return `"${url.slice(0, 80)}"`;
	const { origin, pathname } = new URL(url);
	return origin === 'null' ? `"${url.slice(0, 80)}"` : `${origin}${pathname}`;
}

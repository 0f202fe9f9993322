/** What an API path asks for, before anything is looked up. */
export interface ApiPath {
	/** Undefined for resources without a division (`current/…`). */
	division: number | undefined;
	/** e.g. `crm/Accounts`, `current/Me`. */
	endpoint: string;
	/** Text between the parentheses of a key, if there is one. */
	keyText: string | undefined;
	/** Field behind the key, as in `…(guid'…')/SalesInvoiceLines`. */
	navigation: string | undefined;
	/** True for `…/$count`. */
	count: boolean;
}

const PREFIX = '/api/v1/';

/** Addresses beside the REST API that take the bearer token, docs/facts/exact-online.md 4.8, 7.2. */
const PAGES = /^\/(docs\/[A-Za-z]+\.aspx)$/;

/** True for the pages below `/docs/`. */
export function isPage({ endpoint }: ApiPath): boolean {
	return endpoint.startsWith('docs/');
}

/**
 * Reads a decoded path below `/api/v1/` or `/docs/`; undefined if it has no sensible form.
 * @param query the pages name their division in it
 */
export function readApiPath(path: string, query: URLSearchParams): ApiPath | undefined {
	const page = PAGES.exec(path)?.[1];
	if (page !== undefined) {
		const code = query.get('_Division_') ?? '';
		const division = /^\d{1,9}$/.test(code) ? Number(code) : undefined;
		return { division, endpoint: page, keyText: undefined, navigation: undefined, count: false };
	}
	if (!path.startsWith(PREFIX)) return undefined;
	let rest = path.slice(PREFIX.length);
	let division: number | undefined;
	if (!rest.startsWith('current/')) {
		const parts = /^(beta\/)?(\d{1,9})\/(.+)$/.exec(rest);
		if (!parts?.[3] || parts[3].startsWith('beta/')) return undefined;
		division = Number(parts[2]);
		rest = `${parts[1] ?? ''}${parts[3]}`;
	}
	const count = rest.endsWith('/$count');
	if (count) rest = rest.slice(0, -'/$count'.length);
	const keyed = /^([^(]+)\((.*)\)(?:\/([A-Za-z0-9_]+))?$/.exec(rest);
	const endpoint = keyed?.[1] ?? rest;
	if (!/^[A-Za-z]+(?:\/[A-Za-z0-9_]+)+$/.test(endpoint)) return undefined;
	return { division, endpoint, keyText: keyed?.[2], navigation: keyed?.[3], count };
}

/** Absolute URL of a collection; the beta family stands before the division (docs/facts/exact-online.md 4.5). */
export function collectionUrl(
	origin: string,
	division: number | undefined,
	endpoint: string,
): string {
	const [, family = '', rest = endpoint] = /^(beta\/)(.+)$/.exec(endpoint) ?? [];
	const prefix = division === undefined ? '' : `${division}/`;
	return `${origin}${PREFIX}${family}${prefix}${rest}`;
}

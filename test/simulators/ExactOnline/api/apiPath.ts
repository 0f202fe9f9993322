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

/** Reads a decoded path below `/api/v1/`; undefined if it has no sensible form. */
export function readApiPath(path: string): ApiPath | undefined {
	if (!path.startsWith(PREFIX)) return undefined;
	let rest = path.slice(PREFIX.length);
	let division: number | undefined;
	if (!rest.startsWith('current/')) {
		const parts = /^(beta\/)?(\d{1,9})\/(.+)$/.exec(rest);
		if (!parts?.[3]) return undefined;
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

import { OTHER_BASE_URL, tokenUrl } from '../../nodes/ExactOnline/auth/regions';

/** What a person enters in a credential of Exact Online for a stand-in, as n8n stores it. */
export function enteredStandIn(url: string): Record<string, unknown> {
	const { hostname } = new URL(url);
	return { accessTokenUrl: OTHER_BASE_URL, baseUrl: url, allowedDomains: hostname };
}

/** What n8n stores where a service stands in for a region, which the field *Region* names by its address for tokens. */
export function chosenRegion(url: string): Record<string, unknown> {
	return { accessTokenUrl: tokenUrl(url), allowedDomains: new URL(url).hostname };
}

/** What n8n hands out for either. */
export function resolvedStandIn(url: string): Record<string, unknown> {
	return { accessTokenUrl: tokenUrl(url), baseUrl: url };
}

/** Fields as an earlier version had them, recorded where nothing was published, by their present names. */
export function presentFields<T extends Record<string, unknown>>(recorded: T): T {
	const { region, baseUrl, ...rest } = recorded;
	if (region !== 'custom') throw new Error(`The region ${String(region)} is no stand-in.`);
	return { ...rest, ...resolvedStandIn(String(baseUrl)) } as unknown as T;
}

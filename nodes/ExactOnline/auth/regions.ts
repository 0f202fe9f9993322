/** The regions of Exact Online by their names, each with its one host. */
export const REGIONS: ReadonlyArray<{ name: string; host: string; mostBehindMs?: number }> = [
	{ name: 'Belgium', host: 'start.exactonline.be' },
	{ name: 'France', host: 'start.exactonline.fr' },
	{ name: 'Germany', host: 'start.exactonline.de' },
	{ name: 'Netherlands', host: 'start.exactonline.nl' },
	{ name: 'Spain', host: 'start.exactonline.es' },
	{ name: 'United Kingdom', host: 'start.exactonline.co.uk' },
	{ name: 'United States', host: 'start.exactonline.com', mostBehindMs: 10 * 3_600_000 },
];

/**
 * By how much the times of a service may be behind those of Greenwich, in milliseconds. Those of Europe are Dutch times or those of
 * Greenwich (docs/facts/exact-online.md 4.2); of the American service no source says anything, so it may be on any American clock.
 * @param baseUrl origin of the service
 */
export function mostBehindMs(baseUrl: string): number {
	return REGIONS.find(({ host }) => baseUrl === `https://${host}`)?.mostBehindMs ?? 0;
}

/**
 * The address at which Exact Online issues tokens (docs/facts/exact-online.md 1.1).
 * @param origin scheme, host and port; empty for the path alone
 */
export function tokenUrl(origin: string): string {
	return `${origin}/api/oauth2/token`;
}

/**
 * The value of *Region* that stands for the field *Base URL*. n8n posts the code of Connect to what the field
 * of this name holds, so it is an expression where the regions are addresses. The editor shows it.
 */
export const OTHER_BASE_URL = `={{ $self["baseUrl"].replace(/\\/*\\s*$/, "${tokenUrl('')}") }}`;

/** JavaScript for the page where a user consents, for an expression of the credential, to which fields come unresolved. */
export const AUTHORIZATION_URL =
	'($self["accessTokenUrl"].startsWith("=") ? $self["baseUrl"] : $self["accessTokenUrl"])' +
	`.replace(/(\\/api\\/oauth2\\/token)?\\/*\\s*$/, "/api/oauth2/auth")`;

/** JavaScript for the origin of the service, where fields come resolved. */
export const RESOLVED_ORIGIN =
	'$credentials["accessTokenUrl"].replace(/\\/api\\/oauth2\\/token\\s*$/, "")';

import type { HttpResponse } from '../../shared/http';
import { isRecord, parseObject, serviceText } from '../../shared/http';
import { isLicenceExpiry } from './licenceExpiry';

/**
 * The text of a 401 that means "no free licence", in English and German, as JSON or inside HTML
 * (docs/facts/docuware.md 2.2).
 */
const LICENCE_REFUSAL = /None of the registered licen[cs]es|Keine der registrierten Lizenzen/i;

/**
 * The page that a server shows to a browser instead of answering 401 (docs/facts/docuware.md 2.2).
 */
const LOGIN_PAGE = /\/LoginRedirect|\/Account\/Logon|\/Login\b/i;

/** Whether an answer leads to the server's own login page, which means the same as 401. */
export function leadsToLogin({
	status,
	headers: { location = '' },
	url,
}: Pick<HttpResponse<unknown>, 'status' | 'headers' | 'url'>): boolean {
	const isPage = status === 302 && LOGIN_PAGE.test(location);
	return (
		isPage && URL.canParse(location, url) && new URL(location, url).origin === new URL(url).origin
	);
}

/** Whether the body of a 401 (or of a refused grant) says that no licence is free. */
export function isLicenceRefusal(body: string): boolean {
	return LICENCE_REFUSAL.test(body) && !isLicenceExpiry(body);
}

/**
 * The server's own words: `Message` of the error object (docs/facts/docuware.md 8.5), the
 * description of a token error, else the text of the body, secrets taken out.
 */
export function platformMessage(body: string, secrets: readonly string[] = []): string {
	const json = parseObject(body);
	const words = json?.Message ?? json?.error_description ?? json?.error;
	return serviceText(typeof words === 'string' ? words : body, secrets);
}

/** The service description in the answer of the Platform itself, which needs no log-on; undefined for any other answer. */
export function serviceDescription({
	status,
	body,
}: Pick<HttpResponse, 'status' | 'body'>): Record<string, unknown> | undefined {
	const description = status === 200 ? parseObject(body) : undefined;
	const isOne = typeof description?.Version === 'string' || linksOf(description).size > 0;
	return isOne ? description : undefined;
}

/** The first organization in the answer of `Organizations`; undefined where it holds none. */
export function firstOrganizationIn(body: string): Record<string, unknown> | undefined {
	return organizationList(body)[0];
}

/** The names of the organizations in the answer of `Organizations`. */
export function organizationsIn(body: string): string[] {
	return organizationList(body).flatMap(({ Name: name }) =>
		typeof name === 'string' ? [name] : [],
	);
}

function organizationList(body: string): Array<Record<string, unknown>> {
	const list = parseObject(body)?.Organization;
	return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** The links of a resource, by `rel` in lower case (docs/facts/docuware.md 1). */
export function linksOf(resource: Record<string, unknown> | undefined): Map<string, string> {
	const links = new Map<string, string>();
	if (!Array.isArray(resource?.Links)) return links;
	for (const link of resource.Links as unknown[]) {
		const { rel, href } = isRecord(link) ? link : {};
		if (typeof rel === 'string' && typeof href === 'string') links.set(rel.toLowerCase(), href);
	}
	return links;
}

/**
 * The scheme of a log-in that a proxy or web server before DocuWare asks for with a 401; undefined where DocuWare
 * itself refuses: it says so in its error object or on its own page (docs/facts/docuware.md 2.2, 8.5).
 * @param own schemes that DocuWare may name itself, in lower case
 */
export function foreignLogIn(
	{ status, headers, body }: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
	own: readonly string[] = ['bearer'],
): string | undefined {
	const scheme = status === 401 ? askedScheme(headers) : undefined;
	if (scheme === undefined || own.includes(scheme.toLowerCase())) return undefined;
	return isOwnRefusal(body) ? undefined : scheme;
}

/** What stands on DocuWare's page of a 401, and in its error object as XML. */
const OWN_MARKUP = /LoginRedirect|<Message>\s*[^\s<]/i;

/** Whether the body of a refusal is DocuWare's own: its page, or its error object. Any proxy has a text or a page. */
export function isOwnRefusal(body: string): boolean {
	const words = parseObject(body)?.Message;
	return typeof words === 'string' ? words.trim() !== '' : OWN_MARKUP.test(body);
}

/** The scheme of a log-in that a web server asks for; DocuWare itself asks for none of these. */
export function askedScheme(headers: Record<string, string>): string | undefined {
	return /^[\w-]{1,20}/.exec(headers['www-authenticate'] ?? '')?.[0];
}

/**
 * Whether the answer to a change holds nothing, as of a server that has made it and says no more: no body, or a bare
 * `null` or `true`. A web page is something else, as of a proxy that answers in place of DocuWare.
 */
export function saysNothing(body: string): boolean {
	return /^\s*(?:null|true|"")?\s*$/i.test(body);
}

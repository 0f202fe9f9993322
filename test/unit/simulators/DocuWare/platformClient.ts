import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';

/** An answer, read whole. */
export interface ReadAnswer {
	status: number;
	headers: Headers;
	/** `Set-Cookie` lines in order. */
	setCookies: string[];
	text: string;
	/** The body as JSON; throws when it is none. */
	json: () => unknown;
}

/** Sends one request without following redirects. */
export async function send(
	url: string,
	options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<ReadAnswer> {
	const response = await fetch(url, { redirect: 'manual', ...options });
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		setCookies: response.headers.getSetCookie(),
		text,
		json: () => JSON.parse(text) as unknown,
	};
}

const userAgent = 'unit-test/1.0';

/** Sends a request to the platform that asks for JSON; `path` stands below `/DocuWare/Platform`. */
export async function callPlatform(
	simulator: DocuWareSimulator,
	method: string,
	path: string,
	options: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<ReadAnswer> {
	return await send(`${simulator.url}/DocuWare/Platform${path === '' ? '' : `/${path}`}`, {
		method,
		headers: { accept: 'application/json', 'user-agent': userAgent, ...options.headers },
		...(options.body === undefined ? {} : { body: options.body }),
	});
}

/** Posts a form to the platform. */
export async function postForm(
	simulator: DocuWareSimulator,
	path: string,
	fields: Record<string, string>,
	headers: Record<string, string> = {},
): Promise<ReadAnswer> {
	return await callPlatform(simulator, 'POST', path, {
		headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
		body: new URLSearchParams(fields).toString(),
	});
}

/** The user of the default world that most tests sign in. */
export const apiUser = { UserName: 'api', Password: 'P&ters+Müller 100%' };

/** Logs `api` on. */
export async function logOn(
	simulator: DocuWareSimulator,
	fields: Record<string, string> = {},
	headers: Record<string, string> = {},
): Promise<ReadAnswer> {
	return await postForm(simulator, 'Account/Logon', { ...apiUser, ...fields }, headers);
}

/** The `Cookie` header that a careful client makes of an answer: last non-empty value per name. */
export function cookiesOf(answer: ReadAnswer): string {
	const jar = new Map<string, string>();
	for (const line of answer.setCookies) {
		const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
		if (value !== '') jar.set(name, value);
	}
	return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** Asks for a login token with a session. */
export async function makeLoginToken(
	simulator: DocuWareSimulator,
	cookie: string,
	description: object = {},
	headers: Record<string, string> = {},
	path = 'Organization/LoginToken',
): Promise<ReadAnswer> {
	return await callPlatform(simulator, 'POST', path, {
		headers: { 'content-type': 'application/json', accept: 'text/plain', cookie, ...headers },
		body: JSON.stringify({
			TargetProducts: ['PlatformService'],
			Usage: 'Multi',
			Lifetime: '1.00:00:00',
			...description,
		}),
	});
}

/** Posts a form to the token endpoint. */
export async function requestToken(
	simulator: DocuWareSimulator,
	fields: Record<string, string>,
	headers: Record<string, string> = {},
): Promise<ReadAnswer & { body: Record<string, unknown> }> {
	const answer = await send(`${simulator.identityUrl}/connect/token`, {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
		body: new URLSearchParams(fields).toString(),
	});
	return { ...answer, body: JSON.parse(answer.text) as Record<string, unknown> };
}

/** Fields of a grant with the built-in client. */
export const builtIn = { client_id: 'docuware.platform.net.client', scope: 'docuware.platform' };

/** Fields of the password grant of `api`. */
export const passwordGrant = {
	...builtIn,
	grant_type: 'password',
	username: apiUser.UserName,
	password: apiUser.Password,
};

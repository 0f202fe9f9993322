import { ConnectorError } from '../../../shared/errors';
import type { HttpResponse } from '../../../shared/http';
import { parseObject, send } from '../../../shared/http';
import type { Identity, TokenClient } from '../../../shared/tokenChain/types';
import { docuWareError } from '../../platform/docuWareErrors';
import type { TokenIssuer } from './signedToken';
import { readSignedToken, unverifiedClaims } from './signedToken';

const REQUEST_LIMIT_MS = 30_000;

/** How a service answers that has no userinfo, or none for this token. */
const NO_USERINFO = [400, 403, 404, 405, 410, 501];

/**
 * Whose token this is, by the service's own word alone (docs/architecture.md, rule 10): `sub` of
 * `connect/userinfo`, or, where the service has none, of the token itself if the service has signed it
 * (docs/facts/docuware.md 5.2). What stands in a token that nobody has checked is a claim, and n8n lets
 * anybody write it.
 *
 * @throws ConnectorError DOCUWARE_IDENTITY_UNAVAILABLE (retryable) where nobody tells;
 * DOCUWARE_NOT_CONNECTED where the token was made for another app; HTTP_*.
 */
export async function whoAmI(
	client: TokenClient,
	accessToken: string,
): Promise<Identity | 'unauthorized'> {
	refuseOtherApp(client, unverifiedClaims(accessToken));
	const answer = await get(client, `${client.host}/connect/userinfo`, accessToken);
	if (answer.status === 401) return 'unauthorized';
	const info = answer.status === 200 ? parseObject(answer.body) : undefined;
	if (hasSubject(info)) return identityFrom(info);
	if (!NO_USERINFO.includes(answer.status)) throw unavailable(answer.status);
	return await signedIdentity(client, accessToken, answer.status);
}

async function signedIdentity(
	client: TokenClient,
	accessToken: string,
	status: number,
): Promise<Identity | 'unauthorized'> {
	const issuer = await askIssuer(client);
	const read = issuer && readSignedToken(accessToken, issuer, Date.now());
	if (read === undefined) throw unavailable(status);
	if (read.kind !== 'valid') return 'unauthorized';
	if (!hasSubject(read.claims)) throw unavailable(status);
	return identityFrom(read.claims);
}

/** Issuer and keys as the service publishes them; keys of another host are nobody's word. */
async function askIssuer(client: TokenClient): Promise<TokenIssuer | undefined> {
	const discovery = await get(client, `${client.host}/.well-known/openid-configuration`);
	const { issuer, jwks_uri: address } = parseObject(discovery.body) ?? {};
	if (typeof issuer !== 'string' || typeof address !== 'string') return undefined;
	if (!URL.canParse(address) || new URL(address).origin !== new URL(client.host).origin) {
		return undefined;
	}
	const keys = parseObject((await get(client, address)).body)?.keys;
	return keys === undefined ? undefined : { issuer, keys };
}

async function get(
	{ ignoreSslIssues, allowHttp }: TokenClient,
	url: string,
	accessToken?: string,
): Promise<HttpResponse> {
	return await send({
		method: 'GET',
		url,
		headers: {
			Accept: 'application/json',
			...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }),
		},
		timeoutMs: REQUEST_LIMIT_MS,
		ignoreSslIssues,
		allowHttp,
	});
}

function hasSubject(
	claims: Record<string, unknown> | undefined,
): claims is Record<string, unknown> & { sub: string } {
	return typeof claims?.sub === 'string' && claims.sub !== '';
}

function identityFrom(claims: Record<string, unknown> & { sub: string }): Identity {
	const name = claims.username ?? claims.preferred_username ?? claims.name;
	return {
		userId: claims.sub.toLowerCase(),
		userName: typeof name === 'string' ? name : null,
	};
}

/** A claim can do no harm where it makes things harder. */
function refuseOtherApp(
	{ clientId }: TokenClient,
	claims: Record<string, unknown> | undefined,
): void {
	const app = claims?.client_id;
	if (typeof app !== 'string' || app === clientId) return;
	throw docuWareError(
		'DOCUWARE_NOT_CONNECTED',
		'The authorization in the DocuWare OAuth2 credential was made for another app than its Client ID names.',
		'Open the credential, check Client ID, and press Connect to log in again.',
	);
}

function unavailable(status: number): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_IDENTITY_UNAVAILABLE',
		`The DocuWare Identity Service did not say whose authorization this is (HTTP ${status}).`,
		{
			repair: 'Run again. If this repeats, check that the app registration has the scope openid.',
			retryable: true,
			httpStatus: status,
		},
	);
}

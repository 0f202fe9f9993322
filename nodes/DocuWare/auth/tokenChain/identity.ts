import { ConnectorError } from '../../../shared/errors';
import type { HttpResponse } from '../../../shared/http';
import { parseObject, send } from '../../../shared/http';
import { oneClientId } from '../../../shared/tokenChain/identityKey';
import type { Identity, TokenClient } from '../../../shared/tokenChain/types';
import { docuWareError } from '../../platform/docuWareErrors';
import type { TokenIssuer } from './signedToken';
import { readSignedToken, unverifiedClaims } from './signedToken';

const REQUEST_LIMIT_MS = 30_000;

/** How a service answers that has no userinfo, or none for this token. */
const NO_USERINFO = [400, 403, 404, 405, 410, 501];

/**
 * Whose token this is, by the service's own word alone (docs/architecture.md, rule 10): `sub` of its
 * userinfo, at the address that its discovery document names or at `connect/userinfo`; or, where the service
 * has none, of the token itself if the service has signed it (docs/facts/docuware.md 5.2). What stands in a
 * token that nobody has checked is a claim, and n8n lets anybody write it.
 *
 * @throws ConnectorError DOCUWARE_IDENTITY_UNAVAILABLE (retryable) where nobody tells;
 * DOCUWARE_NOT_CONNECTED where the token was made for another app; HTTP_*.
 */
export async function whoAmI(
	client: TokenClient,
	accessToken: string,
): Promise<Identity | 'unauthorized'> {
	refuseOtherApp(client, unverifiedClaims(accessToken));
	const described = await describe(client);
	const named = ownAddress(client, described?.userinfo_endpoint);
	const answer = await get(client, named ?? `${client.host}/connect/userinfo`, accessToken);
	if (answer.status === 401) return 'unauthorized';
	const info = answer.status === 200 ? parseObject(answer.body) : undefined;
	if (hasSubject(info)) return identityFrom(info);
	if (!NO_USERINFO.includes(answer.status)) throw unavailable(answer.status);
	const issuer = described && (await askIssuer(client, described));
	return signedIdentity(accessToken, issuer, answer.status);
}

function signedIdentity(
	accessToken: string,
	issuer: TokenIssuer | undefined,
	status: number,
): Identity | 'unauthorized' {
	const read = issuer && readSignedToken(accessToken, issuer, Date.now());
	if (read === undefined) throw unavailable(status);
	if (read.kind !== 'valid') return 'unauthorized';
	if (!hasSubject(read.claims)) throw unavailable(status);
	return identityFrom(read.claims);
}

/** How the service describes itself; undefined where it does not. */
async function describe(client: TokenClient): Promise<Record<string, unknown> | undefined> {
	const url = `${client.host}/.well-known/openid-configuration`;
	const answer = await get(client, url).catch(() => undefined);
	return answer?.status === 200 ? parseObject(answer.body) : undefined;
}

/** An address of the service itself: what is said at another host is nobody's word, and gets no token. */
function ownAddress({ host }: TokenClient, address: unknown): string | undefined {
	if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
	return new URL(address).origin === new URL(host).origin ? address : undefined;
}

/** Issuer and keys as the service publishes them. */
async function askIssuer(
	client: TokenClient,
	{ issuer, jwks_uri: jwksUri }: Record<string, unknown>,
): Promise<TokenIssuer | undefined> {
	const address = ownAddress(client, jwksUri);
	if (typeof issuer !== 'string' || address === undefined) return undefined;
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
	if (typeof app !== 'string' || oneClientId(app) === oneClientId(clientId)) return;
	throw docuWareError(
		'DOCUWARE_NOT_CONNECTED',
		'The log-in in the DocuWare OAuth2 credential was made for another app than its Client ID names.',
		'Open the credential, check Client ID, and press Connect to log in again.',
	);
}

function unavailable(status: number): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_IDENTITY_UNAVAILABLE',
		`DocuWare did not say whose log-in this is: its Identity Service answered HTTP ${status}.`,
		{
			repair: 'Run again. If this repeats, check that the app registration has the scope openid.',
			retryable: true,
			httpStatus: status,
		},
	);
}

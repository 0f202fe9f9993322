import { ConnectorError } from '../../../shared/errors';
import { parseObject, send } from '../../../shared/http';
import type { Identity, TokenClient } from '../../../shared/tokenChain/types';

const REQUEST_LIMIT_MS = 30_000;

/**
 * Whose token this is: `sub` of the access token, which is a JWT (docs/facts/docuware.md 5.2), else of
 * `connect/userinfo`. The token came from the service itself, so its signature tells nothing more.
 *
 * @throws ConnectorError DOCUWARE_IDENTITY_UNAVAILABLE (retryable) where nobody tells.
 */
export async function whoAmI(
	client: TokenClient,
	accessToken: string,
): Promise<Identity | 'unauthorized'> {
	const claims = claimsOf(accessToken);
	if (typeof claims?.sub === 'string' && claims.sub !== '') return identityFrom(claims);
	const answer = await send({
		method: 'GET',
		url: `${client.host}/connect/userinfo`,
		headers: { Accept: 'application/json', Authorization: `Bearer ${accessToken}` },
		timeoutMs: REQUEST_LIMIT_MS,
		ignoreSslIssues: client.ignoreSslIssues,
		allowHttp: client.allowHttp,
	});
	if (answer.status === 401) return 'unauthorized';
	const info = parseObject(answer.body);
	if (answer.status === 200 && typeof info?.sub === 'string' && info.sub !== '') {
		return identityFrom(info);
	}
	throw new ConnectorError(
		'DOCUWARE_IDENTITY_UNAVAILABLE',
		`The DocuWare Identity Service did not say whose authorization this is (HTTP ${answer.status}).`,
		{
			repair: 'Run again. If this repeats, check that the app registration has the scope openid.',
			retryable: true,
			httpStatus: answer.status,
		},
	);
}

function identityFrom(claims: Record<string, unknown>): Identity {
	const name = claims.username ?? claims.preferred_username ?? claims.name;
	return {
		userId: String(claims.sub).toLowerCase(),
		userName: typeof name === 'string' ? name : null,
	};
}

function claimsOf(accessToken: string): Record<string, unknown> | undefined {
	const payload = accessToken.split('.')[1];
	return payload === undefined
		? undefined
		: parseObject(Buffer.from(payload, 'base64url').toString('utf8'));
}

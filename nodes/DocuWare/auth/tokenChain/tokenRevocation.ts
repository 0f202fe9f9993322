import { passOn } from '../../../shared/errors';
import { parseObject, postForm, send } from '../../../shared/http';
import type { TokenClient, TokenPair } from '../../../shared/tokenChain/types';
import { docuWareError } from '../../platform/docuWareErrors';

const REQUEST_LIMIT_MS = 30_000;

/** How a service answers that has no such document. */
const ABSENT = [404, 405, 410, 501];

/**
 * Has the Identity Service take a refresh token back, at the `revocation_endpoint` that it announces
 * (docs/facts/docuware.md 5.1; RFC 7009). Access tokens that are out end by themselves.
 * @returns false where it announces none
 * @throws ConnectorError DOCUWARE_REVOCATION_FAILED
 */
export async function revokeTokens(client: TokenClient, pair: TokenPair): Promise<boolean> {
	try {
		const endpoint = await askEndpoint(client);
		if (endpoint === undefined) return false;
		await post(client, endpoint, pair.refreshToken);
		return true;
	} catch (error) {
		if (!(error instanceof Error)) passOn(error);
		throw docuWareError(
			'DOCUWARE_REVOCATION_FAILED',
			`DocuWare did not confirm that the log-in has ended: ${error.message}`,
			'Run Session > Forget again, or set Force to forget it all the same: the token then ends ' +
				'at the service by itself.',
			{ retryable: true, cause: error },
		);
	}
}

async function askEndpoint(client: TokenClient): Promise<string | undefined> {
	const { status, body } = await send({
		method: 'GET',
		url: `${client.host}/.well-known/openid-configuration`,
		headers: { Accept: 'application/json' },
		timeoutMs: REQUEST_LIMIT_MS,
		...permissions(client),
	});
	if (ABSENT.includes(status)) return undefined;
	if (status !== 200) throw new Error(`its description was answered with HTTP ${status}.`);
	const address = parseObject(body)?.revocation_endpoint;
	if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
	// A secret goes to the service's own origin alone.
	return new URL(address).origin === new URL(client.host).origin ? address : undefined;
}

async function post(client: TokenClient, url: string, refreshToken: string): Promise<void> {
	const { response } = await postForm({
		url,
		fields: {
			token: refreshToken,
			token_type_hint: 'refresh_token',
			client_id: client.clientId,
			...(client.clientSecret === '' ? {} : { client_secret: client.clientSecret }),
		},
		timeoutMs: REQUEST_LIMIT_MS,
		...permissions(client),
	});
	if (response.status !== 200) throw new Error(`the answer was HTTP ${response.status}.`);
}

function permissions({ ignoreSslIssues, allowHttp }: TokenClient) {
	return { ignoreSslIssues, allowHttp };
}

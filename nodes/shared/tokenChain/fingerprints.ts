import type { Vault } from '../vault/vault';
import { oneSpelling } from './identityKey';
import type { Authorization, TokenClient } from './types';

/**
 * Keyed digest of an authorization: host, client id and the refresh token that Connect brought. Written otherwise it is
 * the same, or that token, which was spent long ago, would be spent again.
 */
export function authorizationFingerprint({ sealer }: Vault, authorization: Authorization): string {
	const { host, clientId } = oneSpelling(authorization);
	return sealer.fingerprint('authorization', host, clientId, authorization.pair.refreshToken);
}

/**
 * Keyed digest of app and client secret, as they are sent: what a proof and a refusal of the service are bound to. A
 * client id that is written otherwise is another one here, since the service may refuse one spelling alone.
 */
export function secretFingerprint({ sealer }: Vault, client: TokenClient): string {
	return sealer.fingerprint('client secret', client.host, client.clientId, client.clientSecret);
}

/** Keyed digest of a refresh token, as the log of attempts and the rivals name it. */
export function refreshTokenFingerprint({ sealer }: Vault, refreshToken: string): string {
	return sealer.fingerprint('refresh token', refreshToken);
}

/** An authorization as one credential presents it: what is remembered of it holds for no other. */
export function presentationKey(vault: Vault, authorization: Authorization): string {
	const known = presentationKeys.get(authorization);
	const { fingerprintMark: mark } = vault.sealer;
	if (known?.mark === mark) return known.key;
	const { credentialId, instanceId } = authorization.presenter;
	const key = JSON.stringify([
		authorizationFingerprint(vault, authorization),
		secretFingerprint(vault, authorization),
		credentialId,
		instanceId,
	]);
	presentationKeys.set(authorization, { mark, key });
	return key;
}

/** Asked for with each request, of an authorization that nobody changes; under one key of the digests. */
const presentationKeys = new WeakMap<Authorization, { mark: object; key: string }>();

import { chainLife } from '../../../shared/tokenChain/chainLife';
import { TokenChain } from '../../../shared/tokenChain/tokenChain';
import type { ChainPolicy } from '../../../shared/tokenChain/types';
import { declareRecordLife } from '../../../shared/vault/rows/recordLives';
import { openVault } from '../../../shared/vault/place/openVault';
import { docuWareChainErrors } from './chainErrors';
import { whoAmI } from './identity';
import { requestTokens } from './tokenEndpoint';
import { revokeTokens } from './tokenRevocation';

/** No refresh token lives longer (docs/facts/docuware.md 5.3), in milliseconds. */
const LONGEST_LIFE_MS = 90 * 24 * 60 * 60 * 1000;

declareRecordLife('docuwareOAuth2', chainLife(LONGEST_LIFE_MS, 'DOCUWARE_REFRESH_TOKEN_REFUSED'));

/**
 * DocuWare's rules (docs/facts/docuware.md 5.3): a refresh is allowed at any time and rotates the
 * refresh token; access tokens live 30, 60 or 90 minutes.
 */
export const docuWareChainPolicy: ChainPolicy = {
	service: 'docuwareOAuth2',
	windowStart: 0,
	refreshFrom: 0.9,
	idleMs: LONGEST_LIFE_MS,
	defaultLifeMs: 3_600_000,
	sideBySide: true,
	requestTokens,
	revokeTokens,
	whoAmI,
	errors: docuWareChainErrors,
};

/**
 * The token chains of DocuWare's app registrations, on the vault of this n8n.
 * @throws ConnectorError with a VAULT_* code.
 */
export async function docuWareTokenChain(): Promise<TokenChain> {
	// Credentials may share an identity here, so nobody is ever told about an owner.
	return new TokenChain(await openVault(), docuWareChainPolicy, {
		ownerAlways: true,
		ownerFromHook: true,
	});
}

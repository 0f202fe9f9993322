import { chainLife } from '../../shared/tokenChain/chainLife';
import { TokenChain } from '../../shared/tokenChain/tokenChain';
import type { ChainPolicy } from '../../shared/tokenChain/types';
import { isSwitchedOn, VAULT_VARIABLE } from '../../shared/process/environment';
import { declareRecordLife } from '../../shared/vault/rows/recordLives';
import { openVault } from '../../shared/vault/place/openVault';
import { exactChainErrors } from './chainErrors';
import { whoAmI } from './identity';
import { requestTokens } from './tokenEndpoint';

/** Hides credential names from people who share one vault but not one n8n. */
const HIDE_OWNER_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_HIDE_OWNER';

/** A refresh token lapses after 30 days without use (docs/facts/exact-online.md 1.4), in milliseconds. */
export const IDLE_EXPIRY_MS = 30 * 24 * 60 * 60 * 1000;

declareRecordLife('exactonline', chainLife(IDLE_EXPIRY_MS, 'EXACT_REFRESH_TOKEN_EXPIRED'));

/**
 * Exact Online's rules (docs/facts/exact-online.md 1.4): an access token lives 600 s and may be renewed
 * from 570 s on. Both are derived from `expires_in`, so that a stand-in may use shorter lives.
 */
export const exactChainPolicy: ChainPolicy = {
	service: 'exactonline',
	windowStart: 0.95,
	refreshFrom: 0.95,
	idleMs: IDLE_EXPIRY_MS,
	defaultLifeMs: 600_000,
	issuedCode: 'EXACT_OLD_REFRESH_TOKEN',
	sideBySide: false,
	requestTokens,
	whoAmI,
	errors: exactChainErrors,
};

/**
 * The token chains of Exact Online, on the vault of this n8n.
 * @throws ConnectorError with a VAULT_* code.
 */
export async function exactTokenChain(): Promise<TokenChain> {
	return new TokenChain(await openVault(), exactChainPolicy, {
		ownerAlways: isSwitchedOn(process.env[HIDE_OWNER_VARIABLE]),
		// A vault that was named on purpose may be shared by several instances.
		ownerFromHook: (process.env[VAULT_VARIABLE] ?? '') !== '',
	});
}

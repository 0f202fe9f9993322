import { TokenChain } from '../../shared/tokenChain/tokenChain';
import { VAULT_VARIABLE } from '../../shared/vault/place/location';
import { openVault } from '../../shared/vault/place/openVault';
import { exactChainPolicy } from './chainPolicy';

/** Hides credential names from people who share one vault but not one n8n. */
const HIDE_OWNER_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_HIDE_OWNER';

/**
 * The token chains of Exact Online, on the vault of this n8n.
 * @throws ConnectorError with a VAULT_* code.
 */
export async function exactTokenChain(): Promise<TokenChain> {
	return new TokenChain(await openVault(), exactChainPolicy, {
		ownerAlways: isOn(process.env[HIDE_OWNER_VARIABLE]),
		// A vault that was named on purpose may be shared by several instances.
		ownerFromHook: (process.env[VAULT_VARIABLE] ?? '') !== '',
	});
}

function isOn(value: string | undefined): boolean {
	return value !== undefined && /^(1|true|yes|on)$/i.test(value.trim());
}

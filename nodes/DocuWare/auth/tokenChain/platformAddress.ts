import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { authorizationFingerprint } from '../../../shared/tokenChain/fingerprints';
import type { Authorization } from '../../../shared/tokenChain/types';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { compareAndSetItem, itemLock, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError } from '../../platform/docuWareErrors';
import type { ServerAddress } from '../../platform/serverAddress';

const SCOPE = itemScope('docuWareTokenAddress', 86_400_000, { withAuthorization: true });

/** So many authorizations are remembered without asking the vault. */
const MOST_REMEMBERED = 500;

/**
 * Sees to it that the tokens of an authorization go to one DocuWare server only, the one that its
 * credential named when it was first used (docs/architecture.md, rule 10): n8n lets anybody who may
 * change a credential name another server in it, and a token sent there is gone. Two spellings of one
 * address are one.
 *
 * @throws ConnectorError DOCUWARE_ADDRESS_CHANGED; VAULT_*
 */
export async function confirmPlatformAddress(
	vault: Vault,
	authorization: Authorization,
	{ baseUrl }: ServerAddress,
): Promise<void> {
	const fingerprint = authorizationFingerprint(vault, authorization);
	const key = `${vault.vaultId}|${fingerprint}`;
	const address = baseUrl.toLowerCase();
	const registered = memory().get(key) ?? (await register(vault, fingerprint, address));
	rememberLatest(memory(), key, registered, MOST_REMEMBERED);
	if (registered === address) return;
	throw docuWareError(
		'DOCUWARE_ADDRESS_CHANGED',
		`The authorization in this DocuWare OAuth2 credential was given for ${registered}, not for ${address}; ` +
			'its token is not sent there.',
		'If the server has a new address, open the credential and press Connect to log in again. Else ' +
			'correct Server in the credential.',
	);
}

async function register(vault: Vault, fingerprint: string, address: string): Promise<string> {
	const known = await vault.read(() => readItem(SCOPE, fingerprint));
	if (known !== undefined) return known.value;
	const rows = function* (): SqlTransaction<string> {
		yield* compareAndSetItem(SCOPE, fingerprint, address, 0);
		return (yield* readItem(SCOPE, fingerprint))?.value ?? address;
	};
	return await vault.write(rows, { lock: itemLock(SCOPE, fingerprint) });
}

/** An address never changes once it is registered. */
function memory(): Map<string, string> {
	return processState('docuWareTokenAddresses1', () => new Map<string, string>());
}

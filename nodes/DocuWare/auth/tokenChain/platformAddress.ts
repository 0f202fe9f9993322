import type { Pauses } from '../../../shared/process/pauses';
import { isPaused, pauseFor } from '../../../shared/process/pauses';
import { presentMeanwhile } from '../../../shared/process/presentMeanwhile';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { singleFlight } from '../../../shared/process/singleFlight';
import { authorizationFingerprint } from '../../../shared/tokenChain/fingerprints';
import type { Authorization } from '../../../shared/tokenChain/types';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { compareAndSetItem, itemLock, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { isVaultTrouble } from '../../../shared/vault/vaultErrors';
import { docuWareError } from '../../platform/docuWareErrors';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';
import { probeSession } from '../wire/sessionProbe';

const SCOPE = itemScope('docuWareTokenAddress', 86_400_000, { withAuthorization: true });

/** The server is given so long for its word, in milliseconds. */
const ASK_LIMIT_MS = 5_000;

/** So long a server that has not taken the token is not asked again, in milliseconds. */
const ASK_PAUSE_MS = 60_000;

/** So long the vault is not asked again whether an address is registered, in milliseconds. */
const NONE_PAUSE_MS = 60_000;

/** Stands for an address where none is registered. */
const NONE = '';

/** So many authorizations are remembered without asking the vault. */
const MOST_REMEMBERED = 500;

/**
 * Sees to it that the tokens of an authorization go to one DocuWare server only, the one that has taken a
 * token of it first (docs/architecture.md, rule 10): n8n lets anybody who may change a credential name
 * another server in it, and a token sent there is gone. Two spellings of one address are one.
 * Where none is registered, that is believed of this address for a minute, and beyond it as long as the store is
 * away or silent: tokens have gone there already.
 *
 * @throws ConnectorError DOCUWARE_ADDRESS_CHANGED; VAULT_*
 */
export async function confirmPlatformAddress(
	vault: Vault,
	authorization: Authorization,
	{ baseUrl }: ServerAddress,
): Promise<void> {
	const address = baseUrl.toLowerCase();
	const registered = await registeredAddress(vault, authorization, address);
	if (registered === NONE || registered === address) return;
	throw docuWareError(
		'DOCUWARE_ADDRESS_CHANGED',
		'The log-in in this DocuWare OAuth2 credential was made for another server, so it is not sent to this one: ' +
			`${registered}, not ${address}.`,
		'If the server has a new address, open the credential and press Connect to log in again. Else ' +
			'correct Server in the credential.',
	);
}

/**
 * Has the server that a token was sent to prove that it takes tokens of this authorization: it is the one that
 * they belong to from now on. A wrong address, which takes none or shows the same to everybody, binds nobody.
 * Asked as long as no server is known, at most once a minute. Nobody waits longer than half a second for that.
 * Never throws.
 */
export async function learnPlatformAddress(
	vault: Vault,
	authorization: Authorization,
	connection: ServerConnection,
	accessToken: string,
): Promise<void> {
	const key = keyOf(vault, authorization);
	if (memory().has(key)) return;
	const question = `${key}|${connection.address.baseUrl}`;
	if (isPaused(askedServers(), question)) return;
	const flight = `docuware address|${question}`;
	const learnt = singleFlight(flight, async () => {
		const credential = { kind: 'bearer', accessToken } as const;
		const limit = AbortSignal.timeout(ASK_LIMIT_MS);
		if ((await probeSession(vault, connection, credential, limit)) === 'alive') {
			await register(vault, authorization, connection.address).catch(() => undefined);
		}
		pauseFor(askedServers(), question, ASK_PAUSE_MS, MOST_REMEMBERED);
		return true;
	});
	await presentMeanwhile(flight, learnt, { present: () => true, excuses: () => true });
}

async function registeredAddress(
	vault: Vault,
	authorization: Authorization,
	address: string,
): Promise<string> {
	const key = keyOf(vault, authorization);
	const remembered = memory().get(key);
	if (remembered !== undefined) return remembered;
	const question = `${key}|${address}`;
	if (isPaused(unregistered(), question)) return NONE;
	const flight = `docuware address of|${question}`;
	const asked = singleFlight(flight, async () => {
		const fingerprint = authorizationFingerprint(vault, authorization);
		const registered = (await vault.read(() => readItem(SCOPE, fingerprint)))?.value;
		if (registered !== undefined) rememberLatest(memory(), key, registered, MOST_REMEMBERED);
		else pauseFor(unregistered(), question, NONE_PAUSE_MS, MOST_REMEMBERED);
		return registered ?? NONE;
	});
	const present = () => (unregistered().has(question) ? NONE : undefined);
	return await presentMeanwhile(flight, asked, { present, excuses: isVaultTrouble });
}

/** The one that stands counts: somebody else may have been faster. */
async function register(
	vault: Vault,
	authorization: Authorization,
	{ baseUrl }: ServerAddress,
): Promise<void> {
	const address = baseUrl.toLowerCase();
	const fingerprint = authorizationFingerprint(vault, authorization);
	const rows = function* (): SqlTransaction<string> {
		yield* compareAndSetItem(SCOPE, fingerprint, address, 0);
		return (yield* readItem(SCOPE, fingerprint))?.value ?? address;
	};
	const registered = await vault.write(rows, { lock: itemLock(SCOPE, fingerprint) });
	rememberLatest(memory(), keyOf(vault, authorization), registered, MOST_REMEMBERED);
}

function keyOf(vault: Vault, authorization: Authorization): string {
	return `${vault.vaultId}|${authorizationFingerprint(vault, authorization)}`;
}

/** By authorization and address: that server is not asked again. */
function askedServers(): Pauses {
	return processState('docuWareAddressPauses1', () => new Map<string, number>());
}

/** By authorization and address: no address was registered, and the vault is not asked again. */
function unregistered(): Pauses {
	return processState('docuWareUnboundAddresses1', () => new Map<string, number>());
}

/** An address never changes once it is registered. */
function memory(): Map<string, string> {
	return processState('docuWareTokenAddresses1', () => new Map<string, string>());
}

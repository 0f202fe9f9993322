import type { HttpResponse } from '../../../shared/http';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { singleFlight } from '../../../shared/process/singleFlight';
import { authorizationFingerprint } from '../../../shared/tokenChain/fingerprints';
import type { Authorization } from '../../../shared/tokenChain/types';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { compareAndSetItem, itemLock, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError } from '../../platform/docuWareErrors';
import { platformSend } from '../../platform/platformRequest';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';

const SCOPE = itemScope('docuWareTokenAddress', 86_400_000, { withAuthorization: true });

/** n8n's HTTP Request node waits so long for the server's word, in milliseconds. */
const ASK_LIMIT_MS = 5_000;

/** So long a server that has not taken the token is not asked again, in milliseconds. */
const ASK_PAUSE_MS = 60_000;

/** So many authorizations are remembered without asking the vault. */
const MOST_REMEMBERED = 500;

/**
 * Sees to it that the tokens of an authorization go to one DocuWare server only, the one that has taken a
 * token of it first (docs/architecture.md, rule 10): n8n lets anybody who may change a credential name
 * another server in it, and a token sent there is gone. Two spellings of one address are one.
 *
 * @throws ConnectorError DOCUWARE_ADDRESS_CHANGED; VAULT_*
 */
export async function confirmPlatformAddress(
	vault: Vault,
	authorization: Authorization,
	{ baseUrl }: ServerAddress,
): Promise<void> {
	const address = baseUrl.toLowerCase();
	const registered = await registeredAddress(vault, authorization);
	if (registered === undefined || registered === address) return;
	throw docuWareError(
		'DOCUWARE_ADDRESS_CHANGED',
		`The authorization in this DocuWare OAuth2 credential was given for ${registered}, not for ${address}; ` +
			'its token is not sent there.',
		'If the server has a new address, open the credential and press Connect to log in again. Else ' +
			'correct Server in the credential.',
	);
}

/**
 * Takes in an answer to a request with a token of this authorization: a server that has taken the token is
 * the one it belongs to from now on. A wrong address, which takes none, binds nobody. Never throws.
 */
export async function learnPlatformAddress(
	vault: Vault,
	authorization: Authorization,
	{ baseUrl }: ServerAddress,
	answer: Pick<HttpResponse<unknown>, 'status' | 'headers'>,
): Promise<void> {
	if (!tookToken(answer)) return;
	const key = keyOf(vault, authorization);
	if (memory().has(key)) return;
	const fingerprint = authorizationFingerprint(vault, authorization);
	const registered = await register(vault, fingerprint, baseUrl.toLowerCase()).catch(
		() => undefined,
	);
	if (registered !== undefined) rememberLatest(memory(), key, registered, MOST_REMEMBERED);
}

/**
 * As `learnPlatformAddress`, where others send the requests and nobody tells of their answers: asks the server
 * itself, as long as it is not known, at most once a minute. Never throws.
 */
export async function askPlatformAddress(
	vault: Vault,
	authorization: Authorization,
	connection: ServerConnection,
	accessToken: string,
): Promise<void> {
	const key = keyOf(vault, authorization);
	if (memory().has(key)) return;
	const question = `${key}|${connection.address.baseUrl}`;
	if (performance.now() < (askedAgainAt().get(question) ?? -Infinity)) return;
	await singleFlight(`docuware address|${question}`, async () => {
		await ask(vault, authorization, connection, accessToken);
		const again = performance.now() + ASK_PAUSE_MS;
		rememberLatest(askedAgainAt(), question, again, MOST_REMEMBERED);
	});
}

async function ask(
	vault: Vault,
	authorization: Authorization,
	connection: ServerConnection,
	accessToken: string,
): Promise<void> {
	const { address } = connection;
	const answer = await platformSend(connection, {
		method: 'GET',
		url: `${address.baseUrl}/Organizations`,
		headers: { Accept: 'application/json', Authorization: `Bearer ${accessToken}` },
		signal: AbortSignal.timeout(ASK_LIMIT_MS),
	}).catch(() => undefined);
	if (answer !== undefined) await learnPlatformAddress(vault, authorization, address, answer);
}

/** A page is the answer of a server that looks at no token. */
function tookToken({
	status,
	headers,
}: Pick<HttpResponse<unknown>, 'status' | 'headers'>): boolean {
	const isPage = /html/i.test(headers['content-type'] ?? '');
	return status >= 200 && status < 300 && !isPage;
}

async function registeredAddress(
	vault: Vault,
	authorization: Authorization,
): Promise<string | undefined> {
	const key = keyOf(vault, authorization);
	const remembered = memory().get(key);
	if (remembered !== undefined) return remembered;
	const fingerprint = authorizationFingerprint(vault, authorization);
	const registered = (await vault.read(() => readItem(SCOPE, fingerprint)))?.value;
	if (registered !== undefined) rememberLatest(memory(), key, registered, MOST_REMEMBERED);
	return registered;
}

/** @returns the one that stands: somebody else may have been faster. */
async function register(vault: Vault, fingerprint: string, address: string): Promise<string> {
	const rows = function* (): SqlTransaction<string> {
		yield* compareAndSetItem(SCOPE, fingerprint, address, 0);
		return (yield* readItem(SCOPE, fingerprint))?.value ?? address;
	};
	return await vault.write(rows, { lock: itemLock(SCOPE, fingerprint) });
}

function keyOf(vault: Vault, authorization: Authorization): string {
	return `${vault.vaultId}|${authorizationFingerprint(vault, authorization)}`;
}

/** By authorization and address, when that server is asked again (monotonic, ms). */
function askedAgainAt(): Map<string, number> {
	return processState('docuWareAddressPauses1', () => new Map<string, number>());
}

/** An address never changes once it is registered. */
function memory(): Map<string, string> {
	return processState('docuWareTokenAddresses1', () => new Map<string, string>());
}

import type { Pauses } from '../../../shared/process/pauses';
import { isPaused, pauseFor } from '../../../shared/process/pauses';
import { presentMeanwhile } from '../../../shared/process/presentMeanwhile';
import { processState } from '../../../shared/process/processState';
import { singleFlight } from '../../../shared/process/singleFlight';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { permissionsOf } from '../../platform/serverAddress';
import { probeSession } from '../wire/sessionProbe';

/** So often at most the server is asked about one token, in milliseconds. */
const PAUSE_MS = 5 * 60_000;

/** So many tokens are remembered. */
const MOST_REMEMBERED = 1_000;

/** By vault and digest of the token: it is not asked about again. */
function asked(): Pauses {
	return processState('docuWareHookProbes2', () => new Map<string, number>());
}

/**
 * A token for the HTTP Request node, whose answers n8n does not show to the hook: so the server is asked now
 * and then whether it still knows the token, or a token that it ends early would be handed out until its
 * hour is over. Nobody waits longer than half a second for that; what comes later serves the next call, and
 * a failure leaves the token as it is.
 *
 * @param replace brings another token where `isDead` says that this one has ended; undefined: it stays.
 */
export async function livingBearer(
	vault: Vault,
	connection: ServerConnection,
	accessToken: string,
	replace: (isDead: () => Promise<boolean>) => Promise<string | undefined>,
): Promise<string> {
	const key = `${vault.vaultId}|${vault.sealer.fingerprint('docuware hook token', accessToken)}`;
	if (isPaused(asked(), key)) return accessToken;
	const flight = ['docuware hook', key, ...permissionsOf(connection)].join('|');
	const credential = { kind: 'bearer', accessToken } as const;
	const isDead = async () =>
		(await singleFlight(flight, async () => await probeSession(vault, connection, credential))) ===
		'dead';
	const found = replace(isDead)
		.then((other) => other ?? accessToken)
		.finally(() => pauseFor(asked(), key, PAUSE_MS, MOST_REMEMBERED));
	return await presentMeanwhile(flight, found, {
		present: () => accessToken,
		excuses: () => true,
	});
}

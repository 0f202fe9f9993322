import type { ConnectorError } from '../../errors';
import { processState } from '../../process/processState';
import { rememberLatest } from '../../process/rememberLatest';

/** Nodes and failures that are remembered. */
const MOST_TOLD = 1_000;

/** Whether a poll failed at the vault: then there is no place to note that somebody was told of it. */
export function isOfVault({ code }: ConnectorError): boolean {
	return code.startsWith('VAULT_');
}

/**
 * Whether nobody was told of this trouble of a node within a time, as far as this process knows.
 * @param node names the node
 * @param pauseMs milliseconds, by the monotonic clock
 */
export function isVaultTroubleToldFirst(
	node: string,
	{ code }: ConnectorError,
	pauseMs: number,
): boolean {
	const told = processState('pollVaultTrouble1', () => new Map<string, number>());
	const name = `${node} ${code}`;
	const at = told.get(name);
	if (at !== undefined && performance.now() - at < pauseMs) return false;
	rememberLatest(told, name, performance.now(), MOST_TOLD);
	return true;
}

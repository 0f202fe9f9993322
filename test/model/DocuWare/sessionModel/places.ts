import type { Vault } from '../../../../nodes/shared/vault/vault';
import type { SimulatedProcess } from '../../support/simulatedProcess';
import { runningProcess } from '../../support/simulatedProcess';
import type { ModelServer } from './modelServer';

const vaults = new WeakMap<SimulatedProcess, Vault>();
let server: ModelServer | undefined;

/** From now on `openVault` in this process gives this vault. */
export function placeVault(process: SimulatedProcess, vault: Vault): void {
	vaults.set(process, vault);
}

/** From now on requests go to this server. */
export function placeServer(next: ModelServer): void {
	server = next;
}

/** The vault of the running process. @throws where it has none yet */
export function openedVault(): Vault {
	const vault = vaults.get(runningProcess());
	if (vault === undefined) throw new Error('This process has not opened its vault yet');
	return vault;
}

/** The server of the world that runs. */
export function presentServer(): ModelServer {
	if (server === undefined) throw new Error('No world runs');
	return server;
}

import { dirname } from 'node:path';
import type { ExactHost } from '../../../test/e2e/support/exactHost';
import { Fleet } from '../../../test/fleet/support/fleet';

/** An n8n in which stories are told. */
export interface Place {
	exact: ExactHost;
	/** Variables by which its vault is found and opened. */
	vaultEnvironment: Record<string, string>;
	/** Ends all its processes in order. */
	stop(): Promise<void>;
	startAgain(): Promise<void>;
}

/** One process, with the vault in a file. */
export function oneProcess(exact: ExactHost): Place {
	return {
		exact,
		vaultEnvironment: { N8N_USER_FOLDER: dirname(dirname(exact.vaultFile)) },
		stop: async () => await exact.host.stop(),
		startAgain: async () => await exact.host.startAgain(),
	};
}

/** Queue mode with three workers; the vault is in n8n's PostgreSQL. */
export async function withFleet(tell: (place: Place) => Promise<void>): Promise<void> {
	const fleet = await Fleet.start();
	const { exact, workers, database, encryptionKey } = fleet;
	try {
		await tell({
			exact,
			vaultEnvironment: {
				N8N_EXACTONLINE_DOCUWARE_VAULT: database.url,
				N8N_EXACTONLINE_DOCUWARE_VAULT_KEY: encryptionKey,
			},
			stop: async () => {
				await Promise.all(workers.map(async (worker) => await worker.stop()));
				await exact.host.stop();
			},
			startAgain: async () => {
				await exact.host.startAgain();
				await Promise.all(workers.map(async (worker) => await worker.startAgain()));
			},
		});
	} finally {
		await fleet.dispose();
	}
}

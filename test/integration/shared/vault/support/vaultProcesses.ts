import { join } from 'node:path';

import type { Environment } from '../../../../../nodes/shared/process/environment';
import type { LeaseTiming } from '../../../../../nodes/shared/vault/leaseHolding';
import { TestProcess } from '../../../../support/processes/testProcess';

/** A process with its own vault (vaultProcess.ts). */
export class VaultProcess extends TestProcess {
	static async start(env: Environment, timing?: LeaseTiming): Promise<VaultProcess> {
		const started = new VaultProcess(join(__dirname, 'vaultProcess.ts'));
		await started.call('open', { env, timing });
		return started;
	}

	async kill(): Promise<void> {
		await this.end('SIGKILL');
	}

	thaw(): void {
		this.signal('SIGCONT');
	}

	/** Lets the process close its vault and end by itself. */
	async close(): Promise<void> {
		if (!this.isRunning) return;
		this.thaw();
		await this.call('close').catch(() => undefined);
		await this.end('SIGKILL');
	}
}

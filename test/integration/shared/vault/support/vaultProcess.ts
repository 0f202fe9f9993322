/**
 * A process of its own with its own copy of the vault, for `vaultProcesses.ts`.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Environment } from '../../../../../nodes/shared/process/environment';
import { thisHolder } from '../../../../../nodes/shared/process/holder';
import { readEncryptionKey } from '../../../../../nodes/shared/vault/encryptionKey';
import { putItem, readItem } from '../../../../../nodes/shared/vault/rows/items';
import { vaultLocation } from '../../../../../nodes/shared/vault/place/location';
import type { LeaseTiming } from '../../../../../nodes/shared/vault/leaseHolding';
import { openDatabase } from '../../../../../nodes/shared/vault/place/openDatabase';
import { Sealer } from '../../../../../nodes/shared/vault/sealing';
import type { SecretSave } from '../../../../../nodes/shared/vault/spending/secretSave';
import { Vault } from '../../../../../nodes/shared/vault/vault';
import { answerCalls } from '../../../../support/processes/answerCalls';
import { justNow } from './sampleRecord';

let vault: Vault;
let letGo: () => void = () => undefined;

const calls = {
	async open({ env, timing }: { env: Environment; timing?: LeaseTiming }) {
		const sealer = new Sealer(await readEncryptionKey(env));
		vault = await Vault.open(await openDatabase(vaultLocation(env), env), sealer, env, {
			timing,
			spillFolders: [join(String(env.N8N_USER_FOLDER), 'spill')],
		});
		return process.pid;
	},

	/** Takes a lease and keeps it until `letGo`. */
	async hold(name: string) {
		return await new Promise((resolve, reject) => {
			vault
				.withLease(name, { waitMs: 30_000 }, async ({ token }) => {
					const released = new Promise<void>((done) => {
						letGo = done;
					});
					resolve(token);
					await released;
				})
				.catch(reject);
		});
	},

	async letGo() {
		letGo();
	},

	async holder() {
		return thisHolder();
	},

	async save(save: SecretSave) {
		return await vault.saveSecret(save, justNow);
	},

	async replayUnsaved(recordId?: string) {
		await vault.replayUnsaved(recordId);
	},

	/** Counts up in several transactions, which only goes well while nobody else does the same. */
	async countUp({ lease, times }: { lease: string; times: number }) {
		for (let round = 0; round < times; round += 1) {
			await vault.withLease(lease, { waitMs: 60_000 }, async () => {
				const item = await vault.read(() => readItem('test', 'counter'));
				await delay(1);
				const next = String(Number(item?.value ?? '0') + 1);
				await vault.write(() => putItem('test', 'counter', next));
			});
		}
	},

	async close() {
		letGo();
		await vault.close();
	},
};

answerCalls(calls);

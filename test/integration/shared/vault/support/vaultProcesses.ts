import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Environment } from '../../../../../nodes/shared/vault/encryptionKey';
import type { LeaseTiming } from '../../../../../nodes/shared/vault/leaseHolding';

const REGISTER = join(__dirname, '../../../support/registerTypeScript.js');

interface Answer {
	number: number;
	result?: unknown;
	error?: { message: string; code?: string };
}

/** A process with its own vault (vaultProcess.ts). */
export class VaultProcess {
	private calls = 0;

	private constructor(readonly child: ChildProcess) {}

	static async start(env: Environment, timing?: LeaseTiming): Promise<VaultProcess> {
		const child = fork(join(__dirname, 'vaultProcess.ts'), {
			execArgv: ['--no-warnings', '--require', REGISTER],
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		});
		const started = new VaultProcess(child);
		await started.call('open', { env, timing });
		return started;
	}

	async call(name: string, argument?: unknown): Promise<unknown> {
		const number = (this.calls += 1);
		return await new Promise((resolve, reject) => {
			const cleanUp = () => {
				this.child.off('message', onMessage);
				this.child.off('exit', onExit);
			};
			const onMessage = (message: unknown) => {
				const answer = message as Answer;
				if (answer.number !== number) return;
				cleanUp();
				if (answer.error) reject(Object.assign(new Error(answer.error.message), answer.error));
				else resolve(answer.result);
			};
			const onExit = () => {
				cleanUp();
				reject(new Error(`The process ended during ${name}`));
			};
			this.child.on('message', onMessage).on('exit', onExit);
			this.child.send({ number, name, argument });
		});
	}

	/** Resolves once the process is gone. */
	async kill(): Promise<void> {
		const exited = once(this.child, 'exit');
		this.child.kill('SIGKILL');
		await exited;
	}

	/** Resolves once the system shows the process as stopped. */
	async freeze(): Promise<void> {
		await this.call('freeze');
		while (!/^\d+ \(.*\) T /.test(readFileSync(`/proc/${this.child.pid}/stat`, 'utf8'))) {
			await delay(5);
		}
	}

	thaw(): void {
		this.child.kill('SIGCONT');
	}

	async end(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const exited = once(this.child, 'exit');
		this.thaw();
		await this.call('close').catch(() => this.child.kill('SIGKILL'));
		await exited;
	}
}

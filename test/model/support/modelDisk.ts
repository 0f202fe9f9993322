import type { Spill } from '../../../nodes/shared/vault/spending/spill';
import { runningProcess } from './simulatedProcess';

/** Spill files of the model's hosts; outlive every process. */
const files = new Map<string, { host: string; spill: Spill }>();
let nextFile = 1;
let broken = false;
let onWrite: (spill: Spill) => void = () => {};

/**
 * Empties all disks.
 * @param told of each spill that has reached a disk
 * @param isBroken true where nothing written stays
 */
export function clearDisks(told: (spill: Spill) => void, isBroken: boolean): void {
	files.clear();
	broken = isBroken;
	onWrite = told;
}

/** Stands in for `nodes/shared/vault/spill`, with the same promises. */
export const modelSpill = {
	spillFolders: (): string[] => ['spill'],

	async writeSpill(_folders: string[], spill: Spill): Promise<string | undefined> {
		const writer = runningProcess();
		await writer.wait(1);
		if (broken) return undefined;
		const file = `${writer.host}/${nextFile++}`;
		files.set(file, { host: writer.host, spill });
		onWrite(spill);
		await writer.wait(1);
		return file;
	},

	async readSpills(_folders: string[], vaultId: string) {
		const { host } = runningProcess();
		return [...files]
			.filter(([, one]) => one.host === host && one.spill.vaultId === vaultId)
			.map(([file, { spill }]) => ({ file, spill }));
	},

	async removeSpill(file: string): Promise<void> {
		files.delete(file);
	},
};

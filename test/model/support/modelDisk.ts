import { thisHolder } from '../../../nodes/shared/process/holder';
import type { FoundSpill } from '../../../nodes/shared/vault/spending/spill';
import type { Spill } from '../../../nodes/shared/vault/spending/spillFrame';
import { runningProcess } from './simulatedProcess';

interface ModelFile {
	host: string;
	found: Omit<FoundSpill, 'ageMs'>;
	writtenAt: number;
	aside: boolean;
}

/** Spill files of the model's hosts; outlive every process. */
const files = new Map<string, ModelFile>();
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

/** The spills on the disk of a host that are still to be brought in. */
export function spillsOn(host: string): Array<ModelFile['found']> {
	return [...files.values()]
		.filter((one) => one.host === host && !one.aside)
		.map(({ found }) => found);
}

/** Stands in for `nodes/shared/vault/spending/spill`, with the same promises. */
export const modelSpill = {
	spillFolders: (): string[] => ['spill'],

	async readSpills(_folders: string[], vaultId: string): Promise<FoundSpill[]> {
		const { host } = runningProcess();
		return [...files.values()]
			.filter((one) => one.host === host && !one.aside && one.found.spill.vaultId === vaultId)
			.map(({ found, writtenAt }) => ({ ...found, ageMs: Date.now() - writtenAt }));
	},

	async removeSpill(file: string): Promise<void> {
		files.delete(file);
	},

	async setSpillAside(file: string): Promise<string> {
		const one = files.get(file);
		if (one !== undefined) one.aside = true;
		return file;
	},
};

/** Stands in for `nodes/shared/vault/spending/spillWriter`, with the same promises. */
export class ModelSpillWriter {
	prepare(): undefined {}

	write(spill: Spill): string | undefined {
		if (broken) return undefined;
		const { host } = runningProcess();
		const file = `${host}/${nextFile++}`;
		const found = { file, spill, holder: thisHolder(), givenUp: false };
		files.set(file, { host, found, writtenAt: Date.now(), aside: false });
		onWrite(spill);
		return file;
	}

	giveUp(file: string): void {
		const one = files.get(file);
		if (one !== undefined) one.found.givenUp = true;
	}

	async clear(file: string): Promise<void> {
		files.delete(file);
	}

	async setAside(file: string): Promise<string> {
		return await modelSpill.setSpillAside(file);
	}

	async close(): Promise<void> {}
}

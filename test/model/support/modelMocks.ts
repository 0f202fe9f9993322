/**
 * Imported first by every test of a model: pauses and spill files of the package become those of the
 * simulated process that runs, and names and tokens are the same in every run.
 */
jest.mock('node:crypto', () => {
	const { seededCrypto } = jest.requireActual<typeof import('./seededCrypto')>('./seededCrypto');
	return seededCrypto;
});

jest.mock('node:timers/promises', () => ({
	setTimeout: async (ms: number) => {
		const { runningProcess } =
			jest.requireActual<typeof import('./simulatedProcess')>('./simulatedProcess');
		await runningProcess().wait(ms);
	},
}));

jest.mock('../../../nodes/shared/vault/spending/spill', () => {
	const { modelSpill } = jest.requireActual<typeof import('./modelDisk')>('./modelDisk');
	return modelSpill;
});

jest.mock('../../../nodes/shared/vault/spending/spillWriter', () => {
	const { ModelSpillWriter } = jest.requireActual<typeof import('./modelDisk')>('./modelDisk');
	return { SpillWriter: ModelSpillWriter };
});

// What waits for a turn of the real event loop would have no place in virtual time.
jest.mock('../../../nodes/shared/vault/database/loopShare', () => ({
	loopShare: () => ({ run: async <T>(work: () => T): Promise<T> => await Promise.resolve(work()) }),
}));

import { randomInt } from 'node:crypto';

import { printTable } from '../../../support/chain/printTable';
import { checkModel } from './chainModel/checkModel';

jest.mock('node:timers/promises', () => ({
	setTimeout: async (ms: number) => {
		const { runningProcess } = jest.requireActual<typeof import('./chainModel/simulatedProcess')>(
			'./chainModel/simulatedProcess',
		);
		await runningProcess().wait(ms);
	},
}));

jest.mock('../../../../nodes/shared/vault/spending/spill', () => {
	const { modelSpill } =
		jest.requireActual<typeof import('./chainModel/modelDisk')>('./chainModel/modelDisk');
	return modelSpill;
});

/** The same programs at every run, so that a failure means a change; `MODEL_SEED=random` explores. */
const DEFAULT_SEED = 20_261_122;
const SEED =
	process.env.MODEL_SEED === 'random'
		? randomInt(2 ** 31)
		: Number(process.env.MODEL_SEED ?? DEFAULT_SEED);
const RUNS = Number(process.env.MODEL_RUNS ?? 500);
const LIMIT_MS = 15 * 60_000;

it(
	'keeps the contract under random requests, reconnects, crashes, losses, freezes and clock jumps',
	async () => {
		process.stdout.write(`\nmodel of the token chain: MODEL_SEED=${SEED} MODEL_RUNS=${RUNS}\n`);
		const began = Date.now();
		const { report, counts, runs } = await checkModel({
			seed: SEED,
			runs: RUNS,
			...(process.env.MODEL_PATH === undefined ? {} : { path: process.env.MODEL_PATH }),
		});
		printTable(
			`Model of the token chain, ${runs} runs in ${Math.round((Date.now() - began) / 1000)} s`,
			Object.entries(counts)
				.sort(([a], [b]) => a.localeCompare(b))
				.map(([what, count]) => ({ what, count })),
		);
		expect(report).toBe('');
	},
	LIMIT_MS,
);

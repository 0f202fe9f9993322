import { printTable } from '../../../support/chain/printTable';
import { checkModel } from './chainModel/checkModel';
import type { Mutation } from './chainModel/modelDatabase';

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

const LIMIT_MS = 5 * 60_000;
/** Fixed, so that the counterexamples are the same every time. */
const SEED = 20_261_122;
const RUNS = 1_000;

const table: Array<Record<string, unknown>> = [];

afterAll(() => {
	printTable('Broken chains that the model has found out', table);
});

/** Each breaks one rule of the vault's contract; the model has to notice. */
it.each<[Mutation, RegExp]>([
	['saveWithoutFencing', /older secret|was received and not lost/],
	['refreshWithoutLease', /at once|may have been accepted|token that ended|older secret/],
	['noAttemptRow', /may have been accepted|within one life/],
	['failedSaveDropped', /was received and not lost|was told/],
])(
	'finds a counterexample where the chain is broken on purpose: %s',
	async (mutation, expected) => {
		const { failed, runs, report } = await checkModel({ seed: SEED, runs: RUNS, mutation });
		expect(failed).toBe(true);
		expect(report).toMatch(expected);
		const [error = ''] = report.split('\n');
		table.push({ mutation, 'found after runs': runs, error: error.slice(0, 90) });
	},
	LIMIT_MS,
);

import '../../support/modelMocks';

import { printTable } from '../../../support/chain/printTable';
import { DEFAULT_SEED } from '../../support/searchOptions';
import { checkModel } from './chainModel/checkModel';
import type { Mutation } from './chainModel/modelMutations';

const LIMIT_MS = 5 * 60_000;
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
	['pageIsRefusal', /may have been accepted/],
	['failedSaveDropped', /was received and not lost|was told/],
])(
	'finds a counterexample where the chain is broken on purpose: %s',
	async (mutation, expected) => {
		const { failed, runs, report } = await checkModel(
			// Fixed, so that the counterexamples are the same every time.
			{ seed: DEFAULT_SEED, runs: RUNS, shrink: false },
			mutation,
		);
		expect(failed).toBe(true);
		expect(report).toMatch(expected);
		const [error = ''] = report.split('\n');
		table.push({ mutation, 'found after runs': runs, error: error.slice(0, 90) });
	},
	LIMIT_MS,
);

import '../../support/modelMocks';
import './chainModel/mutatedModules';

import { printTable } from '../../../support/chain/printTable';
import { DEFAULT_SEED } from '../../support/searchOptions';
import { checkModel } from './chainModel/checkModel';
import type { Theme } from './chainModel/modelCommands';
import type { Mutation } from './chainModel/modelMutations';
import { brokenOnPurpose } from './chainModel/modelMutations';

const LIMIT_MS = 5 * 60_000;
const RUNS = 300;

const table: Array<Record<string, unknown>> = [];

afterAll(() => {
	printTable('Broken chains that the model has found out', table);
});

/**
 * Each breaks one rule of the vault's contract; the model has to notice. The seeds are fixed, so that the
 * counterexamples are the same every time. Those that differ from the usual one were looked for, so that each is
 * found early: most programs have nothing in them that a given mutation could spoil. That the model finds it
 * at all with any seed is a question of time alone.
 */
it.each<[Mutation, Theme, RegExp, seed?: number]>([
	['saveWithoutFencing', 'trouble', /older secret|was received and not lost/, 27],
	[
		'refreshWithoutLease',
		'trouble',
		/at once|may have been accepted|token that ended|older secret/,
	],
	['noAttemptRow', 'trouble', /may have been accepted|within one life/],
	['pageIsRefusal', 'trouble', /may have been accepted/, 33],
	['failedSaveDropped', 'trouble', /was received and not lost|was told/, 34],
	['spillsUnread', 'trouble', /was received and not lost|was told|left on the disk/],
	['spillsReadBeforeLease', 'trouble', /left on the disk/],
	['spillsLeftToWriter', 'unseen', /left on the disk/],
	['secretInDetail', 'trouble', /holds a secret|a secret stands in/],
	['newcomerServed', 'rivals', /not its own/],
	['anySecretServed', 'rivals', /more than one token life/],
	['takeOverUnproved', 'rivals', /by itself/],
	['rivalBreaksRecord', 'rivals', /was told|did not come back/],
	['rivalsDropped', 'rivals', /was told|did not come back|was received and not lost/],
	['acceptedUnasked', 'rivals', /older secret|not its own/],
	['limitsForgotten', 'rivals', /after three refusals|errors within one hour/],
	['nobodyLeavesTime', 'newcomers', /left to newcomers/],
	['nothingRemembered', 'fallBack', /was received and not lost/],
	['signpostDropped', 'everything', /was received and not lost/],
	['leaseLostEnds', 'everything', /was told Error: stood still/],
])(
	'finds a counterexample where the chain is broken on purpose: %s',
	async (mutation, theme, expected, seed = DEFAULT_SEED) => {
		brokenOnPurpose.mutation = mutation;
		const { failed, runs, report } = await checkModel(
			{ seed, runs: RUNS, shrink: false },
			theme,
			mutation,
		);
		expect(failed).toBe(true);
		expect(report).toMatch(expected);
		const [error = ''] = report.split('\n');
		table.push({ mutation, 'found after runs': runs, error: error.slice(0, 90) });
	},
	LIMIT_MS,
);

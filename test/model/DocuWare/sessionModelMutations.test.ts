import '../support/modelMocks';
import './sessionModel/sessionMocks';

import { printTable } from '../../support/chain/printTable';
import { DEFAULT_SEED } from '../support/searchOptions';
import { checkSessions } from './sessionModel/checkSessions';
import type { Mutation } from './sessionModel/mutations';

const LIMIT_MS = 5 * 60_000;
const RUNS = 1_000;

const table: Array<Record<string, unknown>> = [];

afterAll(() => {
	printTable('Broken sessions that the model has found out', table);
});

/** Each breaks one rule of the vault's contract; the model has to notice. */
it.each<[Mutation, RegExp]>([
	['logOnWithoutLease', /at once/],
	['spentNotMarked', /sent twice/],
	['markTakenBack', /sent twice/],
	['logOffIgnoresUses', /used the session/],
	['closingIgnored', /session that lives was dropped/],
	['saveWithoutFencing', /older session|session that lives was dropped/],
	['refusalNotRemembered', /sent again/],
	['burntUnsentToken', /without having been sent/],
	['leaseNotChecked', /without the lease|at once/],
])(
	'finds a counterexample where sessions are broken on purpose: %s',
	async (mutation, expected) => {
		const { failed, runs, report } = await checkSessions(
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

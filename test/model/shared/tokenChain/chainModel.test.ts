import '../../support/modelMocks';

import { printedSearch } from '../../support/searchOptions';
import { checkModel } from './chainModel/checkModel';
import type { Theme } from './chainModel/modelCommands';

const LIMIT_MS = 15 * 60_000;

/** What each kind of program is about, how many of them are run, and what has to happen in them. */
it.each<[Theme, number, string]>([
	['trouble', 120, 'reconnects, crashes, losses, freezes and clock jumps'],
	['unseen', 40, 'the same, where no process can see whether another one lives'],
	['rivals', 80, 'other log-ins, forged pairs, other client secrets, share, take over and release'],
	['newcomers', 20, 'the same, and windows of which the first half is left to newcomers'],
	['fallBack', 80, 'stores that fall back to an earlier state'],
	['everything', 80, 'all of it at once'],
])(
	'keeps the contract under random requests (%s, %d programs): %s',
	async (theme, runs) => {
		const name = `model of the token chain, ${theme}`;
		const { report } = await printedSearch(name, runs, async (options) =>
			checkModel(options, theme),
		);
		expect(report).toBe('');
	},
	LIMIT_MS,
);

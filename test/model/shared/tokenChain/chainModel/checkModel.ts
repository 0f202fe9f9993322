import * as fc from 'fast-check';

import type { CheckOptions, ModelResult } from '../../../support/checkPrograms';
import { checkPrograms } from '../../../support/checkPrograms';
import type { Theme } from './modelCommands';
import { programs } from './modelCommands';
import type { Mutation } from './modelMutations';
import { ModelWorld } from './modelWorld';

const MAX_COMMANDS = 30;

const setups = fc.record({
	seed: fc.nat(),
	grace: fc.constantFrom('none' as const, 'untilNewIsUsed' as const, 'tenMinutes' as const),
	policy: fc.constantFrom('refuse' as const, 'share' as const, 'takeOver' as const),
});

/** Runs random programs against the chain, or against one broken on purpose. */
export async function checkModel(
	options: CheckOptions,
	theme: Theme,
	mutation?: Mutation,
): Promise<ModelResult> {
	return await checkPrograms(
		options,
		setups,
		programs(theme, { maxCommands: MAX_COMMANDS, replayPath: options.replayPath }),
		(setup) =>
			new ModelWorld({
				...setup,
				isUnseen: theme === 'unseen',
				...(mutation === undefined ? {} : { mutation }),
			}),
	);
}

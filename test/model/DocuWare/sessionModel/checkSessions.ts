import * as fc from 'fast-check';

import type { CheckOptions, ModelResult } from '../../support/checkPrograms';
import { checkPrograms } from '../../support/checkPrograms';
import type { Mutation } from './mutations';
import { programs } from './sessionCommands';
import { SessionWorld } from './sessionWorld';

const MAX_COMMANDS = 20;

const setups = fc.record({
	seed: fc.nat(),
	licences: fc.constantFrom(1, 2, 100),
	everyLogonBooks: fc.boolean(),
	isUsedBefore: fc.boolean(),
});

/**
 * Runs random programs against DocuWare sessions, or against ones broken on purpose.
 * @param isUnseen whether no process can see whether another one lives
 */
export async function checkSessions(
	options: CheckOptions,
	mutation?: Mutation,
	isUnseen = false,
): Promise<ModelResult> {
	return await checkPrograms(
		options,
		setups,
		programs({ maxCommands: MAX_COMMANDS, replayPath: options.replayPath }),
		(setup) =>
			new SessionWorld({ ...setup, isUnseen, ...(mutation === undefined ? {} : { mutation }) }),
	);
}

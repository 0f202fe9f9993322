import * as fc from 'fast-check';

import { programs } from './modelCommands';
import type { Mutation } from './modelDatabase';
import { ModelWorld } from './modelWorld';

const MAX_COMMANDS = 30;

/** What came of many runs of the model. */
export interface ModelResult {
	failed: boolean;
	/** The smallest counterexample found and its error. */
	report: string;
	runs: number;
	counts: Record<string, number>;
}

/** Runs random programs against the chain, or against one broken on purpose. */
export async function checkModel(options: {
	seed: number;
	runs: number;
	mutation?: Mutation;
	path?: string;
}): Promise<ModelResult> {
	const counts: Record<string, number> = {};
	const { seed, runs, mutation, path } = options;
	const property = fc.asyncProperty(
		fc.record({
			seed: fc.nat(),
			grace: fc.constantFrom('none' as const, 'untilNewIsUsed' as const, 'tenMinutes' as const),
			policy: fc.constantFrom('refuse' as const, 'share' as const, 'takeOver' as const),
		}),
		programs(MAX_COMMANDS),
		async (setup, commands) => {
			const world = new ModelWorld({ ...setup, ...(mutation === undefined ? {} : { mutation }) });
			try {
				await world.begin();
				await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
				await world.finish();
			} finally {
				world.end();
				for (const [what, count] of Object.entries({
					...world.counts,
					'token requests': world.service.posts,
					'answered "not expired"': world.service.tooEarly,
					'old tokens presented': world.service.oldTokenUses,
				})) {
					counts[what] = (counts[what] ?? 0) + count;
				}
			}
		},
	);
	const details = await fc.check(property, {
		seed,
		numRuns: runs,
		...(path === undefined ? {} : { path }),
		...(mutation === undefined ? {} : { endOnFailure: true }),
	});
	return {
		failed: details.failed,
		report: details.failed
			? `${String(details.errorInstance)}\n${fc.defaultReportMessage(details) ?? ''}`
			: '',
		runs: details.numRuns,
		counts,
	};
}

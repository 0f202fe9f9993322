import * as fc from 'fast-check';

/** A world that a program of commands runs in, with its checks. */
export interface CheckedWorld {
	begin(): Promise<void>;
	/** Waits for everything and looks at the end of it. */
	finish(): Promise<void>;
	end(): void;
	readonly counts: Record<string, number>;
}

/** Which programs are run, how many of them. */
export interface CheckOptions {
	seed: number;
	runs: number;
	/** Repeats one counterexample: its path, and which of its commands were run, as a report names them. */
	path?: string;
	replayPath?: string;
	/** False leaves the first counterexample as it is. */
	shrink: boolean;
}

/** What came of many runs of a model. */
export interface ModelResult {
	failed: boolean;
	/** The smallest counterexample found and its error. */
	report: string;
	runs: number;
	counts: Record<string, number>;
}

/** Runs random programs, each in a world of its own. */
export async function checkPrograms<Setup, World extends CheckedWorld>(
	{ seed, runs, path, shrink }: CheckOptions,
	setups: fc.Arbitrary<Setup>,
	programs: fc.Arbitrary<Iterable<fc.AsyncCommand<object, World>>>,
	createWorld: (setup: Setup) => World,
): Promise<ModelResult> {
	const counts: Record<string, number> = {};
	const property = fc.asyncProperty(setups, programs, async (setup, commands) => {
		const world = createWorld(setup);
		try {
			await world.begin();
			await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
			await world.finish();
		} finally {
			world.end();
			for (const [what, count] of Object.entries(world.counts)) {
				counts[what] = (counts[what] ?? 0) + count;
			}
		}
	});
	const details = await fc.check(property, {
		seed,
		numRuns: runs,
		...(path === undefined ? {} : { path }),
		...(shrink ? {} : { endOnFailure: true }),
	});
	return {
		failed: details.failed,
		report: details.failed ? reportOf(details) : '',
		runs: details.numRuns,
		counts,
	};
}

/** The error first, then how to repeat it. */
function reportOf<Values>(details: fc.RunDetails<Values>): string {
	const message = fc.defaultReportMessage(details) ?? '';
	const replayPath = /replayPath="([^"]*)"/.exec(message)?.[1] ?? '';
	const again = `MODEL_SEED=${details.seed} MODEL_PATH='${details.counterexamplePath ?? ''} ${replayPath}'`;
	return `${String(details.errorInstance)}\n${again}\n${message}`;
}

import { randomInt } from 'node:crypto';

import { printTable } from '../../support/chain/printTable';
import type { CheckOptions, ModelResult } from './checkPrograms';

/** The same programs at every run, so that a failure means a change; `MODEL_SEED=random` explores. */
export const DEFAULT_SEED = 20_261_122;

/**
 * What `MODEL_SEED`, `MODEL_RUNS` and `MODEL_PATH` ask for. The last one is what a report names: the path of a
 * counterexample, a space, and which of its commands were run.
 */
export function searchOptions(defaultRuns: number): CheckOptions {
	const { MODEL_SEED, MODEL_RUNS, MODEL_PATH } = process.env;
	const [path, replayPath] = MODEL_PATH?.split(' ') ?? [];
	return {
		seed: MODEL_SEED === 'random' ? randomInt(2 ** 31) : Number(MODEL_SEED ?? DEFAULT_SEED),
		runs: Number(MODEL_RUNS ?? defaultRuns),
		...(path === undefined ? {} : { path }),
		...(replayPath === undefined ? {} : { replayPath }),
		shrink: true,
	};
}

/** Runs a search and prints how it can be repeated and what happened in it. */
export async function printedSearch(
	name: string,
	defaultRuns: number,
	search: (options: CheckOptions) => Promise<ModelResult>,
): Promise<ModelResult> {
	const options = searchOptions(defaultRuns);
	process.stdout.write(`\n${name}: MODEL_SEED=${options.seed} MODEL_RUNS=${options.runs}\n`);
	const began = Date.now();
	const result = await search(options);
	printTable(
		`${name}, ${result.runs} runs in ${Math.round((Date.now() - began) / 1000)} s`,
		Object.entries(result.counts)
			.sort(([a], [b]) => a.localeCompare(b))
			.map(([what, count]) => ({ what, count })),
	);
	return result;
}

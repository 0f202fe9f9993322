import { randomInt } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { markdownTable } from '../bench/results/entry';
import { writeResult } from '../bench/results/resultsFile';
import { runSoak } from '../test/chaos/support/soak/soakRun';
import {
	aroundNeedlessLogOns,
	countersOf,
	faultsFound,
	unexplainedFailures,
} from '../test/chaos/support/soak/soakVerdict';
import { printTable } from '../test/support/chain/printTable';

const MINUTE_MS = 60_000;

/** So many failed executions are shown in full. */
const FAILURES_SHOWN = 5;

/**
 * `npm run soak -- --minutes 30`: several processes run executions with both services against the simulators, while
 * requests are delayed, refused, cut off and answered into the void, processes are killed, frozen and ended, sessions
 * are ended and the store is away. It prints counters and a verdict; the exit code is 0 only if everything held. Flags:
 * - `--minutes` (30): how long troubles strike
 * - `--seed` (random): repeats the choices of a run, as far as machine and clock allow
 * - `--store` (`postgres`): or `sqlite`
 * - `--processes` (3), `--lanes` (4): processes, and executions at a time of each
 * - `--life` (5): life of an access token of Exact Online, in seconds
 * - `--results`: puts counters and verdict into bench/RESULTS.md
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '30' },
			seed: { type: 'string', default: String(randomInt(2 ** 31)) },
			store: { type: 'string', default: 'postgres' },
			processes: { type: 'string', default: '3' },
			lanes: { type: 'string', default: '4' },
			life: { type: 'string', default: '5' },
			results: { type: 'boolean', default: false },
		},
	});
	const { store } = values;
	if (store !== 'sqlite' && store !== 'postgres') throw new Error('--store: sqlite or postgres');
	const minutes = numberOf('minutes', values.minutes);
	const seed = numberOf('seed', values.seed);
	const model = cpus()[0]?.model ?? 'unknown processor';
	process.stdout.write(
		`${minutes} minutes, seed ${seed}, ${store}, ${availableParallelism()} cores (${model}), Node ${process.version}\n`,
	);
	const facts = await runSoak({
		engine: store,
		seed,
		durationMs: minutes * MINUTE_MS,
		processes: numberOf('processes', values.processes),
		lanes: numberOf('lanes', values.lanes),
		lifeSeconds: numberOf('life', values.life),
	});
	printTable(`Soak of ${minutes} minutes, seed ${seed}, ${store}`, countersOf(facts));
	for (const { service, startedAt, failure } of unexplainedFailures(facts).slice(
		0,
		FAILURES_SHOWN,
	)) {
		const at = new Date(startedAt).toISOString();
		process.stdout.write(`  ${at} ${service}: ${failure?.code}: ${failure?.message}\n`);
	}
	for (const line of aroundNeedlessLogOns(facts)) process.stdout.write(`  ${line}\n`);
	const faults = faultsFound(facts);
	const verdict = faults.length === 0 ? 'everything held' : 'FAILED';
	process.stdout.write(`\nVerdict: ${verdict}\n`);
	for (const fault of faults) process.stdout.write(`  ${fault}\n`);
	if (values.results) {
		writeResult({
			heading: 'Soak',
			outcome: `${minutes} minutes, ${verdict}`,
			command: `npm run soak -- ${flagsOf({ ...values, seed: String(seed) })}`,
			paragraphs: [
				'Two connections of Exact Online, one user of DocuWare; a spent refresh token is honoured until the new one is used.',
				markdownTable(countersOf(facts)),
				...(faults.length === 0 ? [] : [faults.map((fault) => `- ${fault}`).join('\n')]),
			],
		});
	}
	if (faults.length > 0) process.exitCode = 1;
}

/** The command line that repeats a run. */
function flagsOf(values: Record<string, string | boolean>): string {
	return Object.entries(values)
		.map(([name, value]) => (value === true ? `--${name}` : `--${name} ${String(value)}`))
		.join(' ');
}

function numberOf(flag: string, text: string): number {
	const value = Number(text);
	if (!(value > 0)) throw new Error(`--${flag}: a number above 0`);
	return value;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});

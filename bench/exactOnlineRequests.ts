import { BenchHost } from './exactOnline/benchHost';
import { measureCreates } from './exactOnline/creates';
import { measureDivisions } from './exactOnline/divisions';
import { measureLoopOverItems } from './exactOnline/loopOverItems';
import { measureRows } from './exactOnline/rowPages';
import { measureGets } from './exactOnline/singleGets';
import { printSizes } from './exactOnline/sizes';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ITEMS = Number(process.env.BENCH_ITEMS ?? 1000);
const ROWS = [60_000, 100_000];

/** What is measured, by the name on the command line. */
const MEASURES: Readonly<Record<string, (host: BenchHost) => Promise<void>>> = {
	gets: async (host) => await measureGets(host, ITEMS, ROUNDS),
	rows: async (host) => await measureRows(host, ROWS, ROUNDS),
	loop: async (host) => await measureLoopOverItems(host, ITEMS, ROUNDS),
	creates: async (host) => await measureCreates(host, ITEMS, ROUNDS),
	divisions: async (host) => await measureDivisions(host, ROUNDS),
};

/**
 * `npm run bench -- [gets] [rows] [loop] [creates] [divisions]`: the Exact Online node in a real n8n against the simulator without limits, with
 * nothing of the executions stored; beside it what the same costs at least, and n8n's own HTTP Request node. All ways take turns
 * in one run of one n8n. Machines are noisy: wall time says little where others work too, CPU time of n8n's process more, and
 * only ratios are goals. Nothing fails on a time. With `BENCH_PROFILE=<folder>` each run of a node leaves a CPU profile there.
 */
async function main(): Promise<void> {
	const named = process.argv.slice(2);
	const unknown = named.find((name) => !(name in MEASURES));
	if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(MEASURES)}.`);
	await printSizes();
	const host = await BenchHost.start();
	try {
		for (const [name, measure] of Object.entries(MEASURES)) {
			if (named.length === 0 || named.includes(name)) await measure(host);
		}
	} finally {
		await host.dispose();
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { printTable } from '../test/support/chain/printTable';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const LOADER = resolve(__dirname, '../test/support/build/loadPackage.js');
const OWN_DIST = resolve(__dirname, '../dist');
const NOTION = resolve(__dirname, '../test/n8nHost/node_modules/n8n-nodes-base/dist/nodes/Notion');

/**
 * `npm run bench:load -- [dist of another checkout]`: CPU time of loading all built node and credential
 * files in a new process, and the third-party libraries of which code ran meanwhile. The other `dist`,
 * or else n8n's own Notion node (of whose time half is the goal), takes turns with it, and the ratio of their medians is
 * printed. Machines are noisy: only the ratio says something, and nothing fails.
 */
function main(): void {
	const other = process.argv[2] === undefined ? NOTION : distOf(process.argv[2]);
	const folders = [OWN_DIST, other];
	const times = new Map(folders.map((dist): [string, number[]] => [dist, []]));
	for (let round = 0; round <= ROUNDS; round += 1) {
		for (const dist of folders) {
			const ms = load(dist, 'time') as number;
			// The first round only fills the machine's file cache.
			if (round > 0) times.get(dist)?.push(ms);
		}
	}
	const reference = median(times.get(folders[folders.length - 1] ?? OWN_DIST) ?? []);
	const rows = folders.map((dist) => {
		const values = times.get(dist) ?? [];
		return {
			dist,
			'median ms': median(values).toFixed(1),
			'least ms': Math.min(...values).toFixed(1),
			ratio: (median(values) / reference).toFixed(2),
		};
	});
	printTable(`CPU time of loading the package, ${ROUNDS} new processes each`, rows);
	for (const dist of folders) {
		const libraries = load(dist, 'libraries') as string[];
		const text = libraries.length === 0 ? 'none' : libraries.join(', ');
		process.stdout.write(`\nThird-party libraries that ran while ${dist} was loaded: ${text}\n`);
	}
}

/** The `dist` that is named, itself or by the checkout it stands in. */
function distOf(folder: string): string {
	const inside = resolve(folder, 'dist');
	return existsSync(join(inside, 'nodes')) ? inside : resolve(folder);
}

function load(dist: string, wanted: 'time' | 'libraries'): unknown {
	const output = execFileSync(process.execPath, [LOADER, dist, wanted], { encoding: 'utf8' });
	return JSON.parse(output);
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

main();

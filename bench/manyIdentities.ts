import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { printTable } from '../test/support/chain/printTable';
import { markdownTable } from './results/entry';
import { writeResult } from './results/resultsFile';
import { LEGEND, vaultCosts, type Setup } from './vault/vaultCosts';

const LAST_ROW: Setup = { identities: 1_000, roundTripMs: 5 };

/**
 * What many identities cost the vault (`vaultCosts`). Flags:
 * - `--identities` (200): in every row but the last
 * - `--round-trips` (0,2,5,10): the rows of PostgreSQL, in milliseconds that are added
 * - `--quick`: without the last row, 1,000 identities at 5 ms
 * - `--results`: puts the table into bench/RESULTS.md
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			identities: { type: 'string', default: '200' },
			'round-trips': { type: 'string', default: '0,2,5,10' },
			quick: { type: 'boolean', default: false },
			results: { type: 'boolean', default: false },
		},
	});
	const identities = Number(values.identities);
	if (!Number.isInteger(identities) || identities < 1) throw new Error('--identities: a number');
	const roundTripsMs = values['round-trips'].split(',').map(Number);
	if (roundTripsMs.some((ms) => !(ms >= 0))) throw new Error('--round-trips: numbers');
	const setups: Setup[] = [
		{ identities },
		...roundTripsMs.map((roundTripMs) => ({ identities, roundTripMs })),
		...(values.quick ? [] : [LAST_ROW]),
	];
	const model = cpus()[0]?.model ?? 'unknown processor';
	process.stdout.write(`${availableParallelism()} cores (${model}), Node ${process.version}\n`);
	const rows = await vaultCosts(setups);
	printTable('All access tokens have ended: getToken for all identities at once', rows);
	process.stdout.write(LEGEND);
	if (!values.results) return;
	const flags = process.argv.slice(2).join(' ');
	writeResult({
		heading: 'The vault with many identities',
		outcome: `${identities} identities`,
		command: `npm run bench:vault -- ${flags}`,
		paragraphs: [markdownTable(rows)],
	});
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});

import { readFileSync } from 'node:fs';
import { markdownTable } from './results/entry';
import { writeResult } from './results/resultsFile';

/** A line of the file that the fleet writes, see `test/fleet/support/scenarioCounters.ts`. */
interface CountedScenario {
	scenario: string;
	counters: Record<string, number | string>;
}

/** What jest says of the scenarios, see `test/support/resultReporter.js`. */
interface Outcome {
	passed: number;
	failed: number;
	skipped: readonly unknown[];
}

/**
 * What `npm run test:fleet -- --results` runs at its end: puts the counters of all scenarios into bench/RESULTS.md.
 *
 * Arguments: the file with the counters, that with how many tests passed and failed, and how the fleet was called.
 */
function main([countersFile = '', outcomeFile = '', ...flags]: string[]): void {
	const scenarios = linesOf(countersFile).map((line) => JSON.parse(line) as CountedScenario);
	const { passed, failed, skipped } = JSON.parse(readFileSync(outcomeFile, 'utf8')) as Outcome;
	const notRun = skipped.length === 0 ? '' : `, ${skipped.length} not run`;
	writeResult({
		heading: 'Queue mode under faults',
		outcome: `${passed} scenarios passed, ${failed} failed${notRun}`,
		command: `npm run test:fleet -- ${flags.join(' ')}`,
		paragraphs: [
			"Counters of the simulators and of n8n's table of executions, a line for each scenario. An execution that stays `running` was " +
				'under way in a worker that was killed, or ended while n8n had no database to write that down.',
			markdownTable(
				scenarios.map(({ scenario, counters }) => ({ scenario: shortName(scenario), ...counters })),
			),
		],
	});
}

function linesOf(file: string): string[] {
	return readFileSync(file, 'utf8')
		.split('\n')
		.filter((line) => line !== '');
}

/** Without what all of them have in front. */
function shortName(scenario: string): string {
	return scenario.replace(/^n8n in queue mode with three workers, Redis and PostgreSQL /, '');
}

main(process.argv.slice(2));

import { printTable } from '../../test/support/chain/printTable';
import type { Measures } from './nodes/meter';
import type { Medians } from './rounds';

/** What was measured, one line for each way. */
export function printMeasures(title: string, medians: Medians): void {
	printTable(
		title,
		[...medians].map(([way, measures]) => ({ way, ...columnsOf(measures) })),
	);
}

function columnsOf({ wall, cpu, inside, insideCpu, peak, grown }: Measures) {
	return {
		'wall ms': wall.toFixed(0),
		'cpu ms': cpu.toFixed(0),
		'inside ms': inside?.toFixed(0) ?? '',
		'inside cpu ms': insideCpu?.toFixed(0) ?? '',
		'peak MB': peak.toFixed(0),
		'grown MB': grown.toFixed(0),
	};
}

/** A goal: what was measured against what it may be. */
export interface Goal {
	goal: string;
	is: number;
	atMost: number;
}

/** Whether goals are reached. */
export function printGoals(goals: readonly Goal[]): void {
	printTable(
		'Goals (ratios; nothing fails)',
		goals.map(({ goal, is, atMost }) => ({
			goal,
			is: is.toFixed(2),
			'at most': atMost.toFixed(2),
			reached: is <= atMost ? 'yes' : 'no',
		})),
	);
}

import type { Run } from './benchHost';
import type { Measures } from './nodes/meter';

/** Medians of what was measured, by the name of the way. */
export type Medians = ReadonlyMap<string, Measures>;

/**
 * Lets each way run in turns, since a machine has other work that comes and goes. The first round warms up and is not counted.
 */
export async function inTurns(ways: ReadonlyMap<string, Run>, rounds: number): Promise<Medians> {
	const all = new Map([...ways.keys()].map((name): [string, Measures[]] => [name, []]));
	for (let round = 0; round <= rounds; round += 1) {
		for (const [name, run] of ways) {
			const measures = await run();
			if (round > 0) all.get(name)?.push(measures);
		}
	}
	return new Map([...all].map(([name, list]) => [name, mediansOf(list)]));
}

function mediansOf(list: readonly Measures[]): Measures {
	const [{ first: _first, ...numbers } = {}] = list;
	const names = Object.keys(numbers) as Array<Exclude<keyof Measures, 'first'>>;
	const entries = names.map((name) => [name, median(list.map((one) => one[name] ?? NaN))]);
	return Object.fromEntries(entries) as unknown as Measures;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

import * as fc from 'fast-check';

import type { SimulatedWorld } from './simulatedWorld';
import { PROCESSES } from './simulatedWorld';

export const SECOND = 1_000;

/** How long programs get, and which commands of one that is repeated are run. */
export interface ProgramChoice {
	maxCommands: number;
	replayPath?: string | undefined;
}

/** One step of a program; everything that can run at once has run before the next one. */
export function command<World extends SimulatedWorld>(
	text: string,
	act: (world: World) => void | Promise<void>,
): fc.AsyncCommand<object, World> {
	return {
		check: () => true,
		run: async (_model, world) => {
			await act(world);
			await world.advance(0);
		},
		toString: () => text,
	};
}

export const anyProcess = fc.nat({ max: PROCESSES - 1 });

/** Time that passes: often as long as the service's own times, else anything up to a minute. */
export function passing<World extends SimulatedWorld>(...seconds: number[]) {
	return fc
		.oneof(
			fc.constantFrom(...seconds).map((one) => one * SECOND),
			fc.integer({ min: 1, max: 200 }),
			fc.integer({ min: 1 * SECOND, max: 60 * SECOND }),
		)
		.map((ms) => command<World>(`pass(${ms} ms)`, async (world) => await world.advance(ms)));
}

/** What can befall a process, whatever runs in it. */
export function troubles<World extends SimulatedWorld>() {
	const crash = fc.tuple(anyProcess, fc.nat({ max: 40 })).map(([index, waits]) =>
		command<World>(`crash(${index}, after ${waits} waits)`, (world) => {
			const process = world.process(index);
			if (process) process.crashAfter = waits;
		}),
	);
	const freeze = fc.tuple(anyProcess, fc.constantFrom(2, 40, 100, 700)).map(([index, seconds]) =>
		command<World>(`freeze(${index}, ${seconds} s)`, (world) => {
			world.process(index)?.freeze(seconds * SECOND);
			world.disturbed = true;
			world.count('freezes');
		}),
	);
	const storeFault = fc.tuple(anyProcess, fc.constantFrom(1, 8, 60)).map(([index, seconds]) =>
		command<World>(`storeFails(${index}, ${seconds} s)`, (world) => {
			world.process(index)?.failStore(seconds * SECOND);
			world.disturbed = true;
			world.count('faults of the store');
		}),
	);
	return { crash, freeze, storeFault };
}

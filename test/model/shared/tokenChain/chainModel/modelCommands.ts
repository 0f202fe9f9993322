import * as fc from 'fast-check';

import type { RequestFault } from './modelService';
import type { CredentialName, ModelWorld } from './modelWorld';
import { CREDENTIALS, PROCESSES } from './modelWorld';

type Command = fc.AsyncCommand<object, ModelWorld>;

const SECOND = 1_000;

function command(text: string, act: (world: ModelWorld) => void | Promise<void>): Command {
	return {
		check: () => true,
		run: async (_model, world) => {
			await act(world);
			await world.advance(0);
		},
		toString: () => text,
	};
}

const anyProcess = fc.nat({ max: PROCESSES - 1 });

const request = fc
	.tuple(anyProcess, fc.constantFrom<CredentialName>(...CREDENTIALS))
	.map(([index, credential]) =>
		command(`request(${index}, ${credential})`, (world) => world.request(index, credential)),
	);

/** Several executions in several processes at once. */
const rush = fc.uniqueArray(anyProcess, { minLength: 2 }).map((indexes) =>
	command(`rush(${indexes.join(', ')})`, (world) => {
		for (const index of indexes) {
			world.request(index, 'owner');
			world.request(index, 'hook');
		}
	}),
);

const pass = fc
	.oneof(
		fc.constantFrom(571, 605, 1_300).map((seconds) => seconds * SECOND),
		fc.integer({ min: 1, max: 200 }),
		fc.integer({ min: 1 * SECOND, max: 60 * SECOND }),
	)
	.map((ms) => command(`pass(${ms} ms)`, async (world) => await world.advance(ms)));

const crash = fc.tuple(anyProcess, fc.nat({ max: 40 })).map(([index, waits]) =>
	command(`crash(${index}, after ${waits} waits)`, (world) => {
		const process = world.process(index);
		if (process) process.crashAfter = waits;
	}),
);

const freeze = fc.tuple(anyProcess, fc.constantFrom(2, 40, 100, 700)).map(([index, seconds]) =>
	command(`freeze(${index}, ${seconds} s)`, (world) => {
		world.process(index)?.freeze(seconds * SECOND);
		world.disturbed = true;
		world.count('freezes');
	}),
);

const fault = fc
	.constantFrom<RequestFault>('lostRequest', 'lostAnswer', 'refused', 'notSent', 'slow', 'timeOut')
	.map((kind) =>
		command(`fault(${kind})`, (world) => {
			world.service.faults.push(kind);
			world.disturbed = true;
			world.count('faults of requests');
		}),
	);

const storeFault = fc.tuple(anyProcess, fc.constantFrom(1, 8, 60)).map(([index, seconds]) =>
	command(`storeFails(${index}, ${seconds} s)`, (world) => {
		world.process(index)?.failStore(seconds * SECOND);
		world.disturbed = true;
		world.count('faults of the store');
	}),
);

/** The worst moment: a new pair has arrived and is not saved. */
const atAnswer = fc
	.tuple(fc.constantFrom('freeze' as const, 'storeFails' as const), fc.constantFrom(8, 60, 700))
	.map(([trouble, seconds]) =>
		command(`atAnswer(${trouble}, ${seconds} s)`, (world) => {
			world.service.atAnswer.push((process) => {
				if (trouble === 'freeze') process.freeze(seconds * SECOND);
				else process.failStore(seconds * SECOND);
				world.count(`${trouble} at an answer`);
			});
			world.disturbed = true;
		}),
	);

/** A person needs a second or two; meanwhile everything else goes on. */
const logIn = fc.constantFrom('owner' as const, 'second' as const).map((credential) =>
	command(`logIn(${credential})`, async (world) => {
		await world.advance(1_500);
		world.logIn(credential);
	}),
);

const clock = fc.constantFrom(5, 600, 3_600, -5, -600).map((seconds) =>
	command(`clock(${seconds} s)`, (world) => {
		world.setClock(seconds * SECOND);
		world.count('clock jumps');
	}),
);

/** Random programs for a world: mostly requests and time, some trouble. */
export function programs(maxCommands: number) {
	return fc.commands<object, ModelWorld, false>(
		[
			request,
			request,
			rush,
			rush,
			pass,
			pass,
			pass,
			crash,
			crash,
			freeze,
			fault,
			storeFault,
			atAnswer,
			atAnswer,
			logIn,
			clock,
		],
		{ maxCommands, size: 'max' },
	);
}

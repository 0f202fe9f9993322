import * as fc from 'fast-check';

import { anyProcess, command, passing, SECOND, troubles } from '../../../support/commands';
import type { RequestFault } from './modelService';
import type { CredentialName, ModelWorld } from './modelWorld';
import { CREDENTIALS } from './modelWorld';

const request = fc
	.tuple(anyProcess, fc.constantFrom<CredentialName>(...CREDENTIALS))
	.map(([index, credential]) =>
		command(`request(${index}, ${credential})`, (world: ModelWorld) =>
			world.request(index, credential),
		),
	);

/** Several executions in several processes at once. */
const rush = fc.uniqueArray(anyProcess, { minLength: 2 }).map((indexes) =>
	command(`rush(${indexes.join(', ')})`, (world: ModelWorld) => {
		for (const index of indexes) {
			world.request(index, 'owner');
			world.request(index, 'hook');
		}
	}),
);

const pass = passing<ModelWorld>(571, 605, 1_300);

const { crash, freeze, storeFault } = troubles<ModelWorld>();

const fault = fc
	.constantFrom<RequestFault>(
		'lostRequest',
		'lostAnswer',
		'refused',
		'notSent',
		'slow',
		'timeOut',
		'forbiddenPage',
		'faultOnAnswer',
		'noRefreshToken',
	)
	.map((kind) =>
		command(`fault(${kind})`, (world: ModelWorld) => {
			world.service.faults.push(kind);
			world.disturbed = true;
			world.count('faults of requests');
		}),
	);

/** The worst moment: a new pair has arrived and is not saved. */
const atAnswer = fc
	.tuple(fc.constantFrom('freeze' as const, 'storeFails' as const), fc.constantFrom(8, 60, 700))
	.map(([trouble, seconds]) =>
		command(`atAnswer(${trouble}, ${seconds} s)`, (world: ModelWorld) => {
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
	command(`logIn(${credential})`, async (world: ModelWorld) => {
		await world.advance(1_500);
		world.logIn(credential);
	}),
);

const clock = fc.constantFrom(5, 600, 3_600, -5, -600).map((seconds) =>
	command(`clock(${seconds} s)`, (world: ModelWorld) => {
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

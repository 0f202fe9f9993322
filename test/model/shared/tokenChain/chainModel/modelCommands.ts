import * as fc from 'fast-check';

import type { ProgramChoice } from '../../../support/commands';
import { anyProcess, command, passing, SECOND, troubles } from '../../../support/commands';
import type { RequestFault } from './modelService';
import type { CredentialName, IssueNote } from './credentials';
import { CREDENTIALS } from './credentials';
import type { ModelWorld } from './modelWorld';

const GUESSES = 5;

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
const logIn = fc
	.tuple(
		fc.constantFrom('owner' as const, 'second' as const, 'stranger' as const),
		fc.constantFrom<IssueNote>('told', 'told', 'untold', 'leftOver'),
	)
	.map(([credential, note]) =>
		command(`logIn(${credential}, ${note})`, async (world: ModelWorld) => {
			await world.advance(1_500);
			world.logIn(credential, note);
		}),
	);

const clock = fc.constantFrom(5, 600, 3_600, -5, -600).map((seconds) =>
	command(`clock(${seconds} s)`, (world: ModelWorld) => {
		world.setClock(seconds * SECOND);
		world.count('clock jumps');
	}),
);

const forge = fc
	.record({
		refreshToken: fc.constantFrom('invented' as const, 'invented' as const, 'accomplices' as const),
		secret: fc.constantFrom('invented' as const, 'real' as const),
		claim: fc.constantFrom('now' as const, 'later' as const, 'untold' as const),
		policy: fc.constantFrom('refuse' as const, 'share' as const, 'takeOver' as const),
	})
	.map((forgery) =>
		command(`forge(${Object.values(forgery).join(', ')})`, (world: ModelWorld) =>
			world.forge(forgery),
		),
	);

const forged = anyProcess.map((index) =>
	command(`request(${index}, forger)`, (world: ModelWorld) => world.request(index, 'forger')),
);

/** The forger's pair with one invented client secret after the other. */
const guesses = anyProcess.map((index) =>
	command(`guesses(${index})`, async (world: ModelWorld) => {
		for (let guess = 0; guess < GUESSES; guess += 1) {
			world.credentials.guessSecret();
			world.request(index, 'forger');
			await world.advance(2 * SECOND);
		}
	}),
);

const choose = fc
	.constantFrom('refuse' as const, 'share' as const, 'takeOver' as const)
	.map((policy) => command(`choose(${policy})`, (world: ModelWorld) => world.choose(policy)));

const byHand = fc
	.tuple(
		fc.constantFrom('refreshNow' as const, 'release' as const, 'takeOver' as const),
		anyProcess,
		fc.constantFrom<CredentialName>('owner', 'second', 'forger'),
	)
	.map(([use, index, credential]) =>
		command(`${use}(${index}, ${credential})`, (world: ModelWorld) =>
			world.request(index, credential, use),
		),
	);

const rotate = fc
	.boolean()
	.map((corrected) =>
		command(`rotateSecret(${corrected ? '' : 'not '}corrected)`, (world: ModelWorld) =>
			world.rotateSecret(corrected),
		),
	);

const correct = fc.constant(
	command('correctSecrets', (world: ModelWorld) => world.credentials.correctSecrets()),
);

const snapshot = fc.constant(command('snapshot', (world: ModelWorld) => world.takeSnapshot()));

const fallBack = fc.constant(
	command('fallBack', async (world: ModelWorld) => await world.fallBack()),
);

const spillAndCrash = fc.constant(
	command('crashAtSpill', (world: ModelWorld) => {
		world.crashAtSpill += 1;
		world.disturbed = true;
	}),
);

/** A request is written ahead, and its process stands still before it leaves. */
const freezeAtAttempt = fc.constant(
	command('freezeAtAttempt', (world: ModelWorld) => {
		world.freezeAtAttempt += 1;
		world.disturbed = true;
	}),
);

/**
 * A log-in is first used when its token is about to end: its holder refreshes it and stands still at the
 * answer, while another process finds out whose it is.
 */
const frozenNewcomer = fc.uniqueArray(anyProcess, { minLength: 2, maxLength: 2 }).map((indexes) =>
	command(`frozenNewcomer(${indexes.join(', ')})`, async (world: ModelWorld) => {
		world.logIn('second', 'told');
		await world.advance(571 * SECOND);
		world.service.atAnswer.push((process) => process.freeze(100 * SECOND));
		world.disturbed = true;
		world.count('freezes at a first answer');
		for (const index of indexes) {
			world.request(index, 'second');
			await world.advance(SECOND / 2);
		}
		await world.advance(110 * SECOND);
	}),
);

/** The owner is proved, somebody comes with another client secret, and the next window opens. */
const firstHalf = anyProcess.map((index) =>
	command(`firstHalf(${index})`, async (world: ModelWorld) => {
		world.request(index, 'owner');
		await world.advance(605 * SECOND);
		world.request(index, 'owner');
		await world.advance(SECOND);
		world.request(index, 'wrongSecret');
		await world.advance(571 * SECOND);
		world.request(index, 'owner');
	}),
);

/** The store has done what it was asked, and its word on that is lost. */
const lostCommit = fc.tuple(anyProcess, fc.nat({ max: 8 })).map(([index, passed]) =>
	command(`lostCommit(${index}, after ${passed})`, (world: ModelWorld) => {
		world.process(index)?.loseCommit(passed);
		world.disturbed = true;
		world.count('answers to COMMIT lost, at most');
	}),
);

const identityFault = fc.constant(
	command('identityFault', (world: ModelWorld) => {
		world.service.identityFaults += 1;
		world.disturbed = true;
	}),
);

/** Plain use, and whatever can befall processes, store and network. */
const TROUBLE = [request, request, rush, rush, pass, pass, pass, crash, crash, freeze, fault];

const RIVALS = [
	request,
	rush,
	pass,
	pass,
	logIn,
	logIn,
	forge,
	forged,
	guesses,
	choose,
	byHand,
	rotate,
];

/** What a program is about. */
export const THEMES = {
	trouble: [...TROUBLE, storeFault, atAnswer, atAnswer, logIn, clock, lostCommit, spillAndCrash],
	unseen: [...TROUBLE, spillAndCrash, spillAndCrash, freezeAtAttempt, logIn],
	rivals: RIVALS,
	newcomers: [...RIVALS, firstHalf, firstHalf],
	fallBack: [...TROUBLE, snapshot, snapshot, fallBack, fallBack, logIn, byHand],
	everything: [
		...TROUBLE,
		storeFault,
		atAnswer,
		logIn,
		forge,
		forged,
		guesses,
		choose,
		byHand,
		rotate,
		correct,
		snapshot,
		fallBack,
		lostCommit,
		identityFault,
		spillAndCrash,
		freezeAtAttempt,
		frozenNewcomer,
	],
} as const;
export type Theme = keyof typeof THEMES;

/** Random programs for a world: mostly requests and time, some trouble. */
export function programs(theme: Theme, which: ProgramChoice) {
	return fc.commands<object, ModelWorld, false>([...THEMES[theme]], { ...which, size: 'max' });
}

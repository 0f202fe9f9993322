import * as fc from 'fast-check';

import type { ProgramChoice } from '../../support/commands';
import { anyProcess, command, passing, SECOND, troubles } from '../../support/commands';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { SimulatedProcess } from '../../support/simulatedProcess';
import { PROCESSES } from '../../support/simulatedWorld';
import type { AccountName } from './accounts';
import { ACCOUNTS, userOf } from './accounts';
import type { RequestFault, RequestKind } from './modelServer';
import type { SessionWorld } from './sessionWorld';

/** Long enough for the trouble of a command to strike before the program goes on. */
const STRIKING_MS = 2 * SECOND;

const anyAccount = fc.constantFrom<AccountName>(...ACCOUNTS);
const rightAccount = fc.constantFrom<AccountName>('keeper', 'idler', 'single', 'multi');

const request = fc
	.tuple(anyProcess, anyAccount)
	.map(([index, account]) =>
		command(`request(${index}, ${account})`, (world: SessionWorld) =>
			world.request(index, account),
		),
	);

/** Several executions in every process at once, some with several requests. */
const rush = rightAccount.map((account) =>
	command(`rush(${account})`, (world: SessionWorld) => {
		for (let index = 0; index < PROCESSES; index += 1) {
			world.request(index, account);
			world.execute(index, account, 'use', async (session) => {
				await Promise.all([world.ask(session), world.ask(session), world.ask(session)]);
			});
		}
	}),
);

/** An execution that has other things to do between two requests. */
const longUse = fc
	.tuple(anyProcess, rightAccount, fc.constantFrom(5, 25, 50))
	.map(([index, account, seconds]) =>
		command(`longUse(${index}, ${account}, ${seconds} s)`, (world: SessionWorld) => {
			world.execute(index, account, 'use', async (session, process) => {
				await world.ask(session);
				await process.wait(seconds * SECOND);
				await world.ask(session);
			});
		}),
	);

const logOn = fc.tuple(anyProcess, rightAccount).map(([index, account]) =>
	command(`logOn(${index}, ${account}, force)`, (world: SessionWorld) => {
		world.count('forced log-ons');
		world.execute(index, account, 'forcedLogOn', async (session) => {
			await session.logOn({ force: true });
		});
	}),
);

const logOff = fc
	.tuple(anyProcess, rightAccount, fc.boolean(), fc.boolean())
	.map(([index, account, force, createTokenFirst]) =>
		command(
			`logOff(${index}, ${account}${force ? ', force' : ''}${createTokenFirst ? ', token' : ''})`,
			(world: SessionWorld) => {
				world.disturbed ||= force;
				world.execute(index, account, force ? 'forcedLogOff' : 'logOff', async (session) => {
					await session.logOff({ force, createTokenFirst });
				});
			},
		),
	);

const loginToken = fc
	.tuple(anyProcess, rightAccount, fc.constantFrom('Single' as const, 'Multi' as const))
	.map(([index, account, usage]) =>
		command(`loginToken(${index}, ${account}, ${usage})`, (world: SessionWorld) => {
			world.execute(index, account, 'use', async (session) => {
				await session.createLoginToken({ usage });
			});
		}),
	);

const tokenLogOn = fc
	.tuple(anyProcess, rightAccount, fc.constantFrom(undefined, 'Single' as const, 'Multi' as const))
	.map(([index, account, usage]) =>
		command(`tokenLogOn(${index}, ${account}, ${usage ?? 'newest'})`, (world: SessionWorld) => {
			const given = usage === undefined ? {} : { token: world.handedToken(usage), usage };
			world.execute(index, account, 'tokenLogOn', async (session) => {
				const other = await session.tokenLogOn(given);
				try {
					await world.ask(other);
				} finally {
					if (other !== session) await other.release();
				}
			});
		}),
	);

const serverEnds = rightAccount.map((account) =>
	command(`serverEnds(${account})`, (world: SessionWorld) => {
		world.count(
			'sessions ended by the server',
			world.server.end(({ user }) => user.name === userOf(account)),
		);
		world.disturbed = true;
	}),
);

const fault = fc
	.tuple(
		fc.constantFrom<RequestKind>('logOn', 'logOff', 'loginToken', 'other'),
		fc.constantFrom<RequestFault>('lostRequest', 'lostAnswer', 'notSent', 'slow', 'timeOut'),
	)
	.map(([on, kind]) =>
		command(`fault(${kind} at ${on})`, (world: SessionWorld) => {
			world.server.faults.push({ on, kind });
			world.disturbed = true;
		}),
	);

const unavailable = fc.constantFrom(3, 30, 200).map((seconds) =>
	command(`unavailable(${seconds} s)`, (world: SessionWorld) => {
		world.server.unavailableUntil = world.time.now + seconds * SECOND;
		world.disturbed = true;
	}),
);

/** The worst moments: a session was opened or a token made, and nothing of it is saved. */
const atAnswer = fc
	.tuple(
		fc.constantFrom<RequestKind>('logOn', 'loginToken', 'logOff'),
		fc.constantFrom('freeze' as const, 'storeFails' as const, 'crash' as const),
		fc.constantFrom(8, 60, 700),
	)
	.map(([on, trouble, seconds]) =>
		command(`atAnswer(${on}, ${trouble}, ${seconds} s)`, (world: SessionWorld) => {
			world.server.atAnswer.push({
				on,
				befall: (process) => {
					if (trouble === 'freeze') process.freeze(seconds * SECOND);
					else if (trouble === 'crash') process.crash();
					else process.failStore(seconds * SECOND);
					world.count(`${trouble} at an answer`);
				},
			});
			world.disturbed = true;
		}),
	);

const commitLost = fc.tuple(anyProcess, fc.nat({ max: 6 })).map(([index, writes]) =>
	command(`commitLost(${index}, after ${writes} writes)`, (world: SessionWorld) => {
		world.process(index)?.loseCommit(writes);
		world.disturbed = true;
	}),
);

/** The store carries out what is written ahead of a request, and its answer is lost. */
const beginLost = fc.tuple(anyProcess, rightAccount).map(([index, account]) =>
	command(`beginLost(${index}, ${account})`, async (world: SessionWorld) => {
		world.process(index)?.loseCommit(0, `INSERT INTO ${TABLES.attempt}`);
		world.disturbed = true;
		world.request(index, account);
	}),
);

/** A session that has ended, and a log-on that meets trouble. */
const troubledLogOn = fc
	.tuple(
		anyProcess,
		rightAccount,
		fc.constantFrom<RequestFault | 'crash' | 'freeze' | 'crashAtSpill'>(
			'freeze',
			'lostRequest',
			'lostAnswer',
			'notSent',
			'slow',
			'timeOut',
			'crash',
			'crashAtSpill',
		),
	)
	.map(([index, account, trouble]) =>
		command(`troubledLogOn(${index}, ${account}, ${trouble})`, async (world: SessionWorld) => {
			world.disturbed = true;
			world.server.end(({ user }) => user.name === userOf(account));
			if (trouble === 'crashAtSpill') world.crashAtSpill += 1;
			else if (trouble === 'crash' || trouble === 'freeze') {
				const befall = (process: SimulatedProcess) =>
					trouble === 'crash' ? process.crash() : process.freeze(100 * SECOND);
				world.server.atAnswer.push({ on: 'logOn', befall });
			} else {
				world.server.faults.push({ on: 'logOn', kind: trouble });
			}
			world.request(index, account);
			world.request((index + 1) % PROCESSES, account);
			await world.advance(STRIKING_MS);
			await world.advance(STRIKING_MS);
		}),
	);

/** A log-off that meets trouble, and somebody who wants the session after it. */
const troubledLogOff = fc
	.tuple(
		anyProcess,
		rightAccount,
		fc.constantFrom<RequestKind>('logOff', 'logOff', 'loginToken'),
		fc.constantFrom<RequestFault | 'freeze'>(
			'lostRequest',
			'lostAnswer',
			'notSent',
			'timeOut',
			'freeze',
		),
	)
	.map(([index, account, on, kind]) =>
		command(
			`troubledLogOff(${index}, ${account}, ${kind} at ${on})`,
			async (world: SessionWorld) => {
				world.disturbed = true;
				world.execute(index, account, 'logOff', async (session) => {
					await world.ask(session);
					if (kind === 'freeze') {
						const befall = (process: SimulatedProcess) => process.freeze(100 * SECOND);
						world.server.atAnswer.push({ on, befall });
					} else {
						world.server.faults.push({ on, kind });
					}
					await session.logOff();
				});
				world.execute((index + 1) % PROCESSES, account, 'use', async (session, process) => {
					await process.wait(10 * SECOND);
					await world.ask(session);
				});
				await world.advance(STRIKING_MS);
			},
		),
	);

const pass = passing<SessionWorld>(31, 45, 130, 1_300);
const { crash, freeze, storeFault } = troubles<SessionWorld>();

/** Random programs for a world: mostly use and time, some trouble. */
export function programs(which: ProgramChoice) {
	return fc.commands<object, SessionWorld, false>(
		[
			request,
			request,
			rush,
			longUse,
			pass,
			pass,
			pass,
			logOn,
			logOff,
			logOff,
			loginToken,
			tokenLogOn,
			serverEnds,
			fault,
			fault,
			unavailable,
			atAnswer,
			commitLost,
			beginLost,
			troubledLogOn,
			troubledLogOn,
			troubledLogOff,
			troubledLogOff,
			crash,
			freeze,
			storeFault,
		],
		{ ...which, size: 'max' },
	);
}

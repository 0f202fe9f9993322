import { setTimeout as delay } from 'node:timers/promises';
import type { ExactHost } from '../../../test/e2e/support/exactHost';
import { startOnce, webhookWorkflow } from '../../../test/e2e/support/exactWorkflows';
import { runTogether } from '../../../test/e2e/support/together';
import { waitForExecution, waitForExecutions } from '../../../test/support/n8n';
import { Connection, type Told } from './connection';
import { WAYS } from './ways';

/** What is done to the connections of all ways. */
export interface Story {
	title: string;
	tell(exact: ExactHost): Promise<Told[]>;
	/** Connections that it makes, for each way one. */
	connections: number;
}

/** Whether a spent refresh token answers once more; public sources contradict each other. */
const READINGS = [
	['untilNewIsUsed', 'Exact Online honours the spent token until the new one is used'],
	['none', 'Exact Online does not honour a spent token'],
] as const;

const AT_ONCE = 20;
const SLOW_MS = 12_000;
const SLOW_TITLE = `Token endpoint takes ${SLOW_MS / 1000} s: ${AT_ONCE} executions at once`;
const RUNS = 3;

/** The kill comes so many milliseconds after the answer has left. */
const KILLS_MS = [0, 2, 5] as const;

/** Life of what is issued while an answer is lost, so that its window is open a moment later, in seconds. */
const SHORT_LIFE = 2;
const LONG_LIFE = 600;

type OneByOne = (connection: Connection, exact: ExactHost) => Promise<void>;

/** One connection of each way after another. */
function oneByOne(title: string, tell: OneByOne): Story {
	return {
		title,
		connections: 1,
		tell: async (exact) => {
			const all: Told[] = [];
			for (const connection of await Connection.endedInUse(exact, WAYS)) {
				connection.begin();
				await tell(connection, exact);
				exact.simulator.configure({ tokenDelayMs: 0, refuseValidTokens: false });
				all.push(connection.told());
			}
			return all;
		},
	};
}

async function together(connection: Connection, exact: ExactHost): Promise<void> {
	const node = connection.way.node(exact, connection.credential);
	const workflow = await webhookWorkflow(exact, node);
	await connection.alone(async () => {
		connection.took(await runTogether(exact, connection.identity, [workflow], AT_ONCE));
	});
}

/** The same without waiting until all have begun: the answer takes long enough for that. */
async function slowly(connection: Connection, exact: ExactHost): Promise<void> {
	exact.simulator.configure({ tokenDelayMs: SLOW_MS });
	const { workflow, start } = await webhookWorkflow(
		exact,
		connection.way.node(exact, connection.credential),
	);
	await connection.alone(async () => {
		await Promise.all(Array.from({ length: AT_ONCE }, start));
		connection.took(await waitForExecutions(exact.client, workflow.id, AT_ONCE));
	});
}

const loseAnswer: OneByOne = async (connection, exact) => {
	exact.simulator.configure({ accessTokenLifeSeconds: SHORT_LIFE });
	exact.simulator.faults.token.push({
		kind: 'lostAnswer',
		where: { tags: { clientId: connection.identity.clientId } },
	});
	await connection.run(1);
	// What was issued ends for both sides.
	await delay((SHORT_LIFE + 1) * 1000);
	exact.simulator.configure({ accessTokenLifeSeconds: LONG_LIFE });
	connection.age();
	await connection.run(RUNS - 1);
};

const reconnect: OneByOne = async (connection, exact) => {
	const { identity, credential, way } = connection;
	const hold = exact.simulator.hold('tokenReceived', {
		where: { tags: { clientId: identity.clientId, grantType: 'refresh_token' } },
	});
	await connection.alone(async () => {
		const id = await startOnce(exact, [way.node(exact, credential)]);
		const held = await hold.waiting();
		await exact.connect(credential, identity);
		held.release();
		connection.took([await waitForExecution(exact.client, id)]);
	});
	await connection.run(RUNS - 1);
};

/**
 * A second credential of the same app and user. Whether the chain lives, the first one tells.
 * @param which whose executions are counted
 */
function duplicate(which: 'first' | 'second'): Story {
	return {
		title: `Duplicate registration: the ${which} credential`,
		connections: 1,
		tell: async (exact) => {
			const all: Told[] = [];
			for (const connection of await Connection.endedInUse(exact, WAYS)) {
				const { way, identity, credential } = connection;
				exact.issueShortLives();
				await connection.run(1);
				const second = await way.connected(exact, identity, `${way.name}, second`);
				await connection.run(1, second);
				await exact.letTokenEnd(identity);
				connection.begin();
				const counted = which === 'first' ? credential : second;
				await connection.run(RUNS, counted);
				all.push(connection.told());
			}
			return all;
		},
	};
}

/** n8n is killed while the token requests of all ways are under way. */
function crash(title: string, kill: (exact: ExactHost, all: Connection[]) => Promise<void>): Story {
	return {
		title,
		connections: 1,
		tell: async (exact) => {
			const all = await Connection.endedInUse(exact, WAYS);
			exact.simulator.configure({ accessTokenLifeSeconds: SHORT_LIFE });
			await kill(exact, all);
			exact.simulator.holds.clear('drop');
			await exact.host.startAgain();
			exact.simulator.configure({ accessTokenLifeSeconds: LONG_LIFE });
			const told: Told[] = [];
			for (const connection of all) {
				connection.age();
				await connection.run(RUNS);
				told.push(connection.told());
			}
			return told;
		},
	};
}

/** Starts an execution of each way and waits until its token request is held. */
async function heldOf(
	exact: ExactHost,
	all: Connection[],
	point: 'tokenReceived' | 'tokenProcessed',
) {
	const held = [];
	for (const { identity, way, credential } of all) {
		const hold = exact.simulator.hold(point, {
			where: { tags: { clientId: identity.clientId } },
		});
		await startOnce(exact, [way.node(exact, credential)]);
		held.push(await hold.waiting());
	}
	return held;
}

function withReading(
	[grace, words]: (typeof READINGS)[number],
	{ title, connections, tell }: Story,
): Story {
	return {
		title: `${title}. ${words}`,
		connections,
		tell: async (exact) => {
			exact.simulator.configure({ grace });
			try {
				return await tell(exact);
			} finally {
				exact.simulator.configure({ grace: 'none' });
			}
		},
	};
}

/** The stories, by the names on the command line. */
export const STORIES: Readonly<Record<string, readonly Story[]>> = {
	parallel: [oneByOne(`Parallel expiry: ${AT_ONCE} executions at once`, together)],
	slow: [oneByOne(`${SLOW_TITLE}, one process`, slowly)],
	duplicate: [duplicate('first'), duplicate('second')],
	refused: [
		oneByOne('A 401 for another reason than age', async (connection, exact) => {
			await connection.run(1);
			connection.begin();
			exact.simulator.configure({ refuseValidTokens: true });
			await connection.run(RUNS);
		}),
	],
	reconnect: [oneByOne('Connect is pressed during a refresh', reconnect)],
	lost: READINGS.map((reading) =>
		withReading(reading, oneByOne('The answer to a refresh is lost', loseAnswer)),
	),
	crash: [
		crash(
			'n8n is killed while it waits for the answer, which had not been made',
			async (exact, all) => {
				const held = await heldOf(exact, all, 'tokenReceived');
				await exact.host.crash();
				for (const one of held) one.drop();
			},
		),
		...READINGS.flatMap((reading) =>
			KILLS_MS.map((ms) =>
				withReading(
					reading,
					crash(`n8n is killed ${ms} ms after the answer was sent`, async (exact, all) => {
						const held = await heldOf(exact, all, 'tokenProcessed');
						const left = all.map(({ identity }) =>
							exact.simulator.log.next('answered', { tags: { clientId: identity.clientId } }),
						);
						for (const one of held) one.release();
						await Promise.all(left);
						if (ms > 0) await delay(ms);
						await exact.host.crash();
					}),
				),
			),
		),
	],
};

/** What is told in queue mode. */
export const QUEUE_STORIES: readonly Story[] = [
	oneByOne(`${SLOW_TITLE}, queue mode with three workers`, slowly),
];

/** `npm run test:fleet -- --full` takes the counts that a release is judged by; else as many as fit into every run. */
const FULL = process.env.FLEET_FULL === '1';

/**
 * How much each scenario does. `storm` and `oneDivision`: webhook calls, and how many calls a division takes in a minute
 * of the service, which is fewer than come.
 */
export const SIZE = FULL
	? {
			lives: 20,
			kills: 20,
			storm: { calls: 500, perMinute: 6 },
			// Fewer than the ten executions that n8n gives each of three workers at once.
			oneDivision: { calls: 500, perMinute: 8 },
		}
	: {
			lives: 4,
			kills: 3,
			storm: { calls: 120, perMinute: 3 },
			oneDivision: { calls: 30, perMinute: 5 },
		};

/** Stands in the title of a table of counters. */
export const SIZE_NAME = FULL ? 'full counts' : 'short counts';

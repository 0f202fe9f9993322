/** `npm run test:fleet -- --full` takes the counts that a release is judged by; else as many as fit into every run. */
const FULL = process.env.FLEET_FULL === '1';

/** How much each scenario does. */
export const SIZE = FULL
	? { lives: 20, kills: 20, stormCalls: 500 }
	: { lives: 4, kills: 3, stormCalls: 150 };

/** Stands in the title of a table of counters. */
export const SIZE_NAME = FULL ? 'full counts' : 'short counts';

import '../support/modelMocks';
import './sessionModel/sessionMocks';

import { printedSearch } from '../support/searchOptions';
import { checkSessions } from './sessionModel/checkSessions';

const RUNS = 120;
const UNSEEN_RUNS = 40;

/** A search in which these do not happen shows nothing. */
const HAPPENED = [
	'answered 503',
	'answers to COMMIT lost',
	'crashes',
	'crashes right after a spill',
	'failed DOCUWARE_NO_LICENCE',
	'failed DOCUWARE_SESSION_IN_USE',
	'faults of the store',
	'freezes',
	'log-offs',
	'log-ons by password',
	'log-ons by token',
	'lostAnswer at logOff',
	'lostAnswer at logOn',
	'lostRequest at logOn',
	'notSent at logOn',
	'sessions ended by the server',
	'sessions nobody knows',
];
const LIMIT_MS = 15 * 60_000;

it(
	'keeps the contract under random use, log-offs, login tokens, crashes, losses and freezes',
	async () => {
		const name = 'model of DocuWare sessions';
		const { report, runs, counts } = await printedSearch(
			name,
			RUNS,
			async (options) => await checkSessions(options),
		);
		expect(report).toBe('');
		const missing = HAPPENED.filter((what) => (counts[what] ?? 0) === 0);
		if (runs >= RUNS) expect(missing).toEqual([]);
	},
	LIMIT_MS,
);

it(
	'keeps it where no process can see whether another one lives',
	async () => {
		const name = 'model of DocuWare sessions, unseen processes';
		const { report, runs, counts } = await printedSearch(
			name,
			UNSEEN_RUNS,
			async (options) => await checkSessions(options, undefined, true),
		);
		expect(report).toBe('');
		if (runs >= UNSEEN_RUNS) expect(counts['crashes right after a spill']).toBeGreaterThan(0);
	},
	LIMIT_MS,
);

import '../support/modelMocks';
import './sessionModel/sessionMocks';

import { printedSearch } from '../support/searchOptions';
import { checkSessions } from './sessionModel/checkSessions';

const RUNS = 200;
const LIMIT_MS = 15 * 60_000;

it(
	'keeps the contract under random use, log-offs, login tokens, crashes, losses and freezes',
	async () => {
		const { report } = await printedSearch('model of DocuWare sessions', RUNS, checkSessions);
		expect(report).toBe('');
	},
	LIMIT_MS,
);

import '../../support/modelMocks';

import { printedSearch } from '../../support/searchOptions';
import { checkModel } from './chainModel/checkModel';

const RUNS = 500;
const LIMIT_MS = 15 * 60_000;

it(
	'keeps the contract under random requests, reconnects, crashes, losses, freezes and clock jumps',
	async () => {
		const { report } = await printedSearch('model of the token chain', RUNS, checkModel);
		expect(report).toBe('');
	},
	LIMIT_MS,
);

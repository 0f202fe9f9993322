import { ConnectorError } from '../../../../../nodes/shared/errors';
import type { PollWork } from '../../../../../nodes/shared/node/pollFrame';

/** A poll that finds nothing. */
export const NO_NEWS: PollWork = {
	form: { fields: [], emptyValue: 'EMPTY' },
	beginning: () => ({ settings: '', start: '', first: () => null }),
	poll: async () => await Promise.resolve(),
	connection: async () => await Promise.resolve({ state: 'well', json: {} }),
	isBroken: () => false,
	mustWait: () => false,
	outOfTime: () => new ConnectorError('LATE', 'Too late.', { repair: 'Wait.' }),
};

import { asItemContext } from '../../shared/node/asItemContext';
import type { PollRun } from '../../shared/node/pollFrame';
import { oncePerRun } from '../../shared/node/polls/oncePerRun';
import { createRunMemory } from '../resources/common/runMemory';
import type { OperationCall } from '../resources/operation';
import { impatientClock } from './impatience';
import { openClient } from './triggerClient';

/**
 * A poll as what reads for operations knows it: one item, and a client that waits for no limit unless a person runs the
 * node by hand. One for all that the poll asks.
 * @throws ConnectorError EXACT_NOT_CONNECTED, EXACT_CREDENTIAL_INVALID or a VAULT_* code
 */
export const pollCall: (run: PollRun) => Promise<OperationCall> = oncePerRun(
	async ({ context, signal, isSample }) => ({
		...{ context: asItemContext(context), itemIndex: 0, signal, memory: createRunMemory() },
		...(await openClient(context, isSample ? undefined : impatientClock())),
	}),
);

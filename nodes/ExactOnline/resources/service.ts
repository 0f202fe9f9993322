import type { ItemCall } from '../../shared/node/operation';
import type { NodeService } from '../../shared/node/runNode';
import { cancelled } from '../api/clientErrors';
import { ExactOnlineClient } from '../api/exactOnlineClient';
import { CREDENTIAL_TYPE } from '../auth/credentialData';
import { createAccessTokenSource, type NodeAccessTokenSource } from '../auth/nodeAccessTokenSource';
import { boundedClock } from './common/boundedClock';
import { readCallLimits } from './common/callLimitsField';
import { createRunMemory, type RunMemory } from './common/runMemory';
import type { OperationCall } from './operation';

/** How long a reading of the credential is good for, in milliseconds. */
const REREAD_MS = 5_000;

/** How the operations of this node reach Exact Online: a client of the item's credential. */
export const exactOnlineService: NodeService<OperationCall> = {
	errors: {
		unknownOperation: 'EXACT_UNKNOWN_OPERATION',
		notForAi: 'EXACT_NOT_FOR_AI',
		emptyValue: 'EXACT_EMPTY_VALUE',
		cancelled,
	},
	begin() {
		const memory = createRunMemory();
		return async (item) => {
			const source = await readSource(item, memory);
			const credentialId = item.context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
			const automatic = item.context.getMode() !== 'manual';
			memory.callLimits ??= readCallLimits(item);
			const { longestWaitMs, ...limits } = memory.callLimits;
			const manner = { ...limits, automatic, item: item.itemIndex };
			const clock = longestWaitMs === undefined ? {} : { clock: boundedClock(longestWaitMs) };
			const client = new ExactOnlineClient(source, { credentialId, ...manner, ...clock });
			return { ...item, source, client, memory };
		};
	},
};

/**
 * The credential, read again every few seconds: n8n needs milliseconds for each reading, and a long
 * run has to notice within the guard's overlap that somebody has pressed Connect again.
 */
async function readSource(
	{ context, itemIndex }: ItemCall,
	memory: RunMemory,
): Promise<NodeAccessTokenSource> {
	const now = performance.now();
	if (memory.source && now - memory.source.readAt < REREAD_MS) return memory.source.value;
	const value = await createAccessTokenSource(context, itemIndex);
	memory.source = { value, readAt: now };
	return value;
}

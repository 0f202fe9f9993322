import { ConnectorError } from '../../../shared/errors';
import { runsAsTool } from '../../../shared/node/toolRun';
import type { OperationCall } from '../operation';

/**
 * Stops what a model must not decide when the node runs as an AI tool.
 *
 * @throws ConnectorError DOCUWARE_NOT_FOR_AI
 */
export function refuseAsTool({ context }: Pick<OperationCall, 'context'>, what: string): void {
	if (!runsAsTool(context)) return;
	throw new ConnectorError('DOCUWARE_NOT_FOR_AI', `${what} is not available to an AI agent.`, {
		repair: `A person decides about this: use ${what} in a workflow of its own.`,
	});
}

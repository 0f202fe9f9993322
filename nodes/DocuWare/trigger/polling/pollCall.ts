import type { IPollFunctions } from 'n8n-workflow';
import type { NodeRun } from '../../../shared/node/nodeRun';
import type { OperationCall } from '../../resources/operation';
import { triggerCall } from '../triggerCall';
import { PARAMETERS } from './triggerFields';

/** Parameters of conditions, with what they are where no conditions are asked for, whatever the hidden fields hold. */
const WITHOUT_CONDITIONS: Readonly<Record<string, unknown>> = {
	dialogId: '',
	conditionsAs: 'rows',
	conditions: {},
	combine: 'And',
};

/** The call of a poll, which waits for no limit. */
export async function pollCall(context: IPollFunctions, run: NodeRun): Promise<OperationCall> {
	const hasConditions = context.getNodeParameter(PARAMETERS.hasConditions, false) === true;
	const values = hasConditions ? {} : WITHOUT_CONDITIONS;
	return await triggerCall(context, run, { values, waits: false });
}

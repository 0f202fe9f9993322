import type { PollRun } from '../../../shared/node/pollFrame';
import { oncePerRun } from '../../../shared/node/polls/oncePerRun';
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

/** The call of a poll, which waits for no limit; one for all that the poll asks. */
export const pollCall: (run: PollRun) => Promise<OperationCall> = oncePerRun(async (run) => {
	const { context } = run;
	const hasConditions = context.getNodeParameter(PARAMETERS.hasConditions, false) === true;
	const values = hasConditions ? {} : WITHOUT_CONDITIONS;
	return await triggerCall(context, run, { values, waits: false });
});

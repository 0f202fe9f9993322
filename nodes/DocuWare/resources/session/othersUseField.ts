import type { INodeProperties } from 'n8n-workflow';
import type { LogOffOptions } from '../../auth/session/sessionTypes';
import type { OperationCall } from '../operation';

/** The value that no model may choose; belongs to `refusedAsTool`. */
export const LOG_OFF_ANYWAY = 'logOff';

/** What a log-off does while other executions use the session. */
export const othersUseField: INodeProperties = {
	displayName: 'If Others Use It',
	name: 'ifOthersUse',
	type: 'options',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'The node fails, and the error says how many executions use the session',
		},
		{
			name: 'Leave It Open',
			value: 'leaveOpen',
			description:
				'Nothing is ended, and the output says so: of parallel runs the last one logs off. HTTP Request ' +
				'nodes count for 30 seconds, which are waited for.',
		},
		{
			name: 'Log Off Anyway',
			value: LOG_OFF_ANYWAY,
			description: 'Whoever still uses the session has to log on again',
		},
	],
	default: 'leaveOpen',
	description: 'What to do where other executions use the session at this moment',
};

/** What the item chooses. */
export function readOthersUse({
	context,
	itemIndex,
}: OperationCall): Pick<LogOffOptions, 'force' | 'leaveOpen'> {
	const chosen: unknown = context.getNodeParameter('ifOthersUse', itemIndex, 'leaveOpen');
	return { force: chosen === LOG_OFF_ANYWAY, leaveOpen: chosen === 'leaveOpen' };
}

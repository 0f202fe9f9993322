import type { DocuWareResource } from '../operation';
import { getWorkflowHistory } from './getHistory.operation';

export const workflow: DocuWareResource = {
	name: 'Workflow',
	value: 'workflow',
	operations: [getWorkflowHistory],
	defaultOperation: getWorkflowHistory.value,
};

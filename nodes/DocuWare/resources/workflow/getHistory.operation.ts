import type { INodeProperties } from 'n8n-workflow';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { invalidParameter } from '../../api/clientErrors';
import { sessionFields } from '../common/sessionFields';
import { historyPath, instanceJson } from '../document/workflowSteps';
import type { DocuWareOperation, OperationCall } from '../operation';

const workflowField: INodeProperties = {
	displayName: 'Workflow ID',
	name: 'workflowId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 0c135ffb-1616-4607-9d9f-f3ea7789de12',
	description: 'The field workflowId in the output of Document: Get History',
};

const instanceField: INodeProperties = {
	displayName: 'Instance ID',
	name: 'instanceId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. be39345c-af7e-521e-81ca-12fc4b8c7d02',
	description: 'The field instanceId in the output of Document: Get History',
};

/** `GET Workflows/{id}/Instances/{id}/History` (docs/facts/docuware.md 8.2). */
export const getWorkflowHistory: DocuWareOperation = {
	name: 'Get History',
	value: 'getHistory',
	action: 'Get history of workflow instance',
	description: 'Get the steps of one run of a workflow',
	fields: [...sessionFields, workflowField, instanceField, ...entityOutputFields],
	async execute(call) {
		const workflowId = readId(call, workflowField);
		const instanceId = readId(call, instanceField);
		const path = historyPath(workflowId, instanceId);
		const history = await call.client.read({ path, signal: call.signal });
		const simplify = () => instanceJson({ Id: instanceId, WorkflowId: workflowId, ...history });
		return outputRows(call, [history], { simplify });
	},
};

function readId({ context, itemIndex }: OperationCall, field: INodeProperties): string {
	const id = String(context.getNodeParameter(field.name, itemIndex, '') ?? '').trim();
	if (/^[\w{}-]{1,80}$/.test(id)) return id;
	throw invalidParameter(
		`"${id.slice(0, 40)}" is no ${field.displayName} (item ${itemIndex}).`,
		'Take it from the output of Document: Get History.',
	);
}

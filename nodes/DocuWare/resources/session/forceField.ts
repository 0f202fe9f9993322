import type { INodeProperties } from 'n8n-workflow';
import { refuseAsTool } from '../common/notForAi';
import type { OperationCall } from '../operation';

/** The switch *Force*, with what it means for the operation. */
export function forceField(description: string): INodeProperties {
	return {
		displayName: 'Force',
		name: 'force',
		type: 'boolean',
		default: false,
		description,
	};
}

/**
 * Whether the item asks for force.
 *
 * @throws ConnectorError DOCUWARE_NOT_FOR_AI where a model asks for it
 */
export function readForce(call: OperationCall): boolean {
	const wanted = call.context.getNodeParameter('force', call.itemIndex, false) === true;
	if (wanted) refuseAsTool(call, 'Force');
	return wanted;
}

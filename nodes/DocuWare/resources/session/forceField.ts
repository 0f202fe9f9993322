import type { INodeProperties } from 'n8n-workflow';
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

/** Whether the item asks for force; belongs to `refusedAsTool`. */
export function readForce({ context, itemIndex }: OperationCall): boolean {
	return context.getNodeParameter('force', itemIndex, false) === true;
}

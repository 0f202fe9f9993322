import type { Resource } from '../operation';
import { call } from './call.operation';

/**
 * Last in the list and with this very name: n8n adds an entry of its own, which leads to the HTTP
 * Request node, to every list that does not end with it.
 */
export const customApiCall: Resource = {
	name: 'Custom API Call',
	value: 'customApiCall',
	operations: [call],
	defaultOperation: call.value,
};

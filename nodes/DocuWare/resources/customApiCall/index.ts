import type { DocuWareResource } from '../operation';
import { customCall } from './call.operation';

export const customApiCall: DocuWareResource = {
	name: 'Custom API Call',
	value: 'customApiCall',
	operations: [customCall],
	defaultOperation: customCall.value,
};

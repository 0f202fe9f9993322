import type { Resource } from '../operation';
import { getStatus } from './getStatus.operation';

export const authorization: Resource = {
	name: 'Authorization',
	value: 'authorization',
	operations: [getStatus],
	defaultOperation: getStatus.value,
};

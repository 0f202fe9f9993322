import type { Resource } from '../operation';
import { getMe } from './get.operation';

export const me: Resource = {
	name: 'Me',
	value: 'me',
	endpoint: 'current/Me',
	operations: [getMe],
	defaultOperation: getMe.value,
};

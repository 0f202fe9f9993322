import type { Resource } from '../operation';
import { getManyDivisions } from './getMany.operation';

export const division: Resource = {
	name: 'Division',
	value: 'division',
	operations: [getManyDivisions],
	defaultOperation: getManyDivisions.value,
};

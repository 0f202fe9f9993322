import type { Resource } from '../operation';
import { getManyDivisions } from './getMany.operation';

export const division: Resource = {
	name: 'Division',
	value: 'division',
	endpoint: 'system/Divisions',
	operations: [getManyDivisions],
	defaultOperation: getManyDivisions.value,
};

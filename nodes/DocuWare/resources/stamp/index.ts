import type { DocuWareResource } from '../operation';
import { getManyStamps } from './getMany.operation';

export const stamp: DocuWareResource = {
	name: 'Stamp',
	value: 'stamp',
	operations: [getManyStamps],
	defaultOperation: getManyStamps.value,
};

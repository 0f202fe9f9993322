import type { DocuWareResource } from '../operation';
import { getManyFileCabinets } from './getMany.operation';

export const fileCabinet: DocuWareResource = {
	name: 'File Cabinet',
	value: 'fileCabinet',
	operations: [getManyFileCabinets],
	defaultOperation: getManyFileCabinets.value,
};

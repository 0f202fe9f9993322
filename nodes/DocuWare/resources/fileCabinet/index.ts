import type { DocuWareResource } from '../operation';
import { getFileCabinet } from './get.operation';
import { getDialogs } from './getDialogs.operation';
import { getFields } from './getFields.operation';
import { getManyFileCabinets } from './getMany.operation';
import { getSelectListValues } from './getSelectListValues.operation';

export const fileCabinet: DocuWareResource = {
	name: 'File Cabinet',
	value: 'fileCabinet',
	operations: [getFileCabinet, getDialogs, getFields, getManyFileCabinets, getSelectListValues],
	defaultOperation: getManyFileCabinets.value,
};

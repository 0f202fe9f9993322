import type { DocuWareResource } from '../operation';
import { deleteFromTrashBin } from './delete.operation';
import { restoreFromTrashBin } from './restore.operation';
import { searchTrashBin } from './search.operation';

export const trashBin: DocuWareResource = {
	name: 'Trash Bin',
	value: 'trashBin',
	operations: [deleteFromTrashBin, restoreFromTrashBin, searchTrashBin],
	defaultOperation: searchTrashBin.value,
};

import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { trashRows } from './trashBatch';
import { trashIdsField } from './trashFields';

/** `POST TrashBin/BatchDelete` (docs/facts/docuware.md 7.3). */
export const deleteFromTrashBin: DocuWareOperation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete documents from trash bin',
	description: 'Delete documents in the trash bin for good',
	fields: [changesField, ...sessionFields, trashIdsField],
	refusedAsTool: changesAsTool,
	async execute(call) {
		return await trashRows(call, {
			rel: 'batchDelete',
			member: 'deleted',
			failed: 'No document was deleted',
		});
	},
};

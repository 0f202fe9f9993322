import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { trashRows } from './trashBatch';
import { trashIdsField } from './trashFields';

/** `POST TrashBin/BatchRestore` (docs/facts/docuware.md 7.3). */
export const restoreFromTrashBin: DocuWareOperation = {
	name: 'Restore',
	value: 'restore',
	action: 'Restore documents from trash bin',
	description: 'Bring deleted documents back to their file cabinets',
	fields: [changesField, ...sessionFields, trashIdsField],
	refusedAsTool: changesAsTool,
	async execute(call) {
		return await trashRows(call, {
			rel: 'batchRestore',
			member: 'restored',
			failed: 'No document was restored',
		});
	},
};

import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { documentOutputFields, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { linkOf, readDocument, versionedFields } from './locatedDocument';
import { changeFor, documentRows } from './sendChange';
import { refusedVersion } from './versionRefusal';

/** `ProcessDocumentAction` (docs/facts/docuware.md 7.3). */
export const undoCheckOut: DocuWareOperation = {
	name: 'Undo Check Out',
	value: 'undoCheckOut',
	action: 'Undo check out of document',
	description:
		'Give a checked-out document back without a change; what was changed in its file is lost',
	fields: [changesField, ...sessionFields, ...versionedFields, ...documentOutputFields],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const document = await readDocument(call, 'cabinets');
		const output = await readDocumentOutput(call, document.cabinetId);
		const answer = await changeFor(call, {
			method: 'PUT',
			address: linkOf(call, document, 'processDocumentAction'),
			body: { DocumentAction: 'UndoCheckOut' },
		}).catch(async (error: unknown) => await refusedVersion(call, document, error, true));
		return documentRows(output, answer);
	},
};

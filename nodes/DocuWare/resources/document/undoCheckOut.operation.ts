import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { documentPath } from '../../api/cabinetFacts';
import { documentOutputFields, documentRow, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { linkOf, placeOf, readDocument, versionedFields } from './locatedDocument';
import { changedDocument } from './readChanged';
import { changeFor } from './sendChange';
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
		const path = documentPath(document.cabinetId, document.documentId);
		const changed = await changedDocument(call, path, answer);
		if (changed) return [documentRow(output, changed)];
		return [{ json: { checkOutUndone: true, ...placeOf(document) } }];
	},
};

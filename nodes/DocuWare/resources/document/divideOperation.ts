import type { INodeProperties } from 'n8n-workflow';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import type { CabinetKind } from '../../api/cabinetFacts';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentIdField, readDocumentId } from '../common/documentIdField';
import { documentOutputFields, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { linkOf, locateDocument } from './locatedDocument';
import { forceOption, requireTray } from './mergeOperation';
import { changedRows, changeFor } from './sendChange';

interface Division {
	operation: 'Split' | 'Unclip' | 'Unstaple';
	kind: CabinetKind;
	moreFields?: INodeProperties[];
	/** What the request says besides; reads the item, and sends nothing. */
	more?(call: OperationCall): object;
}

const DONE = { Split: 'split', Unclip: 'unclipped', Unstaple: 'unstapled' } as const;

/** Makes several documents of one (docs/facts/docuware.md 7.3, 7.4). */
export function divideOperation(
	words: Pick<DocuWareOperation, 'name' | 'value' | 'action' | 'description'>,
	{ operation, kind, moreFields = [], more = () => ({}) }: Division,
): DocuWareOperation {
	return {
		...words,
		fields: [
			changesField,
			...sessionFields,
			fileCabinetField(kind),
			documentIdField,
			...moreFields,
			...documentOutputFields,
			optionsCollection([forceOption]),
		],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const documentId = readDocumentId(call);
			const further = more(call);
			const cabinetId = await readFileCabinetId(call, kind);
			if (kind === 'trays') requireTray(words.name, cabinetId);
			const output = await readDocumentOutput(call, cabinetId);
			const document = await locateDocument(call, cabinetId, documentId);
			const answer = await changeFor(call, {
				method: 'POST',
				address: linkOf(call, document, 'contentDivideOperation'),
				body: { Operation: operation, Force: isOn(readOptions(call).force), ...further },
			});
			const done = { [DONE[operation]]: true, documentId, fileCabinetId: cabinetId };
			return changedRows(call, output, answer, done);
		},
	};
}

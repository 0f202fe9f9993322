import type { INodeProperties } from 'n8n-workflow';
import type { OutputRow } from '../../../shared/node/operation';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalidParameter } from '../../api/clientErrors';
import { cabinetLink } from '../../api/documentLinks';
import {
	dialogField,
	fileCabinetField,
	readDialogId,
	readFileCabinetId,
} from '../common/cabinetField';
import { documentOutputFields, readDocumentOutput } from '../common/documentOutput';
import { INDEX_FIELD_ROWS, indexFieldOptions } from '../common/indexFieldInputs';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { documentIdsField, readDocumentIds } from './documentIds';
import { changeFor, documentRows } from './sendChange';
import { keepOthersOption, transferFieldInputs, transferredDocuments } from './transferFields';

const SOURCE = 'sourceFileCabinetId';

const sourceField = fileCabinetField('both', {
	displayName: 'From',
	name: SOURCE,
	description: 'The file cabinet or document tray that the documents are in',
});

const targetField = fileCabinetField('both', {
	displayName: 'To',
	description: 'The file cabinet or document tray that the documents go to',
});

const modeField: INodeProperties = {
	displayName: 'Mode',
	name: 'transferMode',
	type: 'options',
	options: [
		{ name: 'Copy', value: 'copy', description: 'The documents stay where they are, too' },
		{ name: 'Move', value: 'move', description: 'The documents leave where they are' },
	],
	default: 'copy',
};

const storeDialogField = dialogField('Store', {
	displayName: 'Store Dialog',
	description: 'Dialog of the target whose rules the documents are stored by; none if empty',
});

const defaultDialogOption: INodeProperties = {
	displayName: 'Use Default Store Dialog',
	name: 'useDefaultDialog',
	type: 'boolean',
	default: false,
	description: "Whether the user's default store dialog of the target is used, where there is one",
};

const suggestionsOption: INodeProperties = {
	displayName: 'Fill From Suggestions',
	name: 'fillIntellix',
	type: 'boolean',
	default: false,
	description: 'Whether Intelligent Indexing fills index fields of the target',
};

/** `Task/Transfer` of the target (docs/facts/docuware.md 7.3, 7.4). */
export const transferDocuments: DocuWareOperation = {
	name: 'Transfer',
	value: 'transfer',
	action: 'Transfer documents',
	description: 'Copy or move documents to another file cabinet or document tray',
	fields: [
		changesField,
		...sessionFields,
		sourceField,
		documentIdsField('The documents to copy or move'),
		modeField,
		targetField,
		storeDialogField,
		...transferFieldInputs,
		...documentOutputFields,
		optionsCollection([
			...indexFieldOptions,
			suggestionsOption,
			keepOthersOption,
			defaultDialogOption,
		]),
	],
	refusedAsTool: changesAsTool,
	dealsWithGapsIn: [INDEX_FIELD_ROWS],
	async execute(call) {
		const { context, itemIndex } = call;
		const ids = readDocumentIds(call, 1);
		const isMove = context.getNodeParameter(modeField.name, itemIndex, 'copy') === 'move';
		const { fillIntellix, useDefaultDialog } = readOptions(call);
		const sourceId = await readFileCabinetId(call, 'both', SOURCE);
		const targetId = await readFileCabinetId(call, 'both');
		if (isMove && sourceId.toLowerCase() === targetId.toLowerCase()) {
			throw invalidParameter(
				`Item ${itemIndex} moves documents to where they are; nothing was changed.`,
				'Choose another target, or Copy.',
			);
		}
		const dialogId = await readDialogId(call, targetId, 'Store');
		const target = await call.facts.cabinet(targetId);
		const output = await readDocumentOutput(call, targetId);
		const documents = await transferredDocuments(call, ids, sourceId, target);
		const answer = await changeFor(call, {
			method: 'POST',
			address: cabinetLink(call.client, targetId, target.resource, 'transfer'),
			...(dialogId === undefined ? {} : { query: [['StoreDialogId', dialogId]] }),
			vendorType: 'vnd.docuware.platform.documentstransferinfo+json',
			body: {
				SourceFileCabinetId: sourceId,
				Documents: documents,
				KeepSource: !isMove,
				FillIntellix: isOn(fillIntellix),
				UseDefaultDialog: isOn(useDefaultDialog),
			},
		});
		const rows = Array.isArray(answer.Items) ? documentRows(output, answer) : [];
		if (rows.length === 0) return [transferredRow(ids, targetId, isMove)];
		if (rows.length < ids.length) {
			context.addExecutionHints({
				message: `DocuWare tells of ${rows.length} of the ${ids.length} documents of item ${itemIndex} in the target. Look there before you send the others again.`,
				type: 'warning',
				location: 'outputPane',
			});
		}
		return rows;
	},
};

/** Where the server does not say which documents there are now. */
function transferredRow(ids: readonly number[], fileCabinetId: string, isMove: boolean): OutputRow {
	return {
		json: {
			transferred: ids.length,
			[isMove ? 'movedDocumentIds' : 'copiedDocumentIds']: [...ids],
			fileCabinetId,
		},
	};
}

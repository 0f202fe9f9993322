import type { INodeProperties } from 'n8n-workflow';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalidParameter } from '../../api/clientErrors';
import {
	INDEX_FIELD_ROWS,
	indexFieldInputs,
	indexFieldOptions,
	readIndexFields,
} from '../common/indexFieldInputs';
import type { DocuWareOperation } from '../operation';
import { batchDocumentFields, readBatchDocuments } from './batchDocuments';
import { batchOutput, changeInBatches } from './batchRequest';
import { forceUpdateOption } from './updateIndexFields.operation';

export const stopAtErrorOption: INodeProperties = {
	displayName: 'Stop at First Error',
	name: 'stopAtError',
	type: 'boolean',
	default: false,
	description:
		'Whether documents behind one that cannot be changed are left as they are. Which ones failed the output says in any case.',
};

const CONTENT_TYPE = 'application/vnd.docuware.platform.batchupdateprocess+json';

/** `POST …/Operations/BatchDocumentsUpdateFields` (docs/facts/docuware.md 7.3). */
export const batchUpdate: DocuWareOperation = {
	name: 'Batch Update',
	value: 'batchUpdate',
	action: 'Batch update documents',
	description:
		'Give the same index fields of many documents new values; those that are not given stay as they are',
	fields: [
		...batchDocumentFields,
		...indexFieldInputs,
		changesField,
		optionsCollection([...indexFieldOptions, forceUpdateOption, stopAtErrorOption]),
	],
	refusedAsTool: changesAsTool,
	dealsWithGapsIn: [INDEX_FIELD_ROWS],
	async execute(call) {
		const { forceUpdate, stopAtError } = readOptions(call);
		const { fileCabinetId, documentIds } = await readBatchDocuments(call);
		const { names } = await call.facts.cabinet(fileCabinetId);
		const Field = readIndexFields(call, { names, isNew: false });
		if (Field.length === 0) {
			throw invalidParameter('No index field is given. Nothing was sent.', 'Give at least one.');
		}
		const breaks = isOn(stopAtError);
		const Data = {
			Field,
			StoreDialogId: '',
			BatchSize: '100',
			BreakOnError: breaks,
			ForceUpdate: isOn(forceUpdate),
		};
		const change = {
			contentType: CONTENT_TYPE,
			body: (ids: readonly number[]) => ({
				Source: { $type: 'BatchUpdateDocumentsSource', Id: ids },
				Data,
			}),
			next: () => Data,
		};
		const rows = await changeInBatches(call, fileCabinetId, documentIds, change, breaks);
		return batchOutput(rows);
	},
};

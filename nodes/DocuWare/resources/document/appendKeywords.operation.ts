import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalidParameter } from '../../api/clientErrors';
import type { FieldNames } from '../../fields/fieldNames';
import { invalidValue, writeField } from '../../fields/writeFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { batchDocumentFields, readBatchDocuments } from './batchDocuments';
import { batchOutput, changeInBatches } from './batchRequest';
import { stopAtErrorOption } from './batchUpdate.operation';
import { forceUpdateOption } from './updateIndexFields.operation';

const keywordField: INodeProperties = {
	displayName: 'Keyword Field Name or ID',
	name: 'keywordField',
	type: 'options',
	typeOptions: {
		loadOptionsMethod: 'getKeywordFields',
		loadOptionsDependsOn: ['fileCabinetId.value'],
	},
	default: '',
	required: true,
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const keywordsField: INodeProperties = {
	displayName: 'Keywords',
	name: 'keywords',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. urgent',
	description: 'One keyword, or several as a list such as ["urgent", "paid"]',
};

const CONTENT_TYPE = 'application/vnd.docuware.platform.batchappendkeywordvalues+json';

/** `POST …/Operations/BatchDocumentsUpdateFields` with keywords (docs/facts/docuware.md 7.3). */
export const appendKeywords: DocuWareOperation = {
	name: 'Append Keywords',
	value: 'appendKeywords',
	action: 'Append keywords to documents',
	description:
		'Add keywords to a keyword field of one or many documents; those that are there stay',
	fields: [
		...batchDocumentFields,
		keywordField,
		keywordsField,
		changesField,
		optionsCollection([forceUpdateOption, stopAtErrorOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { forceUpdate, stopAtError } = readOptions(call);
		const { fileCabinetId, documentIds } = await readBatchDocuments(call);
		const { names } = await call.facts.cabinet(fileCabinetId);
		const breaks = isOn(stopAtError);
		const data = {
			...readKeywords(call, names),
			BreakOnError: breaks,
			StoreDialogId: '',
			ForceUpdate: isOn(forceUpdate),
		};
		const change = {
			contentType: CONTENT_TYPE,
			body: (ids: readonly number[]) => ({ DocId: ids, ...data }),
			next: () => data,
		};
		const rows = await changeInBatches(call, fileCabinetId, documentIds, change, breaks);
		return batchOutput(rows);
	},
};

function readKeywords(
	{ context, itemIndex }: OperationCall,
	names: FieldNames,
): { FieldName: string; Keyword: unknown } {
	const typed = String(context.getNodeParameter('keywordField', itemIndex, '')).trim();
	if (typed === '')
		throw invalidParameter('The keyword field is empty.', 'Choose a keyword field.');
	const field = names.find(typed);
	if (field.type !== 'Keyword') {
		throw invalidValue(field.name, 'is no keyword field.', 'Choose a field of the type Keyword.');
	}
	const { Item: item } = writeField(field, context.getNodeParameter('keywords', itemIndex, ''));
	if (isRecord(item)) return { FieldName: field.name, Keyword: item.Keyword };
	throw invalidParameter('No keyword is given. Nothing was sent.', 'Give at least one keyword.');
}

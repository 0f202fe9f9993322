import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { documentPath } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import { cabinetLink } from '../../api/documentLinks';
import type { FileToStore } from '../../api/files/storeOrder';
import {
	dialogField,
	fileCabinetField,
	readDialogId,
	readFileCabinetId,
} from '../common/cabinetField';
import { documentJson, documentOutputFields, readDocumentOutput } from '../common/documentOutput';
import {
	INDEX_FIELD_ROWS,
	indexFieldInputs,
	indexFieldOptions,
	readIndexFields,
} from '../common/indexFieldInputs';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { atATimeOption, readAtATime } from './atATime';
import { fileNameOption, inputFileField } from './fileFields';
import { ifExistsFields, matchValuesOf, readIfExists, readMatchNames } from './ifExists';
import { readFilesToStore, readFileToStore } from './inputFiles';
import { readChanged } from './readChanged';
import { storeWanted, type WantedDocument } from './storeWanted';
import { sendFields } from './updateIndexFields.operation';
import { modifiedOption, partsOption, processingOptions, readUploadOptions } from './uploadOptions';

type UploadContent = 'file' | 'files' | 'record';

const contentField: INodeProperties = {
	displayName: 'Content',
	name: 'uploadContent',
	type: 'options',
	options: [
		{ name: 'Data Record', value: 'record', description: 'Index fields without a file' },
		{ name: 'File', value: 'file' },
		{
			name: 'Several Files',
			value: 'files',
			description: 'One document with each file as a section of its own',
		},
	],
	default: 'file',
	description: 'What the document holds',
};

const inputFilesField: INodeProperties = {
	displayName: 'Input Binary Fields',
	name: 'binaryPropertyNames',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. attachment_0, attachment_1',
	hint: 'The names of the input fields that hold the files, with commas between them, in the order of the sections',
	displayOptions: { show: { uploadContent: ['files'] } },
};

/** `POST Documents` with index data and files (docs/facts/docuware.md 7.2). */
export const uploadDocument: DocuWareOperation = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload document',
	description: 'Store a file of the item with index fields, several files, or a data record',
	fields: [
		...sessionFields,
		fileCabinetField('cabinets'),
		contentField,
		{ ...inputFileField, displayOptions: { show: { uploadContent: ['file'] } } },
		inputFilesField,
		dialogField('Store', {
			displayName: 'Store Dialog',
			description: 'Whose fields and rules hold; the default of DocuWare if none is chosen',
		}),
		...indexFieldInputs,
		...ifExistsFields,
		...documentOutputFields,
		changesField,
		optionsCollection([
			...processingOptions,
			...indexFieldOptions,
			modifiedOption,
			fileNameOption,
			partsOption,
			atATimeOption,
		]),
	],
	refusedAsTool: changesAsTool,
	dealsWithGapsIn: [INDEX_FIELD_ROWS],
	sideBySide: readAtATime,
	async execute(call) {
		const wanted = await readWanted(call);
		const output = await readDocumentOutput(call, wanted.fileCabinetId);
		const { document, about } = await storeWanted(call, wanted);
		return [{ json: { ...documentJson(output, document), ...about } }];
	},
};

/** What the item wants to be stored, read and checked before anything is sent. */
async function readWanted(call: OperationCall): Promise<WantedDocument> {
	const { client, signal } = call;
	const ifExists = readIfExists(call);
	const files = await readFiles(call);
	const fileCabinetId = await readFileCabinetId(call, 'cabinets');
	const dialogId = await readDialogId(call, fileCabinetId, 'Store');
	const { names } =
		dialogId === undefined
			? await call.facts.cabinet(fileCabinetId)
			: await call.facts.dialog(fileCabinetId, dialogId);
	const matchNames = ifExists === 'add' ? [] : readMatchNames(call, names);
	const fields = readIndexFields(call, { names, isNew: true, matchNames });
	const { resource } = await call.facts.cabinet(fileCabinetId);
	const { query, ...options } = readUploadOptions(call);
	return {
		fileCabinetId,
		ifExists,
		matchValues: matchValuesOf(matchNames, fields),
		order: {
			...options,
			path: cabinetLink(client, fileCabinetId, resource, 'documents'),
			query: [...(dialogId === undefined ? [] : [['StoreDialogId', dialogId] as const]), ...query],
			indexData: JSON.stringify({ Fields: fields }),
			files,
			signal,
		},
		updateFields: async (documentId) => {
			const path = documentPath(fileCabinetId, documentId);
			if (fields.length === 0) return await client.read({ path, signal });
			await sendFields(call, { documentId, fileCabinetId }, fields, false);
			return await readChanged(call, path);
		},
	};
}

async function readFiles(call: OperationCall): Promise<FileToStore[]> {
	const { context, itemIndex } = call;
	const content = context.getNodeParameter('uploadContent', itemIndex, 'file') as UploadContent;
	if (content === 'record') return [];
	const chosenName = String(readOptions(call).fileName ?? '');
	if (content === 'file') {
		const field = String(context.getNodeParameter('binaryPropertyName', itemIndex, 'data'));
		return [await readFileToStore(call, field, chosenName)];
	}
	const fields = String(context.getNodeParameter('binaryPropertyNames', itemIndex, ''));
	const files = await readFilesToStore(call, fields, chosenName);
	if (files.length > 0) return files;
	throw invalidParameter(
		'No binary field is named.',
		'Name the input fields that hold the files, or choose Data Record as the content.',
	);
}

import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { cabinetLink } from '../../api/documentLinks';
import { storeDocument } from '../../api/files/storeDocument';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentJson, documentOutputFields, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import { atATimeOption, readAtATime } from '../document/atATime';
import { fileNameOption } from '../document/fileFields';
import { OUTCOMES } from '../common/outcomes';
import { readFilesToStore } from '../document/inputFiles';
import { known } from '../document/storeWanted';
import {
	modifiedOption,
	partsOption,
	processingOptions,
	readUploadOptions,
} from '../document/uploadOptions';
import { invalidParameter } from '../../api/clientErrors';
import type { DocuWareOperation } from '../operation';

const filesField: INodeProperties = {
	displayName: 'Input Binary Fields',
	name: 'binaryPropertyNames',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the input field that holds the file, or several with commas between them for one document of several files',
};

/** `POST FileCabinets/{trayId}/Documents` with files alone: trays have no index fields of their own (docs/facts/docuware.md 7.2). */
export const uploadToTray: DocuWareOperation = {
	name: 'Upload',
	value: 'uploadToTray',
	action: 'Upload document to document tray',
	description: 'Put files of the item into a document tray, where somebody indexes and stores them',
	fields: [
		...sessionFields,
		fileCabinetField('trays'),
		filesField,
		...documentOutputFields,
		changesField,
		optionsCollection([
			...processingOptions,
			modifiedOption,
			fileNameOption,
			partsOption,
			atATimeOption,
		]),
	],
	refusedAsTool: changesAsTool,
	sideBySide: readAtATime,
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const options = readOptions(call);
		const fields = String(context.getNodeParameter('binaryPropertyNames', itemIndex, 'data'));
		const files = await readFilesToStore(call, fields, String(options.fileName ?? ''));
		if (files.length === 0) {
			throw invalidParameter('No binary field is named.', 'Name the input field with the file.');
		}
		const trayId = await readFileCabinetId(call, 'trays');
		const output = await readDocumentOutput(call, trayId);
		const { resource } = await call.facts.cabinet(trayId);
		const document = await storeDocument(client, {
			...readUploadOptions(call),
			path: cabinetLink(client, trayId, resource, 'documents'),
			indexData: undefined,
			files,
			signal,
		});
		const stored = known(call, trayId, document);
		return [{ json: { ...documentJson(output, stored), ...OUTCOMES.created } }];
	},
};

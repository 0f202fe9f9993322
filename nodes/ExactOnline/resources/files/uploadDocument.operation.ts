import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { optionsCollection } from '../../../shared/node/optionsField';
import { readEndpoint } from '../../catalogue/catalogue';
import { divisionField } from '../common/divisionField';
import type { Operation } from '../operation';
import { readWanted } from '../records/create.operation';
import { writeWanted } from '../records/newRecord';
import { outputFields, recordKeys } from '../records/outputFields';
import type { RecordTarget } from '../records/target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { valueFields, valueOptions } from '../records/valueFields';
import { fileNameOption, inputFileField } from './fileFields';
import { ATTACHMENTS, readFileToSend, sendAttachment } from './sendAttachment';

/** Makes a document with a file of the item. */
export function uploadDocument(target: RecordTarget): Operation {
	return {
		name: 'Upload',
		value: 'upload',
		action: 'Upload document',
		description: 'Create a document with a file of the item',
		fields: [
			divisionField,
			inputFileField,
			...valueFields(target.data, 'POST'),
			...outputFields,
			changesField,
			optionsCollection([fileNameOption, ...valueOptions]),
		],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const file = await readFileToSend(call);
			const wanted = await readWanted(call, target);
			const { json } = await writeWanted(call, wanted);
			const document = String(json.recordId);
			const row = await sendAttachment(call, wanted.place.division, document, file).catch(
				(error: unknown) => withoutFile(error, document),
			);
			const { recordId: attachmentId } = recordKeys(readEndpoint(ATTACHMENTS), row);
			return [{ json: { ...json, attachmentId, fileName: file.name } }];
		},
	};
}

/** The document is there already, and a second run would make another one. */
function withoutFile(error: unknown, document: string): never {
	if (!isConnectorError(error)) passOn(error);
	const { code, message, httpStatus, serviceMessage } = error;
	throw new ConnectorError(
		code,
		`The document ${document} was made, but its file was not added: ${message}`,
		{
			repair: `Add the file with Document Attachment > Upload, or delete the document, before running this again. ${error.repair}`,
			httpStatus,
			serviceMessage,
		},
	);
}

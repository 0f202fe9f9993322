import { optionsCollection } from '../../../shared/node/optionsField';
import { isRecord } from '../../../shared/http';
import { readEndpoint } from '../../catalogue/catalogue';
import { divisionField, readDivision } from '../common/divisionField';
import type { Operation } from '../operation';
import { recordKeys } from '../records/outputFields';
import { referenceLocator } from '../records/referenceFields';
import { withReferencesResolved } from '../records/references';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { fileNameOption, inputFileField } from './fileFields';
import { ATTACHMENTS, readFileToSend, sendAttachment } from './sendAttachment';
import { guidText } from '../../odata/values';
import { inField } from '../../odata/invalidValue';

/** Adds a file of the item to a document that exists. */
export const uploadAttachment: Operation = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload document attachment',
	description: 'Add a file of the item to a document',
	fields: [
		divisionField,
		referenceLocator('Document', true),
		inputFileField,
		changesField,
		optionsCollection([fileNameOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { context, itemIndex } = call;
		const file = await readFileToSend(call);
		const stands: unknown = context.getNodeParameter('document', itemIndex);
		const value = isRecord(stands) ? stands.value : stands;
		const division = await readDivision(call);
		const endpoint = readEndpoint(ATTACHMENTS);
		const { Document } = await withReferencesResolved(call, endpoint, division, {
			Document: value,
		});
		const document = inField('Document', () => guidText(Document));
		const row = await sendAttachment(call, division, document, file);
		const json = { ...recordKeys(endpoint, row), created: true, document, fileName: file.name };
		return [{ json }];
	},
};

import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { appendSection } from './appendSection';
import { documentTargetFields, readDocumentTarget } from './documentTarget';
import { fileNameOption, inputFileField } from './fileFields';
import { readFileToStore } from './inputFiles';
import { sectionRow } from './sectionOutput';
import { hint, modifiedOption, partsOption, readUploadOptions } from './uploadOptions';

/** `POST Sections?DocId=` with the file as the body (docs/facts/docuware.md 7.3). */
export const appendFile: DocuWareOperation = {
	name: 'Append File',
	value: 'appendFile',
	action: 'Append file to document',
	description: 'Add a file of the item to a document, as its last section',
	fields: [
		...sessionFields,
		...documentTargetFields,
		inputFileField,
		changesField,
		optionsCollection([fileNameOption, modifiedOption, partsOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { context, itemIndex } = call;
		const target = await readDocumentTarget(call);
		const options = readOptions(call);
		const field = String(context.getNodeParameter('binaryPropertyName', itemIndex, 'data'));
		const file = await readFileToStore(call, field, String(options.fileName ?? ''));
		const section = await appendSection(call, target, {
			...readUploadOptions(call),
			files: [file],
		});
		if (section.Id === undefined) {
			hint(
				call,
				`DocuWare has added the file of item ${itemIndex} and does not give the ID of its section. Get Sections has it.`,
			);
		}
		return [{ json: sectionRow(target, section) }];
	},
};

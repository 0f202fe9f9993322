import { parseObject, safeFileName } from '../../../shared/http';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { filesInParts } from '../../api/files/filesInParts';
import { sendInParts } from '../../api/files/sendInParts';
import { uploadTimeout } from '../../api/files/storeOrder';
import { tooLarge } from '../../api/files/uploadErrors';
import type { PlatformResource } from '../../api/platformClient';
import { addressBelow } from '../../api/relations';
import { rawBody } from '../../upload/multipart';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import type { FileOrder } from './appendSection';
import { belowSection, resolveSectionId, sectionPath } from './documentSections';
import { documentTargetFields, readDocumentTarget, type DocumentTarget } from './documentTarget';
import { fileNameOption, inputFileField, sectionField } from './fileFields';
import { readFileToStore } from './inputFiles';
import { sectionRow } from './sectionOutput';
import { partsOption, readUploadOptions } from './uploadOptions';

/** `POST Sections/{id}/Data?fileName=` with the file as the body (docs/facts/docuware.md 7.3). */
export const replaceSection: DocuWareOperation = {
	name: 'Replace Section',
	value: 'replaceSection',
	action: 'Replace section of document',
	description: 'Put a file of the item in the place of one of the files of a document',
	fields: [
		...sessionFields,
		...documentTargetFields,
		sectionField,
		inputFileField,
		changesField,
		optionsCollection([fileNameOption, partsOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { context, itemIndex } = call;
		const target = await readDocumentTarget(call);
		const field = String(context.getNodeParameter('binaryPropertyName', itemIndex, 'data'));
		const file = await readFileToStore(call, field, String(readOptions(call).fileName ?? ''));
		const given = String(context.getNodeParameter('sectionId', itemIndex, ''));
		const sectionId = await resolveSectionId(call, target, given);
		const order = { ...readUploadOptions(call), files: [file] as const };
		const section = await replaceWith(call, target, sectionId, order);
		return [{ json: sectionRow(target, section) }];
	},
};

const OTHER_WAY = 'Or have it sent in smaller requests: lower Options > Send in Parts Above.';

/**
 * Puts a file in the place of a section, a large one in parts (docs/facts/docuware.md 7.3, 7.5).
 * @returns the section as it is now
 */
export async function replaceWith(
	call: OperationCall,
	target: DocumentTarget,
	sectionId: string,
	{ files, modifiedAt, partsAbove, warn }: FileOrder,
): Promise<PlatformResource> {
	const { client, signal } = call;
	const [file] = files;
	const usual = `${sectionPath(target, sectionId)}/Data`;
	const query = [['fileName', safeFileName(file.fileName)]] as const;
	const below = belowSection(target, sectionId, 'content', usual, query);
	const place = { path: await addressBelow(call, below), query: [] };
	const large = filesInParts(files, partsAbove);
	if (large !== undefined) {
		const order = { ...place, indexData: undefined, makes: 'section' as const, partsAbove };
		return await sendInParts(client, { ...order, files, modifiedAt, signal, warn }, large);
	}
	const { body, headers } = rawBody(file);
	const answer = await client
		.send({
			method: 'POST',
			...place,
			body,
			headers,
			timeoutMs: uploadTimeout(file.size),
			signal,
		})
		.catch((error: unknown) => tooLarge(error, OTHER_WAY));
	const section = parseObject(answer.body);
	if (section?.Id !== undefined) return section;
	// What the answer holds is not said anywhere; the change is made, whatever comes of the look.
	const path = sectionPath(target, sectionId);
	return await client.read({ path, signal }).catch(() => ({ Id: sectionId }));
}

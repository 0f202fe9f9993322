import type { INodeProperties } from 'n8n-workflow';
import { safeFileName } from '../../../shared/http';
import { readInputFile } from '../../../shared/node/binaryInput';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { documentPath } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import { sendForResource } from '../../api/files/sendForResource';
import { uploadTimeout } from '../../api/files/storeOrder';
import { tooLarge } from '../../api/files/uploadErrors';
import { multipartBody } from '../../upload/multipart';
import { readFileCabinetId } from '../common/cabinetField';
import { readDocumentId } from '../common/documentIdField';
import { documentOutputFields, documentRow, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { readVersion, versionFields } from './checkInVersion';
import { linkOf, locateDocument, placeOf, versionedFields } from './locatedDocument';
import { keptName, parseKeptName, type KeptName } from './keptName';
import { changedDocument } from './readChanged';
import { refusedVersion } from './versionRefusal';

const inputFieldField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the input binary field with the file to check in',
};

const targetField: INodeProperties = {
	displayName: 'Document From',
	name: 'checkInDocument',
	type: 'options',
	options: [
		{ name: 'Fields', value: 'fields', description: 'File cabinet and document ID are given here' },
		{
			name: 'File Name',
			value: 'fileName',
			description: 'The name that the file has from Check Out says which document it is',
		},
	],
	default: 'fileName',
	description: 'How the document is found that the file belongs to',
};

const commentOption: INodeProperties = {
	displayName: 'Comment',
	name: 'comment',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description: 'What is said of the new version',
};

const givenFields = versionedFields.map((field): INodeProperties => ({
	...field,
	displayOptions: { show: { [targetField.name]: ['fields'] } },
}));

/** `CheckInFromFileSystem` (docs/facts/docuware.md 7.3, 7.4). */
export const checkInDocument: DocuWareOperation = {
	name: 'Check In',
	value: 'checkIn',
	action: 'Check in document',
	description: 'Give a checked-out document back with a new version of its file',
	fields: [
		changesField,
		...sessionFields,
		inputFieldField,
		targetField,
		...givenFields,
		...versionFields,
		...documentOutputFields,
		optionsCollection([commentOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const field = String(context.getNodeParameter(inputFieldField.name, itemIndex, 'data'));
		const comment = String(readOptions(call).comment ?? '');
		const file = await readInputFile(call, field);
		const { documentId, cabinetId, fileName } = await targetOf(call, file.fileName ?? '');
		const document = await locateDocument(call, cabinetId, documentId);
		const output = await readDocumentOutput(call, cabinetId);
		const parameters = JSON.stringify({
			DocumentVersion: readVersion(call, document.resource),
			Comments: comment,
			CheckInReturnDocument: 'CheckedIn',
		});
		const { body, headers } = multipartBody([
			{
				name: 'CheckIn',
				fileName: 'CheckIn.json',
				mediaType: 'application/json',
				content: parameters,
				size: Buffer.byteLength(parameters),
			},
			{
				name: 'File[]',
				fileName: keptName({ documentId, cabinetId, fileName }),
				mediaType: file.mediaType,
				content: file.body,
				size: file.size,
			},
		]);
		const path = linkOf(call, document, 'checkInFromFileSystem');
		const told = await sendForResource(client, {
			...{ method: 'POST', path, headers, body, signal },
			timeoutMs: uploadTimeout(file.size ?? 0),
		})
			.catch(async (error: unknown) => await refusedVersion(call, document, error, true))
			.catch((error: unknown) =>
				tooLarge(error, 'Check In sends a file in one request, whatever its size.'),
			);
		const changed = await changedDocument(call, documentPath(cabinetId, documentId), told);
		if (changed) return [documentRow(output, changed)];
		return [{ json: { checkedIn: true, ...placeOf(document) } }];
	},
};

interface CheckInTarget {
	documentId: number;
	cabinetId: string;
	/** Of the file, without what DocuWare puts in front. */
	fileName: string;
}

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER where the name says nothing, or another document than the fields */
async function targetOf(call: OperationCall, name: string): Promise<CheckInTarget> {
	const kept = keptNameIn(name);
	const { context, itemIndex } = call;
	if (context.getNodeParameter(targetField.name, itemIndex, 'fileName') !== 'fields') {
		if (kept !== undefined) return { ...kept, fileName: safeFileName(kept.fileName) };
		throw invalidParameter(
			`The file name "${name.slice(0, 80)}" of item ${itemIndex} is not one of Check Out, so it does not say which document it belongs to. Nothing was sent.`,
			'Keep the name that Check Out gave the file (number, plus sign, ID of the file cabinet, plus sign, name), or set Document From to Fields.',
		);
	}
	const documentId = readDocumentId(call);
	const cabinetId = await readFileCabinetId(call, 'cabinets');
	const isOther =
		kept !== undefined &&
		(kept.documentId !== documentId || kept.cabinetId.toLowerCase() !== cabinetId.toLowerCase());
	if (!isOther) {
		return { documentId, cabinetId, fileName: safeFileName(kept?.fileName ?? name) };
	}
	throw invalidParameter(
		`The file of item ${itemIndex} was checked out from document ${kept.documentId} of the file cabinet ${kept.cabinetId}, not from document ${documentId} of ${cabinetId}. Nothing was sent.`,
		'Correct the fields, or set Document From to File Name.',
	);
}

/** A name may have folders in front, or a slash of its own. */
function keptNameIn(name: string): KeptName | undefined {
	return parseKeptName(name) ?? parseKeptName(name.split(/[/\\]/).at(-1) ?? '');
}

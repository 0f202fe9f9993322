import type { INodeProperties } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';
import type { OperationCall } from '../operation';

const DOCUMENT = 'documentId';

/** The document that an operation works on, by its number. */
export const documentIdField: INodeProperties = {
	displayName: 'Document ID',
	name: DOCUMENT,
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 4711',
	description: 'The number of the document in its file cabinet or tray, DWDOCID',
};

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER */
export function readDocumentId(
	{ context, itemIndex }: Pick<OperationCall, 'context' | 'itemIndex'>,
	name = DOCUMENT,
): number {
	return parseDocumentId(context.getNodeParameter(name, itemIndex, ''));
}

/**
 * The number of a document, also as text.
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER
 */
export function parseDocumentId(value: unknown): number {
	const text = String(value ?? '').trim();
	const id = Number(text);
	if (/^\d{1,15}$/.test(text) && id > 0) return id;
	throw invalidParameter(
		text === '' ? 'The document ID is empty.' : `"${text.slice(0, 40)}" is no ID of a document.`,
		'Give the number of the document (DWDOCID), such as 4711; the output of Search and Upload has it as documentId.',
	);
}

import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { invalidParameter } from '../../api/clientErrors';
import { givenList } from '../common/givenList';
import { parseDocumentId } from '../common/documentIdField';
import type { OperationCall } from '../operation';

/** Several documents of one file cabinet or tray. */
export function documentIdsField(description: string): INodeProperties {
	return {
		displayName: 'Document IDs',
		name: 'documentIds',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 4711, 4712',
		description,
		hint: 'Numbers with commas between them, or an array from an expression',
	};
}

/**
 * Their numbers in the order in which they were given.
 *
 * @param least how many the operation needs
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for what is no number, one that is given twice, and too few
 */
export function readDocumentIds(
	{ context, itemIndex }: Pick<OperationCall, 'context' | 'itemIndex'>,
	least: number,
): number[] {
	const ids = entriesOf(context.getNodeParameter('documentIds', itemIndex, '')).map(
		parseDocumentId,
	);
	const twice = ids.find((id, index) => ids.indexOf(id) !== index);
	if (twice !== undefined) {
		throw invalidParameter(
			`Document ${twice} is named twice in Document IDs of item ${itemIndex}; nothing was changed.`,
			'Name each document once.',
		);
	}
	if (ids.length >= least) return ids;
	throw invalidParameter(
		`Document IDs of item ${itemIndex} names ${ids.length} of at least ${least} documents; nothing was changed.`,
		'Give the numbers (DWDOCID) with commas between them, or an array.',
	);
}

/** Entries may be documents of an earlier node. */
function entriesOf(value: unknown): unknown[] {
	return givenList(value).map((one) => (isRecord(one) ? (one.documentId ?? one.Id) : one));
}

import type { INodeProperties } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentIdOf } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import { isLimited } from '../../search/expression';
import type { OperationCall } from '../operation';
import { documentIdsField, readDocumentIds } from './documentIds';
import { documentPages } from './documentPages';
import { readSearch } from './readSearch';
import { conditionFields } from './searchFields';

const documentsBy: INodeProperties = {
	displayName: 'Documents By',
	name: 'documentsBy',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'IDs', value: 'ids', description: 'The documents with these numbers' },
		{ name: 'Search', value: 'search', description: 'All documents that a search finds' },
	],
	default: 'ids',
};

const documentIds: INodeProperties = {
	...documentIdsField('The documents to change'),
	displayOptions: { show: { documentsBy: ['ids'] } },
};

const COMMON = new Set(['fileCabinetId', ...sessionFields.map(({ name }) => name)]);

/** Which documents a change is made to: by their IDs, or those that a search finds. */
export const batchDocumentFields: INodeProperties[] = [
	...sessionFields,
	fileCabinetField('cabinets'),
	documentsBy,
	documentIds,
	...conditionFields
		.filter(({ name }) => !COMMON.has(name))
		.map((field) => ({
			...field,
			displayOptions: {
				...field.displayOptions,
				show: { documentsBy: ['search'], ...field.displayOptions?.show },
			},
		})),
];

/** The documents that the item names. */
export interface BatchDocuments {
	fileCabinetId: string;
	documentIds: number[];
}

/**
 * The documents that the item names. A search is read to its end before anything is changed, since a
 * change may take documents out of it.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for what is no ID, and for a search without any condition,
 *   or with one that every document fits, or in several file cabinets
 */
export async function readBatchDocuments(call: OperationCall): Promise<BatchDocuments> {
	const { context, itemIndex } = call;
	if (context.getNodeParameter('documentsBy', itemIndex, 'ids') !== 'search') {
		const ids = readDocumentIds(call, 1);
		return { fileCabinetId: await readFileCabinetId(call, 'cabinets'), documentIds: ids };
	}
	const search = await readSearch(call, 'cabinets');
	if (search.expression.groups.flat().length === 0) {
		throw invalidParameter(
			'The search has no condition, so that every document of the file cabinet would be changed. Nothing was sent.',
			'Add a condition; to change all documents say so, for instance by DWDOCID from 1.',
		);
	}
	if (!isLimited(search.expression)) {
		throw invalidParameter(
			'The search finds every document of the file cabinet, since its wildcards stand for any text. Nothing was sent.',
			'Check whether an expression gave nothing; to change all documents say so, for instance by DWDOCID from 1.',
		);
	}
	if ((search.terms.additionalCabinets ?? []).length > 0) {
		throw invalidParameter(
			'The search is for several file cabinets, and documents of one are changed at a time. Nothing was sent.',
			'Leave out the additional file cabinets, and make the change once for each file cabinet.',
		);
	}
	const found = new Set<number>();
	for await (const page of documentPages(call, {
		...search,
		fields: ['DWDOCID'],
		limit: Infinity,
	})) {
		for (const document of page) {
			const id = documentIdOf(document);
			if (id !== null) found.add(id);
		}
	}
	return { fileCabinetId: search.fileCabinetId, documentIds: [...found] };
}

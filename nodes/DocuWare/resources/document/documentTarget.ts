import type { INodeProperties } from 'n8n-workflow';
import { documentPath as pathOf } from '../../api/cabinetFacts';
import type { Below } from '../../api/relations';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentIdField, readDocumentId } from '../common/documentIdField';
import type { OperationCall } from '../operation';

/** A document in a cabinet or tray. */
export interface DocumentTarget {
	documentId: number;
	fileCabinetId: string;
}

/** Cabinet or tray, and document. */
export const documentTargetFields: INodeProperties[] = [fileCabinetField('both'), documentIdField];

/** @throws ConnectorError as `readDocumentId` and `readFileCabinetId` */
export async function readDocumentTarget(call: OperationCall): Promise<DocumentTarget> {
	const documentId = readDocumentId(call);
	return { documentId, fileCabinetId: await readFileCabinetId(call, 'both') };
}

/** Something of a document by its own link; see `addressBelow`. */
export function belowDocument(
	target: DocumentTarget,
	rel: string,
	usual: string,
	query: Below['query'] = [],
): Below {
	const kind = `documents of ${target.fileCabinetId}`;
	return { owner: documentPath(target), kind, usual, rel, query };
}

/** Path of a document. */
export function documentPath({ fileCabinetId, documentId }: DocumentTarget): string {
	return pathOf(fileCabinetId, documentId);
}

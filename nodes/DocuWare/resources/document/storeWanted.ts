import type { IDataObject } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { storeDocument } from '../../api/files/storeDocument';
import { totalSize, type StoreOrder } from '../../api/files/storeOrder';
import { withMore } from '../../api/files/uploadErrors';
import type { PlatformResource } from '../../api/platformClient';
import { documentIdOf } from '../common/documentOutput';
import { OUTCOMES } from '../common/outcomes';
import type { OperationCall } from '../operation';
import { findDocuments, readMatch, underMatchLease, type DocumentMatch } from './findDocuments';
import type { IfExists } from './ifExists';
import { replaceFiles } from './replaceFiles';
import { hint } from './uploadOptions';

/** A document that is to be there afterwards. */
export interface WantedDocument {
	fileCabinetId: string;
	order: StoreOrder;
	ifExists: IfExists;
	/** Values of the fields by which it is known again; none where it is added in any case. */
	matchValues: Readonly<Record<string, unknown>>;
	/** Writes the wanted index values into a document that is there. */
	updateFields(documentId: number): Promise<PlatformResource>;
}

/** One that is looked for first. */
type MatchedDocument = WantedDocument & { ifExists: Exclude<IfExists, 'add'> };

/** The document, and what became of it. */
export interface StoredDocument {
	document: PlatformResource;
	about: IDataObject;
}

/** Errors of an upload after which the document may be there. A fault of the server may have come after the change. */
const FATE_UNKNOWN = new Set([
	'DOCUWARE_WRITE_UNCONFIRMED',
	'DOCUWARE_UNEXPECTED_ANSWER',
	'DOCUWARE_SERVER_ERROR',
]);

/** So many documents that match are named. */
const MOST_NAMED = 10;

/**
 * Stores a document, or does what is wanted where it is there already. Look-up and upload run under a lease of cabinet and
 * match over all workers, so that two of them with the same values store one document.
 *
 * @throws ConnectorError DOCUWARE_AMBIGUOUS_DOCUMENT where several match, and those of search and upload
 */
export async function storeWanted(
	call: OperationCall,
	wanted: WantedDocument,
): Promise<StoredDocument> {
	const { fileCabinetId, order, ifExists, matchValues } = wanted;
	if (ifExists === 'add') {
		const document = await storeDocument(call.client, order);
		return { document: known(call, fileCabinetId, document), about: OUTCOMES.created };
	}
	const match = await readMatch(call, fileCabinetId, matchValues);
	return await underMatchLease(
		call,
		match,
		async () => await underLease(call, { ...wanted, ifExists }, match),
	);
}

async function underLease(
	call: OperationCall,
	wanted: MatchedDocument,
	match: DocumentMatch,
): Promise<StoredDocument> {
	const found = await onlyMatch(call, match);
	if (found) return await whereItExists(call, wanted, found);
	const stored = await storeDocument(call.client, wanted.order).then(
		(document): StoredDocument => ({ document, about: OUTCOMES.created }),
		async (error: unknown) => await afterUnknownFate(call, wanted, match, error),
	);
	if (documentIdOf(stored.document) !== null) return stored;
	// It was not there before, so the only one that is there now is the one that was stored.
	const [document, another] = await findDocuments(call, match, 2).catch(() => []);
	if (document !== undefined && another === undefined) return { ...stored, document };
	return { ...stored, document: known(call, wanted.fileCabinetId, stored.document) };
}

/** What is known of a stored document; a server may give no more than its success. */
export function known(
	call: Pick<OperationCall, 'context' | 'itemIndex'>,
	fileCabinetId: string,
	document: PlatformResource,
): PlatformResource {
	if (documentIdOf(document) !== null) return document;
	hint(
		call,
		`DocuWare has stored the document of item ${call.itemIndex} and does not give its number. Search finds it by its index values.`,
	);
	return { FileCabinetId: fileCabinetId, ...document };
}

async function whereItExists(
	call: OperationCall,
	{ ifExists, order, fileCabinetId, updateFields }: MatchedDocument,
	found: PlatformResource,
): Promise<StoredDocument> {
	const documentId = Number(documentIdOf(found));
	switch (ifExists) {
		case 'skip':
			return { document: found, about: skipped(call, found, order) };
		case 'updateFields':
			return { document: await updateFields(documentId), about: OUTCOMES.updated };
		case 'replaceFile': {
			const document = await replaceFiles(call, { documentId, fileCabinetId }, order);
			return { document, about: OUTCOMES.replaced };
		}
	}
}

/** @throws ConnectorError DOCUWARE_AMBIGUOUS_DOCUMENT */
async function onlyMatch(
	call: OperationCall,
	match: DocumentMatch,
): Promise<PlatformResource | undefined> {
	const found = await findDocuments(call, match, MOST_NAMED);
	if (found.length <= 1) return found[0];
	const ids = found.map((document) => documentIdOf(document)).join(', ');
	const more = found.length === MOST_NAMED ? ' and perhaps others' : '';
	throw new ConnectorError(
		'DOCUWARE_AMBIGUOUS_DOCUMENT',
		`Several documents have the values of Fields to Match: ${ids}${more}. Nothing was stored or changed.`,
		{ repair: 'Match by fields that only one document has, or delete the copies.' },
	);
}

/** It was not there before the upload, so what is there now was made by it, if it is whole. */
async function afterUnknownFate(
	call: OperationCall,
	{ order }: WantedDocument,
	match: DocumentMatch,
	error: unknown,
): Promise<StoredDocument> {
	if (!isConnectorError(error) || !FATE_UNKNOWN.has(error.code)) passOn(error);
	if (call.signal?.aborted === true) passOn(error);
	const found = await findDocuments(call, match, 2).catch(() => passOn(error));
	const [document, another] = found;
	if (document !== undefined && another === undefined) {
		const difference = differenceOf(document, order);
		if (difference === undefined) return { document, about: OUTCOMES.foundAfterUnknownFate };
		throw withMore(error, {
			message: `${difference} It may be an unfinished one.`,
			repair: 'Delete that document if it is not whole.',
		});
	}
	const message =
		document === undefined
			? 'It was looked for by the values of Fields to Match afterwards and not found.'
			: 'Several documents have the values of Fields to Match afterwards.';
	throw withMore(error, { message });
}

/** How a document differs from what was to be stored, as far as it tells. */
function differenceOf(document: PlatformResource, { files }: StoreOrder): string | undefined {
	const { SectionCount: sections, FileSize: bytes } = document;
	const name = `The document ${documentIdOf(document)} with these values`;
	if (typeof sections === 'number' && sections !== files.length) {
		return `${name} has ${sections} of ${files.length} files.`;
	}
	const [file, ...others] = files;
	if (file?.size === undefined || others.length > 0) return undefined;
	if (typeof bytes !== 'number' || bytes === file.size) return undefined;
	return `${name} has ${bytes} of ${file.size} bytes.`;
}

/**
 * A broken upload may have left a document without all of its files, or with a part of a large one: the output says so, for
 * the nodes behind, and a warning, for people.
 */
function skipped(call: OperationCall, found: PlatformResource, order: StoreOrder): IDataObject {
	const { files, partsAbove } = order;
	const size = totalSize(files) ?? 0;
	const lacksFiles = Number(found.SectionCount ?? NaN) < files.length;
	const lacksBytes = size > partsAbove && Number(found.FileSize ?? NaN) < size;
	const difference = lacksFiles || lacksBytes ? differenceOf(found, order) : undefined;
	if (difference === undefined) return OUTCOMES.skipped;
	hint(call, `${difference} It was skipped and may be unfinished.`);
	return OUTCOMES.skippedUnfinished;
}

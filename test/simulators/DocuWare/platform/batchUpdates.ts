import type { Answer } from '../../shared/answers';
import { isRecord } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { contentTypeOf } from '../http/simulatedRequest';
import { fieldOf } from '../world/cabinets';
import type { SimulatedDialog, SimulatedFileCabinet } from '../world/cabinets';
import type { StoredDocument } from '../world/documents';
import { InvalidValue } from '../world/sentValues';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { documentResource } from './documentResource';
import { cabinetFor } from './fileCabinets';
import { heldMessage } from './holds';
import { changeValues, indexed, storeDialogOf } from './indexing';
import { idOf } from './jsonBody';
import { hits, jsonBody, searchOf } from './searches';

const updateType = 'application/vnd.docuware.platform.batchupdateprocess+json';
const appendType = 'application/vnd.docuware.platform.batchappendkeywordvalues+json';

/** `POST Operations/BatchDocumentsUpdateFields` in its two forms, told apart by the content type (docs/facts/docuware.md 7.3). */
export const batchUpdate: SignedInHandler = (call, principal) => {
	const type = contentTypeOf(call.request);
	if (type === updateType) return updateMany(call, principal);
	if (type === appendType) return appendKeywords(call, principal);
	return errorAnswer(call.request, 415, `The content type '${type}' is not known.`);
};

/** What a batch does to each of its documents. */
interface Batch {
	cabinet: SimulatedFileCabinet;
	/** Ids as sent; one that the cabinet does not have is an item with an error. */
	ids: number[];
	breakOnError: boolean;
	/** @throws InvalidValue where the document stays as it was */
	change: (document: StoredDocument) => void;
}

function updateMany(call: PlatformCall, principal: Principal): Answer {
	const cabinet = cabinetFor(call, principal, 'General_Edit');
	if (isAnswer(cabinet)) return cabinet;
	const body = jsonBody(call, 'batchupdateprocess');
	if (isAnswer(body)) return body;
	const { Source: source, Data: data } = body;
	const fields = isRecord(data) ? data['Field'] : undefined;
	if (!isRecord(source) || !isRecord(data) || !Array.isArray(fields) || fields.length === 0) {
		return errorAnswer(call.request, 400, 'A batch update needs Source and Data with Field.');
	}
	const ids = sourceIds(call, principal, source);
	if (isAnswer(ids)) return ids;
	const dialog = dialogOf(call, principal, cabinet, data['StoreDialogId']);
	if (dialog !== undefined && isAnswer(dialog)) return dialog;
	return runBatch(call, principal, {
		cabinet,
		ids,
		breakOnError: data['BreakOnError'] !== false,
		change: (document) => {
			const values = indexed(call, cabinet, dialog, document.values, fields);
			changeValues(call, principal, document, values);
		},
	});
}

function sourceIds(
	call: PlatformCall,
	principal: Principal,
	source: Record<string, unknown>,
): number[] | Answer {
	if (source['$type'] === 'BatchUpdateDocumentsSource') return idList(call, source['Id']);
	if (source['$type'] !== 'BatchUpdateDialogExpressionSource' || !isRecord(source['Expression'])) {
		return errorAnswer(call.request, 400, 'The $type of the Source is not known.');
	}
	const search = searchOf(call, principal, source['Expression']);
	if (isAnswer(search)) return search;
	const found = hits(call, principal, search);
	return isAnswer(found) ? found : found.map(({ id }) => id);
}

function appendKeywords(call: PlatformCall, principal: Principal): Answer {
	const cabinet = cabinetFor(call, principal, 'General_Edit');
	if (isAnswer(cabinet)) return cabinet;
	const body = jsonBody(call, 'batchappendkeywordvalues');
	if (isAnswer(body)) return body;
	const { FieldName: name, Keyword: keywords, BreakOnError, StoreDialogId } = body;
	const ids = idList(call, body['DocId']);
	if (isAnswer(ids)) return ids;
	const field = typeof name === 'string' ? fieldOf(cabinet, name) : undefined;
	if (field?.DWFieldType !== 'Keyword') {
		return errorAnswer(call.request, 422, `'${String(name)}' is no keyword field.`);
	}
	if (!Array.isArray(keywords)) {
		return errorAnswer(call.request, 400, 'Keyword is a list of texts.');
	}
	const dialog = dialogOf(call, principal, cabinet, StoreDialogId);
	if (dialog !== undefined && isAnswer(dialog)) return dialog;
	return runBatch(call, principal, {
		cabinet,
		ids,
		breakOnError: BreakOnError !== false,
		change: (document) => {
			const present = document.values[field.DBFieldName];
			const Keyword = [...(Array.isArray(present) ? present : []), ...(keywords as unknown[])];
			const sent = {
				FieldName: field.DBFieldName,
				Item: { $type: 'DocumentIndexFieldKeywords', Keyword },
				ItemElementName: 'Keywords',
			};
			changeValues(
				call,
				principal,
				document,
				indexed(call, cabinet, dialog, document.values, [sent]),
			);
		},
	});
}

/** Empty stands for none. */
function dialogOf(
	call: PlatformCall,
	principal: Principal,
	cabinet: SimulatedFileCabinet,
	id: unknown,
): SimulatedDialog | undefined | Answer {
	return storeDialogOf(call, principal, cabinet, typeof id === 'string' ? id : undefined);
}

function idList({ request }: PlatformCall, sent: unknown): number[] | Answer {
	const list: unknown[] = Array.isArray(sent) ? sent : [];
	const ids = list.map(idOf).filter((id) => id !== undefined);
	return ids.length > 0 && ids.length === list.length
		? ids
		: errorAnswer(request, 400, 'The ids are a list of numbers.');
}

/** Each document by itself: what one is refused leaves the others, unless the batch breaks on errors. */
function runBatch(call: PlatformCall, principal: Principal, batch: Batch): Answer {
	const { request, server } = call;
	const { cabinet } = batch;
	const items: object[] = [];
	let successes = 0;
	let changed = 0;
	for (const id of batch.ids) {
		const document = server.documents.find(cabinet.id, id);
		const before = JSON.stringify(document?.values);
		const refusal =
			document === undefined
				? `The document '${id}' was not found.`
				: (heldMessage(call, principal, document) ?? attempt(batch, document));
		const shown =
			document === undefined
				? { Id: id, FileCabinetId: cabinet.id }
				: documentResource(document, cabinet, server.switches, { withSections: false });
		items.push({ Document: shown, ...(refusal === undefined ? {} : { ErrorMessage: refusal }) });
		changed += Number(JSON.stringify(document?.values) !== before);
		if (refusal === undefined) successes += 1;
		else if (batch.breakOnError) break;
	}
	const { batchAnswer } = server.switches;
	return resourceAnswer(request, 'BatchUpdateIndexFieldsResult', {
		Item: batchAnswer === 'documents' ? items : [],
		SuccessCount: batchAnswer === 'countOfChanged' ? changed : successes,
		Links: [],
	});
}

function attempt({ change }: Batch, document: StoredDocument): string | undefined {
	try {
		change(document);
		return undefined;
	} catch (error) {
		if (error instanceof InvalidValue) return error.message;
		throw error;
	}
}

import type { Answer } from '../../shared/answers';
import { isRecord } from '../../shared/requestBody';
import { errorAnswer } from '../http/answers';
import { sameText } from '../simulatedServer';
import { fieldOf } from '../world/cabinets';
import type { SimulatedDialog, SimulatedFileCabinet } from '../world/cabinets';
import { copySections } from '../world/documents';
import type { IndexValues, StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { documentsAnswer } from './documentResult';
import { documentFor } from './documents';
import { cabinetById, cabinetFor } from './fileCabinets';
import { indexed, storeDialogOf } from './indexing';
import { idOf, readJson } from './jsonBody';
import { queryOf } from './organizations';
import { suggestedValues } from './suggestions';

const documentsType = 'application/vnd.docuware.platform.documentstransferinfo+json';
const idsType = 'application/vnd.docuware.platform.filecabinettransferinfo+json';

/** A document that goes, and the index fields that it gets; none keeps its own. */
interface Passenger {
	id: number;
	fields: unknown[];
}

/** A document and the values under which it arrives. */
interface Arrival {
	document: StoredDocument;
	values: IndexValues;
}

/**
 * `POST FileCabinets/{target}/Task/Transfer` with either of its bodies (docs/facts/docuware.md 7.3, 7.4). All
 * of the documents go, or none.
 */
export const transferDocuments: SignedInHandler = (call, principal) => {
	const target = cabinetFor(call, principal, 'General_Store');
	if (isAnswer(target)) return target;
	const body = readJson(call, [documentsType, idsType]);
	if (isAnswer(body)) return body;
	const { sent } = body;
	const source = cabinetById(call, principal, String(sent['SourceFileCabinetId'] ?? ''));
	if (isAnswer(source)) return source;
	const passengers = readPassengers(sent);
	if (passengers === undefined || passengers.length === 0) {
		return errorAnswer(call.request, 400, 'The documents to transfer cannot be read.');
	}
	if (typeof sent['KeepSource'] !== 'boolean') {
		return errorAnswer(call.request, 400, 'KeepSource is missing.');
	}
	const isMove = !sent['KeepSource'];
	if (isMove && source === target) {
		return errorAnswer(call.request, 422, 'The documents are in that file cabinet already.');
	}
	const dialog = dialogFor(call, principal, target, sent['UseDefaultDialog'] === true);
	if (dialog !== undefined && isAnswer(dialog)) return dialog;
	const arrivals: Arrival[] = [];
	for (const passenger of passengers) {
		const found = documentFor(
			{
				...call,
				parameters: { fileCabinetId: source.id, documentId: String(passenger.id) },
			},
			principal,
			isMove ? 'General_DeleteDocuments' : 'General_DisplayDocument',
		);
		if (isAnswer(found)) return found;
		const own = valuesThatFit(found.document.values, source, target);
		const filled =
			sent['FillIntellix'] === true ? { ...suggestedValues(found.document, target), ...own } : own;
		arrivals.push({
			document: found.document,
			values: indexed(call, target, dialog, filled, ofTheUser(passenger.fields, target)),
		});
	}
	return documentsAnswer(
		call,
		principal,
		arrivals.map((arrival) => arrive(call, principal, target, arrival, isMove)),
	);
};

/** Moved or copied, a document gets a number of its new cabinet. */
function arrive(
	{ server }: PlatformCall,
	{ user }: Principal,
	target: SimulatedFileCabinet,
	{ document, values }: Arrival,
	isMove: boolean,
): StoredDocument {
	const arrived = server.documents.add({
		fileCabinetId: target.id,
		values,
		storedBy: user.name,
		storedAt: server.now(),
	});
	copySections(document.sections, arrived);
	arrived.properties.push(...document.properties);
	arrived.annotations.push(...document.annotations);
	if (document.merged !== undefined) arrived.merged = { ...document.merged };
	if (isMove) server.documents.remove(document.fileCabinetId, document.id);
	server.counts.documentsTransferred += 1;
	return arrived;
}

function readPassengers(sent: Record<string, unknown>): Passenger[] | undefined {
	const { Documents: documents, SourceDocId: ids } = sent;
	const list: unknown = documents ?? ids;
	if (!Array.isArray(list)) return undefined;
	const passengers = list.map((entry: unknown): Passenger | undefined => {
		const id = idOf(isRecord(entry) ? entry['Id'] : entry);
		const fields = isRecord(entry) ? fieldsOf(entry['Fields']) : [];
		return id === undefined || fields === undefined ? undefined : { id, fields };
	});
	const known = passengers.filter((passenger) => passenger !== undefined);
	return known.length === passengers.length ? known : undefined;
}

/** Fields as a list, or as the list inside an object that LV sends; null for none. */
function fieldsOf(sent: unknown): unknown[] | undefined {
	if (sent === null || sent === undefined) return [];
	const list = isRecord(sent) ? sent['Field'] : sent;
	return Array.isArray(list) ? list : undefined;
}

/** Fields of the system are never transferred, and may be sent: the vendor's sample sends whole documents. */
function ofTheUser(fields: readonly unknown[], target: SimulatedFileCabinet): unknown[] {
	return fields.filter((sent) => {
		const name = isRecord(sent) ? sent['FieldName'] : undefined;
		return typeof name !== 'string' || fieldOf(target, name)?.Scope !== 'System';
	});
}

/** Entries of the source that the target has a field of that name and type for. */
function valuesThatFit(
	values: IndexValues,
	source: SimulatedFileCabinet,
	target: SimulatedFileCabinet,
): IndexValues {
	const fitting = Object.entries(values).filter(([name]) => {
		const [from, to] = [fieldOf(source, name), fieldOf(target, name)];
		return to?.Scope === 'User' && from?.DWFieldType === to.DWFieldType;
	});
	return Object.fromEntries(fitting);
}

function dialogFor(
	call: PlatformCall,
	principal: Principal,
	target: SimulatedFileCabinet,
	isDefault: boolean,
): SimulatedDialog | undefined | Answer {
	const named = queryOf(call.request.url)('storedialogid');
	const fallback = target.dialogs.find((dialog) => dialog.type === 'Store' && dialog.isDefault);
	const isNamed = named !== undefined && !sameText(named, '');
	return storeDialogOf(
		call,
		principal,
		target,
		isNamed ? named : isDefault ? fallback?.id : undefined,
	);
}

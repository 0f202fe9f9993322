import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedFileCabinet } from '../world/cabinets';
import { fieldOf } from '../world/cabinets';
import type { StoredDocument } from '../world/documents';
import type { SimulatedField } from '../world/fields';
import { valueOf } from '../world/systemValues';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal } from './call';
import { documentResource, itemOf } from './documentResource';
import { cabinetById } from './fileCabinets';

/** `Items` of a result: documents without their sections (docs/facts/docuware.md 7.1). */
export function documentList(
	call: PlatformCall,
	principal: Principal,
	documents: readonly StoredDocument[],
	fields: readonly string[] | undefined,
): object[] {
	const cabinets = new Map<string, SimulatedFileCabinet>();
	const view = { withSections: false, ...(fields === undefined ? {} : { fields }) };
	return documents.flatMap((document) => {
		const id = document.fileCabinetId;
		const cabinet = cabinets.get(id) ?? cabinetById(call, principal, id);
		if (isAnswer(cabinet)) return [];
		cabinets.set(id, cabinet);
		return [documentResource(document, cabinet, call.server.switches, view)];
	});
}

/** `Headers` and `Rows` of a result as a table; a field without a value is null. */
export function documentTable(
	{ switches }: SimulatedServer,
	cabinet: SimulatedFileCabinet,
	documents: readonly StoredDocument[],
	names: readonly string[] | undefined,
): { Headers: object[]; Rows: unknown[] } {
	const fields =
		names === undefined
			? cabinet.fields
			: names.map((name) => fieldOf(cabinet, name)).filter((field) => field !== undefined);
	return {
		Headers: fields.map(header),
		Rows: tableRows(
			documents.map((document) =>
				fields.map((field) => {
					const value = valueOf(document, field.DBFieldName);
					return value === undefined ? null : itemOf(field, value, switches);
				}),
			),
			switches.tableRows !== 'lists',
		),
	};
}

/** Rows of cells, each as a list or in an object. */
export function tableRows(rows: readonly unknown[][], inObjects: boolean): unknown[] {
	return inObjects ? rows.map((cells) => ({ Items: cells })) : [...rows];
}

function header(field: SimulatedField): object {
	return {
		FieldName: field.DBFieldName,
		Type: field.DWFieldType,
		FieldLabel: field.DisplayName,
		Kind: field.Scope === 'System' ? 'System' : 'Index',
		IsDocumentName: field.UsedAsDocumentName,
	};
}

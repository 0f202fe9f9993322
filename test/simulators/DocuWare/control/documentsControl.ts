import type { SimulatedServer } from '../simulatedServer';
import { isRecord } from '../../shared/requestBody';
import { fieldOf } from '../world/cabinets';
import type { SimulatedFileCabinet } from '../world/cabinets';
import { dayOf, momentOf } from '../world/dates';
import type { IndexValue, IndexValues, StoredDocument, TableRow } from '../world/documents';
import type { SimulatedField } from '../world/fields';

/** Most documents that one call may make. */
const mostDocuments = 200_000;

/**
 * Puts documents into a cabinet or tray as if they had been stored: `{fileCabinetId, documents: [values, …]}`, or
 * `{fileCabinetId, count, values}`, where `{n}` in the texts of the values is the number of the document from 1
 * on; a text that is nothing but `{n}` becomes that number where the field holds numbers. Dates are ISO texts. `at` is
 * the time of storing in ms, by default one present moment for all.
 * @returns the first and the last new id
 */
export function addDocuments(
	server: SimulatedServer,
	input: Record<string, unknown>,
): { first: number; last: number } {
	const cabinet = cabinetOf(server, input['fileCabinetId']);
	const storedAt = momentIn(server, input);
	const added = valuesToAdd(input).map((values) =>
		server.documents.add({
			fileCabinetId: cabinet.id,
			values: typedValues(cabinet.fields, values),
			storedBy: typeof input['storedBy'] === 'string' ? input['storedBy'] : 'api',
			storedAt,
		}),
	);
	return { first: added[0]?.id ?? 0, last: added.at(-1)?.id ?? 0 };
}

/**
 * Changes index data as if somebody had done it: `{fileCabinetId, values, ids?, last?, at?}`, of all documents of the
 * cabinet without `ids` or `last` (the newest so many); all of them at one moment.
 */
export function changeDocuments(
	server: SimulatedServer,
	input: Record<string, unknown>,
): { changed: number } {
	const cabinet = cabinetOf(server, input['fileCabinetId']);
	const { ids, last, values } = input;
	const all = server.documents.inCabinet(cabinet.id);
	const meant = Array.isArray(ids)
		? all.filter(({ id }) => ids.includes(id))
		: all.slice(typeof last === 'number' ? -last : 0);
	const changes = typedValues(cabinet.fields, isRecord(values) ? values : {});
	const at = momentIn(server, input);
	for (const document of meant) {
		server.documents.changeValues(document, { ...document.values, ...changes }, 'api', at);
	}
	return { changed: meant.length };
}

function momentIn(server: SimulatedServer, { at }: Record<string, unknown>): number {
	return typeof at === 'number' ? at : server.now();
}

/** Takes documents away for good: `{fileCabinetId, ids}`, or all of the cabinet without `ids`. */
export function removeDocuments(
	server: SimulatedServer,
	input: Record<string, unknown>,
): { removed: number } {
	const cabinet = cabinetOf(server, input['fileCabinetId']);
	const ids = Array.isArray(input['ids'])
		? input['ids'].map(Number)
		: server.documents.inCabinet(cabinet.id).map(({ id }) => id);
	return { removed: ids.filter((id) => server.documents.remove(cabinet.id, id)).length };
}

/** A document without the bytes of its files, which are told by size and hash. */
export function withoutBytes(document: StoredDocument): object {
	const sections = document.sections.map(({ content, ...section }) => ({
		...section,
		size: content.size,
		sha256: content.sha256,
	}));
	return { ...document, sections };
}

function cabinetOf(server: SimulatedServer, id: unknown): SimulatedFileCabinet {
	const found = server.world.fileCabinets.find((cabinet) => cabinet.id === id);
	if (found === undefined) throw new Error(`There is no file cabinet '${String(id)}'.`);
	return found;
}

function valuesToAdd({ documents, count, values }: Record<string, unknown>): object[] {
	if (Array.isArray(documents) && documents.every(isRecord)) return documents;
	if (typeof count !== 'number' || count > mostDocuments || !isRecord(values)) {
		throw new Error(`Give 'documents', or 'values' and a 'count' of at most ${mostDocuments}.`);
	}
	const text = JSON.stringify(values);
	return Array.from(
		{ length: count },
		(_, index) => JSON.parse(text.replaceAll('{n}', String(index + 1))) as object,
	);
}

/** Values of fields from plain JSON; dates are ISO texts. */
export function typedValues(fields: readonly SimulatedField[], plain: object): IndexValues {
	return Object.fromEntries(
		Object.entries(plain).map(([name, value]) => {
			const field = fieldOf({ fields }, name);
			if (field === undefined) throw new Error(`There is no field '${name}'.`);
			return [field.DBFieldName, typedValue(field, value)];
		}),
	);
}

function typedValue(field: SimulatedField, value: unknown): IndexValue {
	switch (field.DWFieldType) {
		case 'Numeric':
		case 'Decimal':
			return Number(value);
		case 'Date':
		case 'DateTime': {
			const moment = momentOf(String(value), 0);
			if (moment === undefined) throw new Error(`'${String(value)}' is no date.`);
			return field.DWFieldType === 'Date' ? dayOf(moment, 0) : moment;
		}
		case 'Keyword':
			return Array.isArray(value) ? value.map(String) : [String(value)];
		case 'Table':
			return Array.isArray(value)
				? value.filter(isRecord).map((row): TableRow => typedValues(field.TableFieldColumns, row))
				: [];
		default:
			return String(value);
	}
}

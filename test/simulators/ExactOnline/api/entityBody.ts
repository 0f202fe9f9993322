import { isRecord } from '../../shared/requestBody';
import { acceptValue } from '../odata/bodyValues';
import type { EdmValue, Row } from '../odata/edm';
import { ODataError } from '../odata/errors';
import { unpadded } from '../odata/paddedCodes';
import { ValidationError } from '../odata/validation';
import { fieldType, type EntityTable } from '../world/entityTable';
import { isDerived } from '../world/references';

/** The body of a POST or PUT, each part checked against its type. */
export interface EntityBody {
	row: Row;
	/** Rows of collections by field, unread. */
	lines: ReadonlyMap<string, ReadonlyArray<Record<string, unknown>>>;
	/** Values of fields whose type is not documented. */
	unknown: Record<string, unknown>;
}

/** @throws ODataError 400 unless the body is a JSON object */
export function parseBody(body: Buffer): Record<string, unknown> {
	let content: unknown;
	try {
		content = JSON.parse(body.toString('utf8'));
	} catch {
		throw streamError('');
	}
	if (!isRecord(content)) throw notAnObject();
	return content;
}

/**
 * Reads the fields of a resource (docs/facts/exact-online.md 4.2, 4.6). A link to a collection, as it
 * stands in what was read, is passed over.
 * @param readOnlyRefused false: what the service sets itself is passed over as well
 * @throws ODataError 400 for an unknown field or a value that its type does not take
 */
export function readBody(
	content: Record<string, unknown>,
	table: EntityTable,
	readOnlyRefused: boolean,
): EntityBody {
	const row: Row = {};
	const lines = new Map<string, ReadonlyArray<Record<string, unknown>>>();
	const unknown: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(content)) {
		if (name === '__metadata') continue;
		const type = fieldType(table, name);
		if (type === undefined) {
			const text = ` The property name '${name}' specified for type '${table.typeName}' is not valid.`;
			throw streamError(text);
		}
		if (type.startsWith('Collection(')) {
			if (isRecord(value) && '__deferred' in value) continue;
			lines.set(name, readLines(value));
		} else if (type === 'Unknown') {
			unknown[name] = value;
		} else {
			const accepted = acceptValue(type, value);
			if (accepted === undefined) {
				throw streamError(
					` Error converting the value of property '${name}' to type 'Edm.${type}'.`,
				);
			}
			if (!isSetByService(table, name)) row[name] = unpadded(name, accepted);
			else if (readOnlyRefused) throw new ValidationError([{ kind: 'invalid', field: name }]);
		}
	}
	return { row, lines, unknown };
}

function readLines(value: unknown): ReadonlyArray<Record<string, unknown>> {
	if (!Array.isArray(value) || !value.every(isRecord)) throw notAnObject();
	return value;
}

const STAMPS = new Set(['Created', 'Creator', 'Modified', 'Modifier', 'Division', 'Timestamp']);

/** What a body cannot set, docs/facts/exact-online.md 7.2 (References) and 7.5. */
function isSetByService(table: EntityTable, field: string): boolean {
	if (table.mandatory.includes(field) && !table.keys.includes(field)) return STAMPS.has(field);
	if (STAMPS.has(field) || field.endsWith('FullName')) return true;
	const ownKey = table.keys.includes(field) && table.methods.includes('GET');
	return (ownKey && table.fields[field] === 'Guid') || isDerived(table, field);
}

export function isBlank(value: EdmValue | undefined): boolean {
	return value === undefined || value === null || value === '';
}

function notAnObject(): ODataError {
	return streamError(' The request should be a valid top-level resource object.');
}

function streamError(detail: string): ODataError {
	return new ODataError(400, `Error processing request stream.${detail}`);
}

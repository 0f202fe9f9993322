import { randomUUID } from 'node:crypto';

import { emptyAnswer, jsonAnswer, type Answer } from '../../shared/answers';
import { isRecord } from '../../shared/requestBody';
import {
	GUID_PATTERN,
	isNumeric,
	parseDateTime,
	type EdmType,
	type EdmValue,
	type Row,
} from '../odata/edm';
import { entityJson, entityUrl } from '../odata/entityJson';
import { ODataError } from '../odata/errors';
import { findByKey, shapeOf, type EntityRequest } from './entityRead';

/** POST: 201 with the created entity and its address (docs/facts/exact-online.md 4.6). */
export function createEntity(request: EntityRequest, body: Buffer): Answer {
	const { table, context, switches } = request;
	const row = readRow(request, body);
	const missing = table.mandatory.filter((name) => isBlank(row[name]));
	if (missing.length > 0) {
		const lines = missing.map((name) => `Mandatory: ${name}`);
		throw new ODataError(switches.validationStatus, `${lines.join('\r\n')}\r\n`);
	}
	if (table.fields[table.key] === 'Guid') row[table.key] = randomUUID();
	const stamps: Row = {
		Created: context.now,
		Modified: context.now,
		Division: context.division ?? null,
	};
	for (const [name, value] of Object.entries(stamps)) if (name in table.fields) row[name] = value;
	table.beforeInsert?.(row, context);
	table.rows(context).push(row);
	const shape = shapeOf(request);
	return jsonAnswer(
		201,
		{ d: entityJson(row, shape, undefined) },
		{ location: entityUrl(row, shape) },
	);
}

/**
 * PUT: 204; only the fields sent change. A null in a mandatory field answers 500,
 * docs/facts/exact-online.md 4.6.
 */
export function updateEntity(request: EntityRequest, body: Buffer): Answer {
	const { table, context } = request;
	const row = findByKey(request);
	const changes = readRow(request, body);
	delete changes[table.key];
	if (table.mandatory.some((name) => name in changes && isBlank(changes[name]))) {
		const text =
			'A problem has occurred. The cause of this issue will be investigated as soon as possible.';
		throw new ODataError(500, text);
	}
	table.beforeUpdate?.(changes, row, context);
	if ('Modified' in table.fields) changes['Modified'] = context.now;
	Object.assign(row, changes);
	return emptyAnswer(204);
}

/** DELETE: 204. */
export function deleteEntity(request: EntityRequest): Answer {
	const row = findByKey(request);
	const rows = request.table.rows(request.context);
	rows.splice(rows.indexOf(row), 1);
	return emptyAnswer(204);
}

/**
 * The body as a row, each field checked against its type. A link to a collection, as it stands in what
 * was read, is passed over (docs/facts/exact-online.md 4.6).
 */
function readRow({ table }: EntityRequest, body: Buffer): Row {
	let content: unknown;
	try {
		content = JSON.parse(body.toString('utf8'));
	} catch {
		throw streamError('');
	}
	if (!isRecord(content)) {
		throw streamError(' The request should be a valid top-level resource object.');
	}
	const row: Row = {};
	for (const [name, value] of Object.entries(content)) {
		if (name === '__metadata') continue;
		const type = Object.hasOwn(table.fields, name) ? table.fields[name] : undefined;
		if (type?.startsWith('Collection(') && isRecord(value) && '__deferred' in value) continue;
		if (type === undefined) {
			const text = ` The property name '${name}' specified for type '${table.typeName}' is not valid.`;
			throw streamError(text);
		}
		const accepted = acceptValue(type, value);
		if (accepted === undefined) {
			throw streamError(` Error converting the value of property '${name}' to type 'Edm.${type}'.`);
		}
		row[name] = accepted;
	}
	return row;
}

/**
 * A JSON value as a field value, or undefined if the type does not take it
 * (docs/facts/exact-online.md 4.2).
 */
function acceptValue(type: EdmType, value: unknown): EdmValue | undefined {
	if (value === null) return null;
	if (type === 'Guid') {
		return typeof value === 'string' && GUID_PATTERN.test(value) ? value.toLowerCase() : undefined;
	}
	if (type === 'DateTime') return typeof value === 'string' ? readDate(value) : undefined;
	if (type === 'Boolean') return typeof value === 'boolean' ? value : undefined;
	if (type === 'String' || type === 'Binary') return typeof value === 'string' ? value : undefined;
	if (isNumeric(type)) {
		const number = typeof value === 'string' && value !== '' ? Number(value) : value;
		if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
		const fractional = type === 'Double' || type === 'Decimal';
		return fractional || Number.isInteger(number) ? number : undefined;
	}
	return undefined;
}

function readDate(text: string): number | undefined {
	const wrapped = /^\/Date\((-?\d+)\)\/$/.exec(text);
	return wrapped ? Number(wrapped[1]) : parseDateTime(text);
}

function isBlank(value: EdmValue | undefined): boolean {
	return value === undefined || value === null || value === '';
}

function streamError(detail: string): ODataError {
	return new ODataError(400, `Error processing request stream.${detail}`);
}

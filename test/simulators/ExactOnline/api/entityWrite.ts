import { emptyAnswer, jsonAnswer, type Answer } from '../../shared/answers';
import type { EdmValue, Row } from '../odata/edm';
import { entityJson, entityUrl } from '../odata/entityJson';
import { ODataError } from '../odata/errors';
import { ValidationError } from '../odata/validation';
import type { Action } from '../world/actions';
import { sumHeaders } from '../world/amounts';
import { checkBooking, setEntryType } from '../world/bookingRules';
import type { LineCollection } from '../world/endpointFacts';
import { danglingReferences, describeReferences } from '../world/references';
import { refuseTooLarge } from './bodySize';
import { isBlank, parseBody, readBody, type EntityBody } from './entityBody';
import { findByKey, requestOn, shapeOf, type EntityRequest } from './entityRequest';

/** A new row with its lines, checked but not yet stored. */
interface Prepared {
	request: EntityRequest;
	row: Row;
	/** Fields whose type is not documented. */
	unknown: Record<string, unknown>;
	lines: Array<{ collection: LineCollection; rows: Prepared[] }>;
}

/** POST: 201 with the created entity and its address (docs/facts/exact-online.md 4.6). */
export function createEntity(request: EntityRequest, body: Buffer): Answer | Promise<Answer> {
	const content = parseBody(body);
	refuseTooLarge(body, content, request.table, request.switches);
	const prepared = prepare(request, content);
	checkPrepared(prepared);
	const { register, act: action } = request.table;
	if (register) {
		return register(prepared.row, request.context).then((row) => createdAnswer(request, row));
	}
	return createdAnswer(request, action ? act(prepared, action) : store(prepared));
}

function createdAnswer(request: EntityRequest, row: Row): Answer {
	const location = entityUrl(row, shapeOf(request));
	return jsonAnswer(201, { d: insertAnswer(request, row) }, { location });
}

function checkPrepared({ request, row, lines }: Prepared): void {
	const { table, switches, context } = request;
	const rows = lines.flatMap((one) => one.rows.map((line) => line.row));
	checkBooking(table.path, row, rows, switches, context.now);
}

/** Entries whose key is called `ID` in the answer to a POST, docs/facts/exact-online.md 7.2. */
const ANSWERED_BY_ID: ReadonlySet<string> = new Set([
	'salesentry/SalesEntries',
	'purchaseentry/PurchaseEntries',
]);

/** The created entity, or by a switch its key only, unless the client prefers all of it. */
function insertAnswer(request: EntityRequest, row: Row): Record<string, unknown> {
	const { table, switches, prefersAll } = request;
	const shape = shapeOf(request);
	const whole = table.act !== undefined || prefersAll || switches.insertAnswer === 'entity';
	if (whole) return entityJson(row, shape, { select: undefined });
	const answer = entityJson(row, shape, { select: table.keys });
	const { EntryID: id, ...rest } = answer;
	return ANSWERED_BY_ID.has(table.path) ? { ...rest, ID: id } : answer;
}

/**
 * Checks a new entity and its lines as a whole, so that a fault in a line leaves nothing behind.
 * @param parentField field that the header fills in, if the entity is a line of a new one
 */
function prepare(
	request: EntityRequest,
	content: Record<string, unknown>,
	parentField?: string,
): Prepared {
	const { table, switches, world, context } = request;
	const body = readBody(content, table, switches.readOnlyFields === 'refused');
	if (parentField !== undefined) delete body.row[parentField];
	const missing = missingFields(request, body, parentField);
	if (missing.length > 0) {
		throw new ValidationError(missing.map((field) => ({ kind: 'mandatory', field })));
	}
	const lines = [...body.lines].map(([field, rows]) => {
		const collection = table.collections?.find((one) => one.field === field);
		if (!collection) throw new Error(`${table.path} has no collection ${field}.`);
		const target = requestOn(request, collection.endpoint);
		return { collection, rows: rows.map((line) => prepare(target, line, collection.parentField)) };
	});
	refuseDangling(request, body.row);
	describeReferences(table, body.row, context.division ?? 0, world.records);
	return { request, row: body.row, unknown: body.unknown, lines };
}

/** Of these fields of a line one is enough, docs/facts/exact-online.md 7.2. */
const ITEM_OR_GL_ACCOUNT: readonly string[] = ['Item', 'GLAccount'];

/** What a batch or serial number below a line must bring; the line tells the rest. */
const NUMBERS: ReadonlySet<string> = new Set(['BatchNumber', 'SerialNumber']);

/** Marked fields that a body must bring; keys and what the service sets are no input, 7.4. */
function missingFields(
	{ table }: EntityRequest,
	{ row, lines, unknown }: EntityBody,
	parentField: string | undefined,
): string[] {
	const ownKeys = table.methods.includes('GET') ? table.keys : [];
	const hasEither = ITEM_OR_GL_ACCOUNT.some((field) => !isBlank(row[field]));
	const either = ITEM_OR_GL_ACCOUNT.every((field) => table.mandatory.includes(field));
	return table.mandatory.filter((field) => {
		if (parentField?.startsWith('$') && !NUMBERS.has(field)) return false;
		if (field === parentField || field === 'Division' || ownKeys.includes(field)) return false;
		if (either && hasEither && ITEM_OR_GL_ACCOUNT.includes(field)) return false;
		if (table.fields[field]?.startsWith('Collection(')) return !lines.get(field)?.length;
		return table.fields[field] === 'Unknown' ? unknown[field] === undefined : isBlank(row[field]);
	});
}

function act({ request, row, unknown }: Prepared, action: Action): Row {
	const { context, world } = request;
	return action({ body: row, unknown, context, records: world.records });
}

function store({ request, row, lines }: Prepared, parent?: [string, EdmValue]): Row {
	const { table, context, world, switches } = request;
	if (!table.store) throw new ODataError(405, 'Method not allowed.');
	if (parent) row[parent[0]] = parent[1];
	if (parent) describeReferences(table, row, context.division ?? 0, world.records);
	table.beforeInsert?.(row, context);
	table.store(context).add(row);
	const key = row[table.keys[0] ?? 'ID'] ?? null;
	for (const { collection, rows } of lines) {
		for (const line of rows) store(line, [collection.parentField, key]);
	}
	sumHeaders(table.path, row, context.division ?? 0, world.records);
	setEntryType(table.path, row, switches);
	return row;
}

function refuseDangling({ table, context, world }: EntityRequest, row: Row): void {
	const dangling = danglingReferences(table, row, context.division ?? 0, world.records);
	if (dangling.length > 0) {
		throw new ValidationError(dangling.map((field) => ({ kind: 'invalid', field })));
	}
}

/**
 * PUT: 204; only the fields sent change. A null in a mandatory field answers 500, lines are refused,
 * docs/facts/exact-online.md 4.6.
 */
export function updateEntity(request: EntityRequest, body: Buffer): Answer {
	const { table, context, switches, world } = request;
	const row = findByKey(request);
	const content = parseBody(body);
	refuseTooLarge(body, content, table, switches);
	const { row: changes, lines } = readBody(content, table, switches.readOnlyFields === 'refused');
	if (lines.size > 0) throw new ODataError(400, 'Binding to new entities is not supported.');
	if (table.mandatory.some((name) => name in changes && isBlank(changes[name]))) {
		const text =
			'A problem has occurred. The cause of this issue will be investigated as soon as possible.';
		throw new ODataError(500, text);
	}
	refuseDangling(request, changes);
	describeReferences(table, changes, context.division ?? 0, world.records);
	if (switches.closedUntil !== null) {
		const taken = { ...switches, unbalancedEntries: 'taken' as const };
		checkBooking(table.path, { ...row, ...changes }, [], taken, context.now);
	}
	table.beforeUpdate?.(changes, row, context);
	Object.assign(row, changes);
	world.records.changed(context.division ?? 0, table.path, row);
	sumHeaders(table.path, row, context.division ?? 0, world.records);
	return emptyAnswer(204);
}

/** DELETE: 204; lines go with their header. */
export function deleteEntity(request: EntityRequest): Answer {
	const { table, context, world } = request;
	const row = findByKey(request);
	table.beforeDelete?.(row, context);
	for (const { endpoint, parentField } of table.collections ?? []) {
		const key = row[table.keys[0] ?? 'ID'] ?? null;
		const lines = world.records.set(context.division ?? 0, endpoint).rows;
		for (const line of lines.filter((one) => one[parentField] === key)) {
			world.records.delete(endpoint, line, context, context.division ?? 0);
		}
	}
	world.records.delete(table.path, row, context, context.division ?? 0);
	sumHeaders(table.path, row, context.division ?? 0, world.records);
	return emptyAnswer(204);
}

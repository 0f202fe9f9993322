import type { EdmValue, Row } from '../odata/edm';
import type { EntityShape } from '../odata/entityJson';
import { ODataError } from '../odata/errors';
import { readLiteral, type Literal } from '../odata/literals';
import { collectionUrl } from './apiPath';
import type { ExactOnlineSwitches } from '../switches';
import type { EntityTable, TableContext } from '../world/entityTable';
import type { World } from '../world/world';

/** One request on a resource whose table, division and user are known. */
export interface EntityRequest {
	table: EntityTable;
	context: TableContext;
	query: URLSearchParams;
	keyText: string | undefined;
	wantsJson: boolean;
	/** The client asks for the whole entity in the answer to a POST. */
	prefersAll: boolean;
	/** Origin as the client addressed it. */
	origin: string;
	/** Absolute URL of the collection, with the host the client used. */
	collectionUrl: string;
	switches: ExactOnlineSwitches;
	world: World;
}

/** The same request on another resource of the same division. */
export function requestOn(request: EntityRequest, path: string): EntityRequest {
	const { origin, context } = request;
	return {
		...request,
		table: tableAt(request.world, path),
		collectionUrl: collectionUrl(origin, context.division, path),
		query: new URLSearchParams(),
		keyText: undefined,
	};
}

function tableAt(world: World, path: string): EntityTable {
	const table = world.table(path);
	if (!table) throw new ODataError(404, `Resource not found for the segment '${path}'.`);
	return table;
}

export function shapeOf({ table, collectionUrl, origin, switches }: EntityRequest): EntityShape {
	const { typeName, keys, fields, present } = table;
	const { paddedCodes } = switches;
	const shape = { typeName, keys, fields, collectionUrl, paddedCodes };
	return present ? { ...shape, present: (row) => present(row, origin) } : shape;
}

/**
 * The row that the key in the URL names.
 * @throws ODataError 400 for a key literal of the wrong type, 404 if there is no such row
 */
export function findByKey(request: EntityRequest): Row {
	const { table, context } = request;
	const key = readKey(request);
	const row =
		table.store?.(context).find(key) ??
		table
			.rows(context)
			.find((candidate) => table.keys.every((name, index) => candidate[name] === key[index]));
	if (!row || table.isShown?.(row, context) === false) {
		const segment = table.path.split('/').pop() ?? table.path;
		throw new ODataError(404, `Resource not found for the segment '${segment}'.`);
	}
	return row;
}

/** The values of a key: `guid'…'`, `ID=guid'…'`, or `A=1,B='x'` with names in any order. */
function readKey({ table, keyText = '' }: EntityRequest): EdmValue[] {
	const parts = readKeyParts(keyText);
	const { keys } = table;
	if (!parts || keys.length === 0 || parts.length !== keys.length) throw badKey();
	return keys.map((name) => {
		const part =
			parts.find((one) => one.name === name) ?? (keys.length === 1 ? parts[0] : undefined);
		if (!part || (part.name !== undefined && part.name !== name)) throw badKey();
		const wanted = table.fields[name] ?? 'Guid';
		const { type, value } = part.literal;
		const isInteger = type === 'Int32' || type === 'Int64';
		if (type !== wanted && !(isInteger && wanted !== 'Guid' && wanted !== 'String')) throw badKey();
		return value;
	});
}

function readKeyParts(
	text: string,
): Array<{ name: string | undefined; literal: Literal }> | undefined {
	const parts: Array<{ name: string | undefined; literal: Literal }> = [];
	let rest = text.trim();
	for (;;) {
		const name = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*/.exec(rest);
		if (name) rest = rest.slice(name[0].length);
		const literal = readLiteral(rest);
		if (!literal) return undefined;
		parts.push({ name: name?.[1], literal });
		rest = rest.slice(literal.length).trimStart();
		if (rest === '') return parts;
		if (!rest.startsWith(',')) return undefined;
		rest = rest.slice(1).trimStart();
	}
}

function badKey(): ODataError {
	return new ODataError(400, 'Bad Request - Error in query syntax.');
}

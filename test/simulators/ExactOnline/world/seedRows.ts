import { isRecord } from '../../shared/requestBody';
import type { Row } from '../odata/edm';
import { acceptValue } from '../odata/bodyValues';
import { fieldType, type EntityTable, type TableContext } from './entityTable';
import { describeReferences } from './references';
import { setByServiceOnUpdate } from './serverFields';
import type { World } from './world';

/**
 * Puts rows into a resource as though the service had made them: no rule is asked, any field may be
 * given (`Created`, `Status`, the key), what is left out is set by the service. Collections come as
 * arrays.
 * @returns the stored rows
 * @throws Error for an endpoint without rows of its own, an unknown field or a value its type does not take
 */
export function seedRows(
	world: World,
	path: string,
	rows: ReadonlyArray<Record<string, unknown>>,
	context: TableContext,
): Row[] {
	const table = world.table(path);
	if (!table?.store) throw new Error(`${path} has no rows of its own.`);
	return rows.map((given) => seedRow(world, table, given, context));
}

function seedRow(
	world: World,
	table: EntityTable,
	given: Record<string, unknown>,
	context: TableContext,
): Row {
	const row: Row = {};
	const collections: Array<[string, ReadonlyArray<Record<string, unknown>>]> = [];
	for (const [name, value] of Object.entries(given)) {
		if (Array.isArray(value) && value.every(isRecord)) collections.push([name, value]);
		else row[name] = valueOf(table, name, value);
	}
	const made: Row = { ...row };
	describeReferences(table, made, context.division ?? 0, world.records);
	table.beforeInsert?.(made, context);
	Object.assign(made, row);
	table.store?.(context).add(made);
	for (const [name, lines] of collections) {
		const collection = table.collections?.find(({ field }) => field === name);
		if (!collection) throw new Error(`${table.path} has no collection ${name}.`);
		const parent = { [collection.parentField]: made[table.keys[0] ?? 'ID'] ?? null };
		seedRows(
			world,
			collection.endpoint,
			lines.map((line) => ({ ...line, ...parent })),
			context,
		);
	}
	return made;
}

/**
 * Changes rows as though somebody had done it, at the moment of the context. No rule is asked.
 * @throws Error for an unknown field or a value that its type does not take
 */
export function changeSeededRows(
	world: World,
	path: string,
	rows: readonly Row[],
	changes: Record<string, unknown>,
	context: TableContext,
): void {
	const table = world.table(path);
	if (!table?.store) throw new Error(`${path} has no rows of its own.`);
	const values = Object.entries(changes).map(([name, value]) => [
		name,
		valueOf(table, name, value),
	]);
	const typed = Object.fromEntries(values) as Row;
	describeReferences(table, typed, context.division ?? 0, world.records);
	for (const row of rows) {
		const change: Row = {};
		setByServiceOnUpdate(change, context, world.records);
		Object.assign(row, change, typed);
		world.records.changed(context.division ?? 0, path, row);
	}
}

function valueOf(table: EntityTable, name: string, value: unknown): Row[string] {
	const type = fieldType(table, name) ?? (name.startsWith('$') ? 'Guid' : undefined);
	const accepted = type === undefined ? undefined : acceptValue(type, value);
	if (accepted === undefined) throw new Error(`${table.path} takes no such value of ${name}.`);
	return accepted;
}

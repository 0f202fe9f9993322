import type { EdmType, EdmValue, Row } from './edm';
import { formatLiteral } from './literals';

/** What is needed to write a row: its fields, key, type name and the address of its collection. */
export interface EntityShape {
	typeName: string;
	key: string;
	fields: Readonly<Record<string, EdmType>>;
	/** Absolute URL of the collection, e.g. `http://host/api/v1/123/crm/Accounts`. */
	collectionUrl: string;
}

/** Absolute URL of one entity. */
export function entityUrl(row: Row, shape: EntityShape): string {
	const type = shape.fields[shape.key] ?? 'Guid';
	return `${shape.collectionUrl}(${formatLiteral(type, row[shape.key] ?? null)})`;
}

/** One entity in the JSON of OData 2 (docs/facts/exact-online.md 4.1, 4.2). */
export function entityJson(
	row: Row,
	shape: EntityShape,
	select: readonly string[] | undefined,
): Record<string, unknown> {
	const uri = entityUrl(row, shape);
	const result: Record<string, unknown> = { __metadata: { uri, type: shape.typeName } };
	for (const name of select ?? Object.keys(shape.fields)) {
		const type = shape.fields[name] ?? 'Unknown';
		result[name] = type.startsWith('Collection(')
			? { __deferred: { uri: `${uri}/${name}` } }
			: jsonValue(type, row[name] ?? null);
	}
	return result;
}

function jsonValue(type: EdmType, value: EdmValue): EdmValue {
	if (value === null) return null;
	if (type === 'DateTime') return `/Date(${value})/`;
	return type === 'Int64' || type === 'Decimal' ? String(value) : value;
}

import type { EdmType, EdmValue, Row } from './edm';
import { formatLiteral } from './literals';
import { padded } from './paddedCodes';

/** What is needed to write a row: its fields, keys, type name and the address of its collection. */
export interface EntityShape {
	typeName: string;
	keys: readonly string[];
	fields: Readonly<Record<string, EdmType>>;
	/** Absolute URL of the collection, e.g. `http://host/api/v1/123/crm/Accounts`. */
	collectionUrl: string;
	/** Changes a row on its way out, e.g. completes an address with the host. */
	present?: (row: Row) => Row;
	/** Codes of a fixed width come with blanks on the right. */
	paddedCodes?: boolean;
}

/** What a list or an entity shows. */
export interface Selection {
	/** Fields asked for, undefined for all. */
	select: readonly string[] | undefined;
	/** Collections to be shown with their rows instead of a link, by field. */
	expanded?: ReadonlyMap<string, (row: Row) => unknown>;
}

/** Absolute URL of one entity, of its collection if it has no key. */
export function entityUrl(row: Row, { collectionUrl, keys, fields }: EntityShape): string {
	const literals = keys.map((key) => {
		const text = formatLiteral(fields[key] ?? 'Guid', row[key] ?? null);
		return keys.length === 1 ? text : `${key}=${text}`;
	});
	return literals.length === 0 ? collectionUrl : `${collectionUrl}(${literals.join(',')})`;
}

/** One entity in the JSON of OData 2 (docs/facts/exact-online.md 4.1, 4.2). */
export function entityJson(
	stored: Row,
	shape: EntityShape,
	{ select, expanded }: Selection,
): Record<string, unknown> {
	const row = shape.present?.(stored) ?? stored;
	const shown = shape.paddedCodes ? padded : (_name: string, value: EdmValue) => value;
	const uri = entityUrl(row, shape);
	const result: Record<string, unknown> = { __metadata: { uri, type: shape.typeName } };
	for (const name of select ?? Object.keys(shape.fields)) {
		const type = shape.fields[name] ?? 'Unknown';
		const expand = expanded?.get(name);
		if (expand) result[name] = expand(row);
		else if (type.startsWith('Collection('))
			result[name] = { __deferred: { uri: `${uri}/${name}` } };
		else result[name] = jsonValue(type, shown(name, row[name] ?? null));
	}
	return result;
}

function jsonValue(type: EdmType, value: EdmValue): EdmValue {
	// What is stored is at an address of its own, docs/facts/exact-online.md 4.2.
	if (value === null || type === 'Binary') return null;
	if (type === 'DateTime') return `/Date(${value})/`;
	return type === 'Int64' || type === 'Decimal' ? String(value) : value;
}

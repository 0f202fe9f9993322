import { ConnectorError } from '../../shared/errors';
import { isRecord } from '../../shared/http';
import type { EdmType, ValueOptions } from './edm';
import { odataLiteral } from './literals';
import { guidText, isGuid } from './values';

/** One field of an endpoint's key. */
export interface KeyField {
	name: string;
	type: EdmType;
}

/** The path of one entity: `crm/Accounts` and a key make `crm/Accounts(guid'…')`. */
export function entityPath(collection: string, keyType: EdmType, key: unknown): string {
	return `${collection}(${odataLiteral(keyType, key)})`;
}

/**
 * The key of one entity as it stands behind its path: `(guid'…')`, `(5)`, `(5L)`, or
 * `(Division=5,GLAccount=guid'…')` for a key of several fields.
 * @param value the key, or an object that holds it by name, such as a row; several fields need one
 * @throws ConnectorError EXACT_INVALID_VALUE for a value that does not fit, lacks a part, or where there is no key
 */
export function keyPredicate(
	key: readonly KeyField[],
	value: unknown,
	options: ValueOptions = {},
): string {
	const [only, ...others] = key;
	if (only === undefined) {
		throw new ConnectorError('EXACT_INVALID_VALUE', 'The rows of this endpoint have no key.', {
			repair: 'Read them as a list.',
		});
	}
	if (others.length === 0) {
		const single = isRecord(value) ? part(value, only) : value;
		return `(${odataLiteral(only.type, single, options)})`;
	}
	const parts = isRecord(value) ? value : {};
	const literals = key.map(
		(field) => `${field.name}=${odataLiteral(field.type, part(parts, field), options)}`,
	);
	return `(${literals.join(',')})`;
}

/**
 * A key by the names of its fields, with identifiers in the one form that Exact itself gives, so that a later node finds
 * the record by what comes out here, however it was typed.
 * @param value as for `keyPredicate`, which refuses what is no key
 */
export function keyRow(key: readonly KeyField[], value: unknown): Record<string, unknown> {
	const [only] = key;
	const values = isRecord(value) ? value : { [only?.name ?? 'ID']: value };
	const guids = new Set(key.filter(({ type }) => type === 'Guid').map(({ name }) => name));
	return Object.fromEntries(
		Object.entries(values).map(([name, one]) => [
			name,
			guids.has(name) && isGuid(one) ? guidText(one) : one,
		]),
	);
}

function part(values: Record<string, unknown>, { name }: KeyField): unknown {
	const value = Object.hasOwn(values, name) ? values[name] : undefined;
	if (value !== undefined && value !== null && value !== '') return value;
	throw new ConnectorError('EXACT_INVALID_VALUE', `The key lacks a value for ${name}.`, {
		repair: 'Give every field of the key a value.',
	});
}

import type { PlatformResource } from '../../api/platformClient';

/** An entity without links, type names and members that hold nothing. */
export function simplify(row: PlatformResource): PlatformResource {
	return Object.fromEntries(
		Object.entries(row)
			.filter(([name, value]) => name !== 'Links' && name !== '$type' && !isEmpty(value))
			.map(([name, value]) => [name, simplifyValue(value)]),
	);
}

function simplifyValue(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(simplifyValue);
	return isObject(value) ? simplify(value) : value;
}

function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined) return true;
	if (Array.isArray(value)) return value.length === 0;
	return isObject(value) && Object.values(value).every(isEmpty);
}

function isObject(value: unknown): value is PlatformResource {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

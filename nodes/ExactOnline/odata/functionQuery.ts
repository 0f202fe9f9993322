import type { EdmType, ValueOptions } from './edm';
import { invalidValue } from './invalidValue';
import { odataLiteral } from './literals';

/** A parameter of a function, with its value. */
export interface FunctionArgument {
	name: string;
	type: EdmType;
	value: unknown;
}

/**
 * The query of a function (docs/facts/exact-online.md 4.5): its parameters as literals by type, not as a `$filter`.
 * @throws ConnectorError EXACT_INVALID_VALUE for a value that is missing or does not fit, and for what is no name
 *   of a parameter or stands twice
 */
export function functionQuery(
	given: readonly FunctionArgument[],
	options: ValueOptions = {},
): Record<string, string> {
	const query: Record<string, string> = {};
	for (const { name, type, value } of given) {
		if (!/^[A-Za-z]\w*$/.test(name) || Object.hasOwn(query, name)) {
			throw invalidValue(name, 'is no name of a parameter, or stands twice.', 'Correct the name.');
		}
		if (value === undefined || value === null || value === '') {
			throw invalidValue(name, 'is a parameter without a value.', 'Give it a value, or remove it.');
		}
		query[name] = odataLiteral(type, value, options);
	}
	return query;
}

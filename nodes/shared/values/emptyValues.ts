import { ConnectorError } from '../errors';

/** What becomes of a value that an expression or a column leaves empty. */
export type EmptyValues = 'error' | 'leaveOut' | 'clear';

/**
 * Values with their gaps treated: an empty one is an error, left out, or null, which clears the field. Lists and
 * objects are never empty.
 *
 * @param where names what the values belong to, such as `item 3`
 * @param code of the error
 * @throws ConnectorError with that code and the names of all empty fields
 */
export function withoutGaps(
	values: Readonly<Record<string, unknown>>,
	treatment: EmptyValues,
	where: string,
	code: string,
): Record<string, unknown> {
	const empty = Object.keys(values).filter((name) => isEmptyValue(values[name]));
	if (treatment === 'error' && empty.length > 0) {
		throw new ConnectorError(code, `${empty.join(', ')} is empty in ${where}.`, {
			repair:
				'Correct the expression or the data, or choose in Empty Values that such fields are left out.',
		});
	}
	return Object.fromEntries(
		Object.entries(values).flatMap(([name, value]): Array<[string, unknown]> => {
			if (!isEmptyValue(value)) return [[name, value]];
			return treatment === 'clear' ? [[name, null]] : [];
		}),
	);
}

/** Whether nothing is given: null, undefined, not a number, blanks. */
export function isEmptyValue(value: unknown): boolean {
	if (value === undefined || value === null || Number.isNaN(value)) return true;
	return typeof value === 'string' && value.trim() === '';
}

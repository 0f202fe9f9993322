import { ConnectorError } from '../../shared/errors';
import { didYouMean } from '../../shared/values/nearNames';

/** Those of exactly this name; where there is none, those that differ in capitals alone. */
export function byName<T>(all: readonly T[], name: string, nameIn: (one: T) => string): T[] {
	const exact = all.filter((one) => nameIn(one).trim() === name);
	const plain = name.toLowerCase();
	return exact.length > 0 ? exact : all.filter((one) => nameIn(one).trim().toLowerCase() === plain);
}

/**
 * The error of a name that several have.
 * @param ids of those that have it
 */
export function ambiguousName(words: string, name: string, ids: readonly string[]): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_AMBIGUOUS_NAME',
		`Several ${words} are named "${name.slice(0, 60)}": ${ids.join(', ')}.`,
		{ repair: 'Choose it from the list or give its ID.' },
	);
}

/**
 * The error of a name that nothing has.
 * @param others names that there are
 */
export function unknownName(
	words: string,
	name: string,
	others: readonly string[],
): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_UNKNOWN_NAME',
		`Among the ${words} that the user may reach none is named "${name.slice(0, 60)}".${didYouMean(name, new Set(others))}`,
		{
			repair:
				'Correct the name, or choose from the list; if it exists, the user of the credential needs the right to see it.',
		},
	);
}

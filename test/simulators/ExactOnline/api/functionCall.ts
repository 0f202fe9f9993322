import type { EdmValue } from '../odata/edm';
import { ODataError } from '../odata/errors';
import { readLiteral } from '../odata/literals';
import type { ServiceFunction } from '../world/serviceFunctions';

/**
 * The arguments in the URL of a function (docs/facts/exact-online.md 4.5), literals by type as in a filter.
 * @throws ODataError 400 if one is missing, is no literal or has another type
 */
export function readArguments(
	query: URLSearchParams,
	{ parameters }: ServiceFunction,
): Record<string, EdmValue> {
	const given: Record<string, EdmValue> = {};
	for (const [name, text] of query) {
		if (name.startsWith('$')) continue;
		const literal = readLiteral(text.trim());
		const wanted = parameters[name];
		const whole = literal?.length === text.trim().length;
		if (!literal || !whole || (wanted !== undefined && literal.type !== wanted)) throw badSyntax();
		given[name] = literal.value;
	}
	if (Object.keys(parameters).some((name) => !(name in given))) throw badSyntax();
	return given;
}

function badSyntax(): ODataError {
	return new ODataError(400, 'Bad Request - Error in query syntax.');
}

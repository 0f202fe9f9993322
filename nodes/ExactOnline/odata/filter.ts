import { ConnectorError } from '../../shared/errors';
import { odataLiteral } from './literals';

/** Parts of a filter that must all hold; undefined where there are none. */
export function allOf(parts: ReadonlyArray<string | undefined>): string | undefined {
	return joined(parts, 'and');
}

/** Parts of a filter of which one must hold; undefined where there are none. */
export function anyOf(parts: ReadonlyArray<string | undefined>): string | undefined {
	return joined(parts, 'or');
}

/**
 * A filter that a person typed, or an expression gave, so that it can stand beside others: it cannot leave the
 * brackets that are put around it.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function typedFilter(filter: string): string {
	// A doubled quote inside a text is two texts with nothing between them.
	const parts = filter.split("'");
	const outside = parts.filter((_part, index) => index % 2 === 0).join('');
	let depth = 0;
	for (const character of outside) {
		if (character === '(') depth += 1;
		if (character === ')') depth -= 1;
		if (depth < 0) break;
	}
	if (depth === 0 && parts.length % 2 === 1) return filter;
	throw new ConnectorError(
		'EXACT_INVALID_VALUE',
		'The OData Filter closes a bracket or a quote that it has not opened, or leaves one open.',
		{ repair: "Correct the filter; a quote inside a text is doubled, as in 'O''Brien'." },
	);
}

/** Filter for texts that hold a part; the function form of docs/facts/exact-online.md 4.3. */
export function contains(field: string, part: unknown): string {
	return `substringof(${odataLiteral('String', part)},${field}) eq true`;
}

function joined(parts: ReadonlyArray<string | undefined>, word: 'and' | 'or'): string | undefined {
	const given = parts.filter((part): part is string => part !== undefined && part.trim() !== '');
	return given.length < 2 ? given[0] : given.map((part) => `(${part})`).join(` ${word} `);
}

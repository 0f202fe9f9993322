/** `Sales Invoice` inside a sentence: `sales invoice`; names in capitals stay, as in `GL account`. */
export function inSentence(name: string): string {
	return name
		.split(' ')
		.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
		.join(' ');
}

/** The plural of an English name, by the rule. */
export function pluralOf(name: string): string {
	if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
	return /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** The name of a parameter for a field of Exact's: `OrderedBy` is `orderedBy`, `GLAccount` `glAccount`. */
export function parameterName(field: string): string {
	return field.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

/**
 * The names of a node or credential type as the editor shows them: its own, and those of its fields, choices
 * and collections, however deep.
 */
export function shownNames(described: unknown): string[] {
	if (Array.isArray(described)) return described.flatMap(shownNames);
	if (described === null || typeof described !== 'object') return [];
	const { displayName, name, properties, options, values, modes } = described as Record<
		string,
		unknown
	>;
	const own = [displayName, name].filter((text): text is string => typeof text === 'string');
	return [...own, ...[properties, options, values, modes].flatMap(shownNames)];
}

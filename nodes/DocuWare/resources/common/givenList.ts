import { parseJson } from '../../../shared/http';

/** The entries of a list as people, models and expressions give it: an array, also as JSON, one value, or a text with separators. */
export function givenList(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return [value];
	const text = value.trim();
	if (text === '') return [];
	const content = text.startsWith('[') ? parseJson(text) : undefined;
	return Array.isArray(content) ? content : text.replace(/^\[|\]$/g, '').split(/[\s,;]+/);
}

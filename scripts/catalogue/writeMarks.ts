import documented from './documentedMarks.json';
import { linesOf, type SourceEndpoint } from './source';

export type WriteMethod = 'POST' | 'PUT';

/**
 * Where Exact's documentation of the methods says otherwise than the rule: fields that it does not list
 * for the method although the rule would take them, and the other way round.
 */
export interface DocumentedMarks {
	readOnly?: Partial<Record<WriteMethod, readonly string[]>>;
	writable?: Partial<Record<WriteMethod, readonly string[]>>;
}

/** What the service sets by itself. */
const SET_BY_SERVICE = new Set([
	'Created',
	'Creator',
	'Modified',
	'Modifier',
	'Division',
	'Timestamp',
]);

/**
 * Whether a field may stand in the body of a POST or PUT: what the service sets, the key and full names
 * never, a collection in a POST only, a mandatory field in a POST always; else what the documentation of
 * the methods says (docs/facts/exact-online.md 7.5); else the rule for derived fields. A PUT takes nothing
 * that a POST to the same endpoint does not take.
 */
export function mayWrite(
	path: string,
	endpoint: SourceEndpoint,
	field: string,
	method: WriteMethod,
): boolean {
	const always = fixedMark(endpoint, field, method);
	if (always !== undefined) return always;
	if (method === 'PUT' && endpoint.methods.includes('POST')) {
		if (!mayWrite(path, endpoint, field, 'POST')) return false;
	}
	const { readOnly, writable }: DocumentedMarks = marksOf(path);
	if (readOnly?.[method]?.includes(field)) return false;
	if (writable?.[method]?.includes(field)) return true;
	return !isDerived(endpoint, field);
}

/** The marks that no documentation changes; undefined for the other fields. */
export function fixedMark(
	{ methods, mandatory, keys, fields }: SourceEndpoint,
	field: string,
	method: WriteMethod,
): boolean | undefined {
	if (!methods.includes(method)) return false;
	if (method === 'POST' && mandatory.includes(field) && !isSlip(keys, methods, field)) return true;
	if (keys.includes(field) || SET_BY_SERVICE.has(field) || field.endsWith('FullName')) return false;
	if (isOutcome(methods, field)) return false;
	const type = fields[field] ?? 'Unknown';
	if (linesOf(type) !== undefined || type === 'Unknown') return method === 'POST';
	return undefined;
}

/**
 * Whether a Code, Name or Description only tells what a guid beside it stands for: `AccountName` beside
 * `Account` or `AccountID`. An item's own `Description` is no such field.
 */
export function isDerived({ fields }: Pick<SourceEndpoint, 'fields'>, field: string): boolean {
	const stem = /^(.+)(?:Code|Name|Description)$/.exec(field)?.[1];
	if (stem === undefined) return false;
	return [stem, `${stem}ID`, `${stem}Id`].some((name) => fields[name] === 'Guid');
}

/** What an action tells of itself (docs/facts/exact-online.md 7.2), as `EmailCreationError`. */
function isOutcome(methods: readonly string[], field: string): boolean {
	return methods.join() === 'POST' && /(?:Success|Error)(?:Message)?$/.test(field);
}

/** A key `ID` of rows that the service makes is no input, whatever a page says (docs/facts/exact-online.md 7.4). */
function isSlip(keys: readonly string[], methods: readonly string[], field: string): boolean {
	return keys.includes(field) && methods.includes('GET');
}

function marksOf(path: string): DocumentedMarks {
	return (documented as Record<string, DocumentedMarks>)[path] ?? {};
}

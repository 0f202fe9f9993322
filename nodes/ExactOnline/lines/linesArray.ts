import { ConnectorError } from '../../shared/errors';
import { isRecord, parseJson } from '../../shared/http';
import { readJsonField } from '../../shared/node/jsonField';

/** A line as it was given: values by name of the field. */
export type GivenLine = Readonly<Record<string, unknown>>;

/**
 * The lines that a text of JSON, or an expression, gives. What Exact answers with for an expanded collection,
 * `{"results": […]}`, is taken as well.
 *
 * @param label of the field
 * @throws ConnectorError EXACT_INVALID_LINES for a text that is no JSON, with its place; for what is no list of
 *   objects; for no lines, since Exact takes no document without (docs/facts/exact-online.md 7.4)
 */
export function linesArray(value: unknown, label: string): GivenLine[] {
	const parsed = typeof value === 'string' ? parsedJson(value, label) : value;
	const list = isRecord(parsed) && Array.isArray(parsed.results) ? parsed.results : parsed;
	if (!Array.isArray(list)) throw noLines(`${label} gives ${kindOf(list)}, not a list.`);
	const lines: GivenLine[] = [];
	for (const [index, line] of (list as unknown[]).entries()) {
		if (!isRecord(line)) throw noLines(`${label}, line ${index + 1}, is ${kindOf(line)}.`);
		lines.push(line);
	}
	if (lines.length === 0) throw noLines(`${label} gives an empty list.`);
	return lines;
}

function parsedJson(text: string, label: string): unknown {
	if (text.trim() === '') throw noLines(`${label} is empty.`);
	const reading = readJsonField(text);
	if ('text' in reading) return parseJson(reading.text);
	throw new ConnectorError('EXACT_INVALID_LINES', `${label} is not JSON: ${reading.problem}.`, {
		repair: `Correct the text, as in ${EXAMPLE}, or let an expression give an array.`,
	});
}

const EXAMPLE = '[{"Item": "WIDGET", "Quantity": 2}]';

function noLines(problem: string): ConnectorError {
	return new ConnectorError('EXACT_INVALID_LINES', problem, {
		repair: `Give an array with one object for each line, as in ${EXAMPLE}.`,
	});
}

function kindOf(value: unknown): string {
	if (value === null || value === undefined) return String(value);
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

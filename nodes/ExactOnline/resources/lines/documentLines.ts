import { ConnectorError } from '../../../shared/errors';
import type { ItemCall } from '../../../shared/node/operation';
import { readEndpoint } from '../../catalogue/catalogue';
import { codesOf } from '../../catalogue/endpointCodes';
import type { LinesData, ResourceData } from '../../catalogue/firstClass/resourceData';
import type { Endpoint } from '../../catalogue/types';
import { requireCompleteLines } from '../../lines/completeLine';
import { linesArray, type GivenLine } from '../../lines/linesArray';
import type { OperationCall } from '../operation';
import { withReferencesResolved } from '../records/references';
import { readLines } from './readLines';
import { resolveCodes } from './resolveCodes';

/** Values by names of Exact's fields. */
type Values = Readonly<Record<string, unknown>>;

/** The endpoint of a document's lines. */
export function lineEndpoint(document: Endpoint, { field }: Pick<LinesData, 'field'>): Endpoint {
	const path = document.fields.get(field)?.lines;
	if (path === undefined) throw new Error(`${document.path} has no lines ${field}.`);
	return readEndpoint(path);
}

/**
 * The values of a document with the lines of the item beside them.
 *
 * @throws ConnectorError EXACT_INCOMPLETE_LINE; EXACT_INVALID_VALUE for lines among the values and in their own place
 */
export function withLines(item: ItemCall, values: Values, data: ResourceData | undefined): Values {
	const lines = data?.lines;
	if (lines === undefined) return values;
	const all = givenLines(values, readLines(item), lines);
	requireCompleteLines(all, lines);
	return all.length === 0 ? values : { ...values, [lines.field]: all };
}

/**
 * Stops a new document without lines, of which Exact takes none.
 * @throws ConnectorError EXACT_INVALID_LINES
 */
export function requireLines(data: ResourceData | undefined, values: Values): void {
	if (data?.lines === undefined || values[data.lines.field] !== undefined) return;
	throw noLines(data.name);
}

/**
 * The lines of the form or the array, or those among the values, as the JSON of a record may hold them.
 * @throws ConnectorError EXACT_INVALID_VALUE for lines in both places, EXACT_INVALID_LINES
 */
export function givenLines(
	values: Values,
	lines: readonly GivenLine[],
	{ field }: LinesData,
): readonly GivenLine[] {
	const within = values[field];
	if (within === undefined || within === null) return lines;
	if (lines.length === 0) return linesArray(within, field);
	throw new ConnectorError('EXACT_INVALID_VALUE', `${field} is given twice.`, {
		repair: 'Give the lines among the fields of the record or as Lines, not in both places.',
	});
}

/**
 * Values with ids in the place of codes in all lines that they hold; codes of many lines are looked up together.
 * @throws ConnectorError EXACT_NOT_FOUND, EXACT_AMBIGUOUS_RECORD, EXACT_INVALID_LINES
 */
export async function withLinesResolved(
	call: OperationCall,
	{ fields }: Endpoint,
	division: number,
	values: Values,
): Promise<Record<string, unknown>> {
	const resolved: Record<string, unknown> = { ...values };
	for (const [name, value] of Object.entries(values)) {
		const path = fields.get(name)?.lines;
		if (path === undefined || value === undefined || value === null) continue;
		if (Array.isArray(value) && value.length === 0) {
			// Nothing to say of a collection; the lines that a document needs are asked for elsewhere.
			delete resolved[name];
			continue;
		}
		const lines = linesArray(value, name);
		resolved[name] = await resolvedLines(call, readEndpoint(path), division, lines);
	}
	return resolved;
}

/** Lines of one endpoint with ids in the place of codes of records, and codes in the place of words. */
export async function resolvedLines(
	call: OperationCall,
	endpoint: Endpoint,
	division: number,
	lines: readonly GivenLine[],
): Promise<GivenLine[]> {
	await resolveCodes(
		call,
		division,
		lines.map((values) => ({ endpoint, values })),
	);
	const codes = codesOf(endpoint);
	const resolved: GivenLine[] = [];
	for (const line of lines) {
		resolved.push(await withReferencesResolved(call, endpoint, division, line, codes));
	}
	return resolved;
}

function noLines(name: string): ConnectorError {
	return new ConnectorError('EXACT_INVALID_LINES', `The ${name} has no lines. Nothing was sent.`, {
		repair: 'Add at least one line: Exact Online takes no such document without.',
	});
}

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { OutputRow } from './operation';
import { runsAsTool } from './toolRun';

/** What a model reads of one call, in bytes of JSON: more costs it much and tells it little. */
const MOST_BYTES = 10_000;

/** Texts and lists are shortened to these lengths, one after the other, until the first row fits. */
const SHORTENINGS = [
	{ text: 2_000, list: 100 },
	{ text: 500, list: 25 },
	{ text: 100, list: 5 },
	{ text: 40, list: 2 },
] as const;

/**
 * Rows as a model gets them: at most 10,000 bytes of JSON. Long texts and lists are shortened, then rows left
 * out, and the last one says in `note` what is missing. Unchanged where the node is no tool.
 */
export function shortenedForTool(
	context: Pick<IExecuteFunctions, 'getNode' | 'getMode' | 'isToolExecution'>,
	rows: OutputRow[],
): OutputRow[] {
	if (!runsAsTool(context) || sizeOf(rows) <= MOST_BYTES) return rows;
	for (const limits of SHORTENINGS) {
		const short = rows.map((row) => shortRow(row, limits));
		const fitting = withoutLast(short);
		if (fitting.length > 0) return withNote(fitting, rows.length);
	}
	return [{ json: { note: 'The result is too large for an AI agent. Ask for fewer fields.' } }];
}

/** As many of the first rows as fit, with room for the note. */
function withoutLast(rows: readonly OutputRow[]): OutputRow[] {
	let size = 300;
	const fitting: OutputRow[] = [];
	for (const row of rows) {
		size += sizeOf([row]);
		if (size > MOST_BYTES) break;
		fitting.push(row);
	}
	return fitting;
}

function withNote(rows: OutputRow[], all: number): OutputRow[] {
	const missing = all - rows.length;
	const left = missing === 0 ? '' : ` ${missing} of ${all} results are left out.`;
	const note = `Shortened for an AI agent: long texts and lists are cut.${left} Narrow the request or ask for fewer fields.`;
	return rows.map((row, index) =>
		index === rows.length - 1 ? { ...row, json: { ...row.json, note } } : row,
	);
}

function shortRow(row: OutputRow, limits: (typeof SHORTENINGS)[number]): OutputRow {
	return { ...row, json: shortened(row.json, limits) as IDataObject };
}

function shortened(value: unknown, limits: (typeof SHORTENINGS)[number]): unknown {
	if (typeof value === 'string') {
		return value.length > limits.text
			? `${value.slice(0, limits.text)}… (${value.length} characters)`
			: value;
	}
	if (Array.isArray(value)) {
		const few = value.slice(0, limits.list).map((one) => shortened(one, limits));
		return value.length > limits.list ? [...few, `… (${value.length} entries)`] : few;
	}
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => [name, shortened(one, limits)]),
	);
}

function sizeOf(rows: readonly OutputRow[]): number {
	return Buffer.byteLength(JSON.stringify(rows.map(({ json }) => json)));
}

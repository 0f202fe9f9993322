import { ConnectorError } from '../../shared/errors';
import type { Endpoint } from '../catalogue/types';
import { didYouMean } from '../../shared/values/nearNames';

/** Columns of an input item, told apart. */
export interface SplitColumns {
	/** Of the document as a whole. */
	header: Record<string, unknown>;
	/** Of its line. */
	line: Record<string, unknown>;
}

/** Before the name of a column that belongs to the line, where the header has a field of that name too. */
const OF_THE_LINE = /^lines?[ ._:]\s*/i;

/**
 * Tells the columns of an input item apart by the names of the fields. A name that header and line have both is
 * the header's, unless `Line` stands before it: `Line Description`, `Line.Description`.
 *
 * @param lines name of the collection, which may stand there as well: `SalesInvoiceLines.Description`
 * @throws ConnectorError EXACT_UNKNOWN_FIELD with all names that neither has, unless they are to be left out;
 *   EXACT_INVALID_VALUE for a field that two columns give
 */
export function splitColumns(
	columns: Readonly<Record<string, unknown>>,
	header: Endpoint,
	line: Endpoint,
	lines: string,
	unknown: 'refuse' | 'leaveOut',
): SplitColumns {
	const split: SplitColumns = { header: {}, line: {} };
	const strangers: string[] = [];
	for (const [column, value] of Object.entries(columns)) {
		const name = column.trim();
		const ofLine = lineName(name, lines);
		const [inHeader, inLine] = [header.fields.get(name), line.fields.get(ofLine)];
		// A name that only rows that were read have is the line's where a line can be written with it.
		if (inHeader && (inHeader.create || inLine?.create !== true)) put(split.header, name, value);
		else if (inLine) put(split.line, ofLine, value);
		else strangers.push(name);
	}
	if (strangers.length > 0 && unknown === 'refuse') throw unknownColumns(strangers, header, line);
	return split;
}

/** One of two columns would be lost, and nobody knows which is meant. */
function put(values: Record<string, unknown>, name: string, value: unknown): void {
	if (Object.hasOwn(values, name)) {
		throw new ConnectorError('EXACT_INVALID_VALUE', `Two columns give ${name}.`, {
			repair:
				'Rename or remove one of them before this node; blanks around a name, and "Line" before that of a line, do not count.',
		});
	}
	values[name] = value;
}

function lineName(name: string, lines: string): string {
	return name.startsWith(`${lines}.`)
		? name.slice(lines.length + 1)
		: name.replace(OF_THE_LINE, '');
}

function unknownColumns(
	strangers: readonly string[],
	header: Endpoint,
	line: Endpoint,
): ConnectorError {
	const [only, ...others] = strangers;
	const near =
		only === undefined || others.length > 0
			? ''
			: didYouMean(only, new Set([...header.fields.keys(), ...line.fields.keys()]));
	const names = strangers.map((name) => `"${name.slice(0, 60)}"`).join(', ');
	return new ConnectorError(
		'EXACT_UNKNOWN_FIELD',
		`Neither ${header.name} nor ${line.name} has a field ${names}.${near}`,
		{
			repair:
				'Rename these columns or remove them before this node, or choose that unknown columns are ' +
				'ignored; capitals count.',
		},
	);
}

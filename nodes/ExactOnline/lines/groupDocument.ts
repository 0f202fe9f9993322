import { ConnectorError } from '../../shared/errors';
import type { LinesData } from '../catalogue/firstClass/resourceData';
import { requestBody, type Body, type BodyOptions } from '../catalogue/requestBody';
import type { Endpoint } from '../catalogue/types';
import { inField } from '../odata/invalidValue';
import { requireCompleteLines } from './completeLine';
import { groupHeader } from './groupHeader';
import type { GivenLine } from './linesArray';

/** What one input item gives to a document. */
export interface DocumentItem {
	itemIndex: number;
	header: Readonly<Record<string, unknown>>;
	/** The header as the item gives it, codes in the place of ids, for errors. */
	given?: Readonly<Record<string, unknown>>;
	lines: readonly GivenLine[];
}

/** What a document is made with. */
export interface DocumentShape {
	header: Endpoint;
	line: Endpoint;
	lines: LinesData;
	options: BodyOptions;
	/** Header fields that differ between items: an error, or those of the first item. */
	differing: 'refuse' | 'takeFirst';
}

/**
 * The body of one document: the header of the first item, the lines of all, in their order. An item that cannot be
 * used makes the whole document one that is not created; the error names it.
 *
 * @param group names the items in errors, such as `of the group "4711"`
 * @throws ConnectorError EXACT_HEADERS_DIFFER, EXACT_INCOMPLETE_LINE, EXACT_INVALID_LINES, and what `requestBody` throws
 */
export function groupDocument(
	items: readonly DocumentItem[],
	{ header, line, lines, options, differing }: DocumentShape,
	group: string,
): Body {
	const typed = items.map((item) =>
		inField(`Item ${item.itemIndex} ${group}`, () => {
			if (item.lines.length === 0) throw noLine();
			requireCompleteLines(item.lines, lines);
			return {
				itemIndex: item.itemIndex,
				given: item.given,
				values: requestBody(header, item.header, 'POST', options),
				lines: item.lines.map((one, index) =>
					inField(`Line ${index + 1}`, () => requestBody(line, one, 'POST', options)),
				),
			};
		}),
	);
	return {
		...groupHeader(typed, group, differing, (name) => line.fields.get(name)?.create === true),
		[lines.field]: typed.flatMap((item) => item.lines),
	};
}

function noLine(): ConnectorError {
	return new ConnectorError('EXACT_INVALID_LINES', 'The item gives no line. Nothing was sent.', {
		repair:
			'Add a line to the form, filled by expressions, or leave such items out before this node.',
	});
}

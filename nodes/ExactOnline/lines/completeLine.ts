import { ConnectorError } from '../../shared/errors';
import type { LinesData } from '../catalogue/firstClass/resourceData';
import { titleOf } from '../catalogue/words';
import { isEmptyValue } from '../../shared/values/emptyValues';
import type { GivenLine } from './linesArray';

/**
 * Refuses a line that lacks what Exact wants in any case, by its number, before anything is sent.
 *
 * @param lines of one document, in their order
 * @throws ConnectorError EXACT_INCOMPLETE_LINE
 */
export function requireCompleteLines(
	lines: readonly GivenLine[],
	{ required, oneOf = [] }: Pick<LinesData, 'required' | 'oneOf'>,
): void {
	for (const [index, line] of lines.entries()) {
		const has = (name: string) => !isEmptyValue(line[name]);
		const missing = required.filter((name) => !has(name)).map(titleOf);
		if (oneOf.length > 0 && !oneOf.some(has)) missing.push(oneOf.map(titleOf).join(' or '));
		if (missing.length === 0) continue;
		throw new ConnectorError(
			'EXACT_INCOMPLETE_LINE',
			`Line ${index + 1} has no ${missing.join(', no ')}. Nothing was sent.`,
			{ repair: 'Give the line a value there.' },
		);
	}
}

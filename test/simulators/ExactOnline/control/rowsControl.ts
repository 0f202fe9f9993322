import { isRecord } from '../../shared/requestBody';
import type { Row } from '../odata/edm';
import type { ExactOnlineSimulator } from '../exactOnlineSimulator';

/** Most rows that one call may make. */
const MOST_ROWS = 200_000;

/**
 * Rows for a resource: `{ division, endpoint, rows: […] }`, or `{ division, endpoint, count, row }`, where
 * `{n}` in the texts of the one row is its number from 1 on.
 * @returns the new rows
 */
export function addRows(simulator: ExactOnlineSimulator, input: Record<string, unknown>): Row[] {
	const { division, endpoint, rows, count, row } = input;
	if (typeof division !== 'number' || typeof endpoint !== 'string') {
		throw new Error("'division' must be a number and 'endpoint' a text.");
	}
	if (Array.isArray(rows) && rows.every(isRecord)) {
		return simulator.addRows(division, endpoint, rows);
	}
	if (typeof count !== 'number' || count > MOST_ROWS || !isRecord(row)) {
		throw new Error(`Give 'rows', or 'row' and a 'count' of at most ${MOST_ROWS}.`);
	}
	return simulator.addRows(division, endpoint, numbered(row, count));
}

function numbered(row: Record<string, unknown>, count: number): Array<Record<string, unknown>> {
	const text = JSON.stringify(row);
	return Array.from(
		{ length: count },
		(_, index) => JSON.parse(text.replaceAll('{n}', String(index + 1))) as Record<string, unknown>,
	);
}

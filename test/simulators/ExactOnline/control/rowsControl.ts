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
	const { division, endpoint } = placeOf(input);
	const { rows, count, row } = input;
	if (Array.isArray(rows) && rows.every(isRecord)) {
		return simulator.addRows(division, endpoint, rows);
	}
	if (typeof count !== 'number' || count > MOST_ROWS || !isRecord(row)) {
		throw new Error(`Give 'rows', or 'row' and a 'count' of at most ${MOST_ROWS}.`);
	}
	return simulator.addRows(division, endpoint, numbered(row, count));
}

function placeOf({ division, endpoint }: Record<string, unknown>): {
	division: number;
	endpoint: string;
} {
	if (typeof division !== 'number' || typeof endpoint !== 'string') {
		throw new Error("'division' must be a number and 'endpoint' a text.");
	}
	return { division, endpoint };
}

function numbered(row: Record<string, unknown>, count: number): Array<Record<string, unknown>> {
	const text = JSON.stringify(row);
	return Array.from(
		{ length: count },
		(_, index) => JSON.parse(text.replaceAll('{n}', String(index + 1))) as Record<string, unknown>,
	);
}

/**
 * Changes rows as though somebody had done it, all at one moment: `{ division, endpoint, changes, keys?, last?, at? }`,
 * all rows without `keys` or `last` (those with the highest so many versions); `at` in ms of the simulator's clock.
 * @returns how many
 */
export function changeRows(
	simulator: ExactOnlineSimulator,
	input: Record<string, unknown>,
): { changed: number } {
	const { division, endpoint } = placeOf(input);
	const { changes, keys, last, at } = input;
	return {
		changed: simulator.changeRows(division, endpoint, isRecord(changes) ? changes : {}, {
			...(Array.isArray(keys) ? { keys: keys.map(String) } : {}),
			...(typeof last === 'number' ? { last } : {}),
			...(typeof at === 'number' ? { at } : {}),
		}),
	};
}

/** Deletes rows by their keys: `{ division, endpoint, keys }`. */
export function deleteRows(
	simulator: ExactOnlineSimulator,
	input: Record<string, unknown>,
): { deleted: number } {
	const { division, endpoint } = placeOf(input);
	const { keys } = input;
	if (!Array.isArray(keys)) throw new Error("'keys' must be a list.");
	return { deleted: simulator.deleteRows(division, endpoint, keys.map(String)) };
}

import { ConnectorError } from '../../../shared/errors';
import type { ExactRow } from '../../wire/exactTypes';
import { isAfter, laterOf, timestampOf } from './timestamps';

/** Code of rows that cannot be read piece by piece. */
export const OUT_OF_ORDER = 'EXACT_ROWS_OUT_OF_ORDER';

/** A row of a stream with its version. */
export interface VersionedRow {
	row: ExactRow;
	timestamp: string;
}

/** Where rows come from, and the field with the key of the record that each belongs to. */
interface RowSource {
	path: string;
	key: string;
}

/** Begins the reading of a stream; it may be read twice. */
type Pages = () => AsyncIterable<ExactRow[]>;

/** Which rows count, and after how many of them no further page is asked for. */
interface Enough {
	isWanted(row: VersionedRow): boolean;
	limit: number;
}

const ALL: Enough = { isWanted: () => true, limit: Infinity };

/** The rows of a stream as they come, each of a later version: a limit rests on that, as the next reading begins after a version. */
export async function* inTurn(open: Pages, path: string): AsyncGenerator<VersionedRow> {
	let last: string | undefined;
	for await (const page of open()) {
		for (const row of page) {
			const timestamp = timestampOf(row, path);
			if (last !== undefined && !isAfter(timestamp, last)) throw outOfOrder(path);
			last = timestamp;
			yield { row, timestamp };
		}
	}
}

/**
 * All rows of a stream in the order of their versions, also where several have one, which no source tells of. Where pages come in
 * another order a row that changes while they are read may move onto one that has been read already. They are read a second time
 * then, as far as the last version of the first time: whatever has it, or an earlier one, was there when the second time began.
 * @param enough ends the reading where pages have come in order so far, as a limit rests on that
 */
export async function wholeStream(
	open: Pages,
	{ path, key }: RowSource,
	enough = ALL,
): Promise<VersionedRow[]> {
	const first = await readOnce(open, path, enough);
	if (first.isInOrder) return first.rows;
	const mark = first.rows.reduce((latest, { timestamp }) => laterOf(latest, timestamp), '0');
	const second = await readOnce(open, path, ALL);
	const again = second.rows.filter(({ timestamp }) => !isAfter(timestamp, mark));
	const nameOf = ({ row, timestamp }: VersionedRow) =>
		JSON.stringify([timestamp, row[key], row.ID]);
	const rows = new Map([...first.rows, ...again].map((one) => [nameOf(one), one]));
	return [...rows.values()].sort((one, other) => {
		if (one.timestamp === other.timestamp) return 0;
		return isAfter(one.timestamp, other.timestamp) ? 1 : -1;
	});
}

async function readOnce(
	open: Pages,
	path: string,
	{ isWanted, limit }: Enough,
): Promise<{ rows: VersionedRow[]; isInOrder: boolean }> {
	const rows: VersionedRow[] = [];
	let isInOrder = true;
	let wanted = 0;
	for await (const page of open()) {
		for (const row of page) {
			const timestamp = timestampOf(row, path);
			const last = rows.at(-1);
			if (last !== undefined && !isAfter(timestamp, last.timestamp)) isInOrder = false;
			rows.push({ row, timestamp });
			if (isWanted({ row, timestamp })) wanted += 1;
		}
		if (isInOrder && wanted > limit) break;
	}
	return { rows, isInOrder };
}

function outOfOrder(path: string): ConnectorError {
	return new ConnectorError(
		OUT_OF_ORDER,
		`The rows did not come in the order of their Timestamp, so that a part of them would leave others out for ever: ${path}.`,
		{
			repair:
				'Take Most Rows per Run out of the options: without a limit their order does not matter.',
		},
	);
}

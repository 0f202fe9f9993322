import { isConnectorError, passOn } from '../../../shared/errors';
import { readOptions } from '../../../shared/node/optionsField';
import type { ExactRow } from '../../wire/exactTypes';
import { divisionPages, firstDivisionPage } from '../division/divisionLists';
import type { OperationCall } from '../operation';
import { isLearnt, learn } from '../records/learnt';

/** A change of these means that all has to be read anew (docs/facts/exact-online.md 2.2, 5). */
const FIELDS = ['DivisionMoveDate', 'DivisionHRLinkUnlinkDate'];

/** With these the lists of divisions are refused to users who may read the rows of a division all the same. */
const REFUSED = new Set([
	...['EXACT_FORBIDDEN', 'EXACT_NOT_FOUND', 'EXACT_SCOPE_MISSING', 'EXACT_ERROR_BUDGET'],
]);

/** Where it is remembered that they are refused. */
const LIST = 'system/Divisions';

/**
 * What a division says of its moves to another database; undefined where the lists of this licence do not tell, or are refused:
 * that is believed for a day, since each refusal counts as an error. Where all divisions are read, their list is asked once.
 */
export async function movesOf(call: OperationCall, division: number): Promise<string | undefined> {
	const { client } = call;
	if (isLearnt(client, division, LIST, 'noMoves')) return undefined;
	const isAll = readOptions(call).severalDivisions === 'all';
	try {
		const moves = await (isAll ? movesOfAllOnce(call, division) : movesOfOne(call, division));
		return moves.get(division);
	} catch (error) {
		if (!isConnectorError(error) || !REFUSED.has(error.code)) passOn(error);
		// A passing fault is no fact: the next run asks again.
		if (!error.retryable) learn(client, division, LIST, 'noMoves');
		return undefined;
	}
}

type Moves = ReadonlyMap<number, string>;

async function movesOfOne({ client, signal }: OperationCall, division: number): Promise<Moves> {
	const query = { division, search: String(division), fields: ['Code', ...FIELDS] };
	const { rows } = await firstDivisionPage(client, { ...query, ...(signal && { signal }) });
	return movesIn(rows);
}

async function movesOfAllOnce(call: OperationCall, division: number): Promise<Moves> {
	const { moves } = call.memory;
	const { userKey } = call.client;
	const known = moves.get(userKey) ?? movesOfAll(call, division);
	moves.set(userKey, known);
	try {
		return await known;
	} catch (error) {
		// A passing fault is no fact: the next item asks again.
		if (moves.get(userKey) === known) moves.delete(userKey);
		passOn(error);
	}
}

async function movesOfAll({ client, signal }: OperationCall, division: number): Promise<Moves> {
	const fields = ['Code', ...FIELDS];
	const found: ExactRow[] = [];
	const query = { division, fields, ...(signal && { signal }) };
	for await (const rows of divisionPages(client, query)) found.push(...rows);
	return movesIn(found);
}

function movesIn(rows: readonly ExactRow[]): Moves {
	const telling = rows.filter((row) => FIELDS.some((name) => name in row));
	return new Map(
		telling.map((row) => [
			Number(row.Code),
			FIELDS.map((name) => String(row[name] ?? '')).join('|'),
		]),
	);
}

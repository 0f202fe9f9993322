import { passOn } from '../../../shared/errors';
import { readOptions } from '../../../shared/node/optionsField';
import type { ExactRow } from '../../wire/exactTypes';
import { divisionPages, firstDivisionPage } from '../division/divisionLists';
import type { OperationCall } from '../operation';

/** A change of these means that all has to be read anew (docs/facts/exact-online.md 2.2, 5). */
const FIELDS = ['DivisionMoveDate', 'DivisionHRLinkUnlinkDate'];

/**
 * What a division says of its moves to another database; undefined where the lists of this licence do not tell. Where all
 * divisions are read, their list is asked once.
 */
export async function movesOf(call: OperationCall, division: number): Promise<string | undefined> {
	const { client, signal, memory } = call;
	if (readOptions(call).severalDivisions === 'all') {
		const { userKey } = client;
		const known = memory.moves.get(userKey) ?? movesOfAll(call, division);
		memory.moves.set(userKey, known);
		try {
			return (await known).get(division);
		} catch (error) {
			// A passing fault is no fact: the next item asks again.
			if (memory.moves.get(userKey) === known) memory.moves.delete(userKey);
			passOn(error);
		}
	}
	const fields = ['Code', ...FIELDS];
	const { rows } = await firstDivisionPage(client, {
		...{ division, search: String(division), fields },
		...(signal && { signal }),
	});
	return movesIn(rows).get(division);
}

async function movesOfAll(
	{ client, signal }: OperationCall,
	division: number,
): Promise<ReadonlyMap<number, string>> {
	const fields = ['Code', ...FIELDS];
	const found: ExactRow[] = [];
	const query = { division, fields, ...(signal && { signal }) };
	for await (const rows of divisionPages(client, query)) found.push(...rows);
	return movesIn(found);
}

function movesIn(rows: readonly ExactRow[]): Map<number, string> {
	const telling = rows.filter((row) => FIELDS.some((name) => name in row));
	return new Map(
		telling.map((row) => [
			Number(row.Code),
			FIELDS.map((name) => String(row[name] ?? '')).join('|'),
		]),
	);
}

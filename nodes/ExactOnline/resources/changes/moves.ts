import type { OperationCall } from '../operation';
import { firstDivisionPage } from '../division/divisionLists';

/** A change of these means that all has to be read anew (docs/facts/exact-online.md 2.2, 5). */
const FIELDS = ['DivisionMoveDate', 'DivisionHRLinkUnlinkDate'];

/** What a division says of its moves to another database; undefined where the lists of this licence do not tell. */
export async function movesOf(
	{ client, signal }: OperationCall,
	division: number,
): Promise<string | undefined> {
	const query = { division, search: String(division), fields: ['Code', ...FIELDS], signal };
	const { rows } = await firstDivisionPage(client, query);
	const row = rows.find(({ Code }) => Number(Code) === division);
	if (row === undefined || !FIELDS.some((name) => name in row)) return undefined;
	return FIELDS.map((name) => String(row[name] ?? '')).join('|');
}

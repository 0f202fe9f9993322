import { ConnectorError } from '../../../shared/errors';
import type { ExactOnlineClient } from '../../api/exactOnlineClient';

/**
 * `Code` of the division that the user last opened in the web interface
 * (docs/facts/exact-online.md 2.1).
 */
export async function readCurrentDivision(
	client: ExactOnlineClient,
	signal: AbortSignal | undefined,
): Promise<number> {
	const { rows } = await client.request({
		method: 'GET',
		path: 'current/Me',
		query: { $select: 'CurrentDivision' },
		signal,
	});
	const division = Number(rows[0]?.CurrentDivision);
	if (Number.isInteger(division) && division > 0) return division;
	throw new ConnectorError(
		'EXACT_NO_CURRENT_DIVISION',
		'Exact Online names no current division for this user.',
		{ repair: 'Choose a division in the node, or open one in the web interface of Exact Online.' },
	);
}

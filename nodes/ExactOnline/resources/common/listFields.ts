import type { INodeProperties } from 'n8n-workflow';
import type { ExactRow } from '../../api/exactTypes';
import type { OperationCall } from '../operation';

/** Return All and Limit of every list. */
export const listFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** How many rows the item wants; infinite for all. */
export function readLimit({ context, itemIndex }: OperationCall): number {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return Infinity;
	const limit = Number(context.getNodeParameter('limit', itemIndex, 50));
	return Number.isFinite(limit) ? Math.max(1, Math.floor(limit)) : 50;
}

/** Rows of one page on the usual endpoints (facts/exact-online.md 4.3). */
const PAGE_SIZE = 60;

/** `$top` for a limit that fits on one page; a larger one ends the paging instead. */
export function topFor(limit: number): number | undefined {
	return limit <= PAGE_SIZE ? limit : undefined;
}

/** Reads pages until the limit is reached; asks for no page beyond it. */
export async function takeRows(
	pages: AsyncIterable<ExactRow[]>,
	limit: number,
): Promise<ExactRow[]> {
	const rows: ExactRow[] = [];
	for await (const page of pages) {
		for (const row of page.slice(0, limit - rows.length)) rows.push(row);
		if (rows.length >= limit) break;
	}
	return rows;
}

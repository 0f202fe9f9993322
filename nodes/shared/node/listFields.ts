import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

const DEFAULT_LIMIT = 50;

/** A model reads few rows, and each costs it tokens. */
const TOOL_LIMIT = 20;

const returnAllField: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

/** Return All and Limit of every list. */
export const listFields: INodeProperties[] = [returnAllField, limitField];

/** The same with a lower limit where the node is a tool of an AI agent. */
export const toolListFields: INodeProperties[] = [
	returnAllField,
	{ ...limitField, displayOptions: { show: { returnAll: [false], '@tool': [false] } } },
	{
		...limitField,
		default: TOOL_LIMIT,
		displayOptions: { show: { returnAll: [false], '@tool': [true] } },
	},
];

/**
 * What a list is sorted by, in rows of a field and a direction.
 * @param field the choice of a field
 * @param directions the words of the service
 */
export function sortFieldOf(
	field: INodeProperties,
	{ ascending, descending }: { ascending: string; descending: string },
	description: string,
): INodeProperties {
	const direction: INodeProperties = {
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: [
			{ name: 'Ascending', value: ascending },
			{ name: 'Descending', value: descending },
		],
		default: ascending,
	};
	return {
		displayName: 'Sort',
		name: 'sort',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add field',
		default: {},
		options: [{ displayName: 'Field', name: 'fields', values: [field, direction] }],
		description,
	};
}

/** How many rows the item wants; infinite for all. A Limit that is typed empty is the default. */
export function readLimit(
	context: Pick<IExecuteFunctions, 'getNodeParameter'>,
	itemIndex: number,
): number {
	// A model may give it as a text.
	if (String(context.getNodeParameter('returnAll', itemIndex, false)) === 'true') return Infinity;
	const typed: unknown = context.getNodeParameter('limit', itemIndex, DEFAULT_LIMIT);
	const limit = typed === '' || typed === null ? DEFAULT_LIMIT : Number(typed);
	return Number.isFinite(limit) ? Math.max(1, Math.floor(limit)) : DEFAULT_LIMIT;
}

/**
 * Reads pages until the limit is reached; asks for no page beyond it.
 * @param rows those that were taken before, which count; the new ones come behind them
 */
export async function takeRows<Row>(
	pages: AsyncIterable<Row[]>,
	limit: number,
	rows: Row[] = [],
): Promise<Row[]> {
	for await (const page of pages) {
		for (const row of page.slice(0, limit - rows.length)) rows.push(row);
		if (rows.length >= limit) break;
	}
	return rows;
}

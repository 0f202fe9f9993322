import type { INodeListSearchResult } from 'n8n-workflow';
import type { ExactOnlineClient } from '../api/exactOnlineClient';
import type { Endpoint } from '../catalogue/types';
import { allOf, anyOf, contains } from '../odata/filter';
import { odataLiteral } from '../odata/literals';
import { listAnswer } from '../resources/records/listRules';
import { spellings } from './recordSearch';

/** What a list of values in use is asked for. */
export interface ValueSearch {
	endpoint: Endpoint;
	/** Field that holds the value. */
	held: string;
	/** Field with its name. */
	label: string;
	division(): Promise<number>;
	search?: string;
	/** The last name that was shown. */
	paginationToken?: string;
}

/**
 * One page of the values that rows of an endpoint hold in a field, each once, in the order of their names. The next page begins
 * behind the last name, so that a name of a thousand rows takes one request.
 */
export async function valuesInUse(
	client: ExactOnlineClient,
	{ endpoint, held, label, division, search, paginationToken = '' }: ValueSearch,
): Promise<INodeListSearchResult> {
	const query = {
		$select: [...new Set([...endpoint.keyNames, held, label])].join(','),
		$filter: allOf([
			`${label} gt ${odataLiteral('String', paginationToken)}`,
			anyOf(spellings(search).map((part) => contains(label, part))),
		]),
		$orderby: label,
	};
	const place = { endpoint, division: await division() };
	const { rows, next } = await listAnswer(client, place, { query });
	const names = new Map<string, string>();
	for (const { [held]: value, [label]: name } of rows) {
		if (typeof value === 'string' && typeof name === 'string') names.set(value, name);
	}
	const last = rows.at(-1)?.[label];
	return {
		results: [...names].map(([value, name]) => ({ name, value })),
		...(next !== undefined && typeof last === 'string' && { paginationToken: last }),
	};
}

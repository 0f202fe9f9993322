import type { INodeListSearchResult } from 'n8n-workflow';
import type { ExactOnlineClient } from '../api/exactOnlineClient';
import { filterField } from '../catalogue/fieldTypes';
import { REFERENCES } from '../catalogue/firstClass/references';
import type { ResourceData } from '../catalogue/firstClass/resourceData';
import type { Endpoint } from '../catalogue/types';
import { anyOf, contains } from '../odata/filter';
import { comparison } from '../odata/filterRows';
import { namingFields } from '../resources/records/findRecord';
import { listAnswer } from '../resources/records/listRules';
import type { ExactAnswer, ExactRow } from '../wire/exactTypes';

/** What a list of records is asked for. */
export interface RecordSearch {
	endpoint: Endpoint;
	/** Fields that a record is shown and searched by, the name first. */
	fields: readonly string[];
	valueOf(row: ExactRow): string;
	/** Further fields that are needed. */
	more?: readonly string[];
	division(): Promise<number>;
	search?: string;
	paginationToken?: string;
}

/** Fields by which a list shows and searches the records of an endpoint. */
export function labelFields(endpoint: Endpoint, data?: ResourceData): string[] {
	const known = REFERENCES.find(
		({ endpoint: path, inUse }) => path === endpoint.path && inUse === undefined,
	)?.label;
	const first = data?.main[0] ?? '';
	const names = known ?? [
		// Nobody knows an identifier; the name beside it says whose the record is.
		endpoint.fields.get(first)?.type === 'Guid' ? `${first}Name` : first,
		...namingFields({ endpoint, data }),
	];
	const isShown = (name: string) => {
		const type = endpoint.fields.get(name)?.type;
		return type !== undefined && type !== 'Guid' && type !== 'Collection';
	};
	return [...new Set(names)].filter(isShown).slice(0, 4);
}

/** The key of a row as the value of a list entry; several fields as JSON. */
export function valueOf({ keyNames }: Endpoint, row: ExactRow): string {
	const [only, ...others] = keyNames;
	if (others.length === 0) return String(row[only ?? 'ID'] ?? '');
	return JSON.stringify(Object.fromEntries(keyNames.map((name) => [name, row[name]])));
}

/** One page of records for a drop-down. */
export async function recordPage(
	client: ExactOnlineClient,
	search: RecordSearch,
): Promise<INodeListSearchResult> {
	const { fields, paginationToken } = search;
	const page =
		paginationToken === undefined
			? await firstPage(client, search, await search.division())
			: await client.follow(paginationToken, {});
	return {
		results: page.rows.map((row) => ({ name: labelOf(row, fields), value: search.valueOf(row) })),
		paginationToken: page.next,
	};
}

async function firstPage(
	client: ExactOnlineClient,
	{ endpoint, fields, more = [], search }: RecordSearch,
	division: number,
): Promise<ExactAnswer> {
	const query = {
		$select: [...new Set([...endpoint.keyNames, ...more, ...fields])].join(','),
		$filter: searchFilter(endpoint, fields, search),
		$orderby: fields[0],
	};
	return await listAnswer(client, { endpoint, division }, { query });
}

/** What was typed as it stands and with a capital, since capitals may count; none where nothing was. */
export function spellings(search: string | undefined): string[] {
	const typed = search?.trim() ?? '';
	if (typed === '') return [];
	return [...new Set([typed, typed.charAt(0).toUpperCase() + typed.slice(1)])];
}

/** What was typed is looked for in each text as typed and with a capital, and compared with numbers. */
function searchFilter(
	endpoint: Endpoint,
	fields: readonly string[],
	search: string | undefined,
): string | undefined {
	const parts = spellings(search);
	const [typed] = parts;
	if (typed === undefined) return undefined;
	const conditions = fields.flatMap((name) => {
		const field = filterField(endpoint, name);
		if (field.code !== undefined) return [comparison(field, 'eq', typed)];
		if (field.type === 'String') {
			return parts.map((part) => contains(name, part));
		}
		const isNumber = /^(?:Int|Byte)/.test(field.type ?? '') && /^\d{1,9}$/.test(typed);
		return isNumber ? [comparison(field, 'eq', typed)] : [];
	});
	return anyOf(conditions);
}

function labelOf(row: ExactRow, fields: readonly string[]): string {
	const [name = '', ...others] = fields
		.map((field) => row[field])
		.filter((value) => typeof value === 'string' || typeof value === 'number')
		.map((value) => String(value).trim())
		.filter((value) => value !== '');
	return others.length === 0 ? name || 'Without a Name' : `${name} (${others.join(', ')})`;
}

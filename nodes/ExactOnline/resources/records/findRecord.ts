import { ConnectorError } from '../../../shared/errors';
import { takeRows } from '../../../shared/node/listFields';
import { filterField } from '../../catalogue/fieldTypes';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import type { Endpoint } from '../../catalogue/types';
import type { ValueOptions } from '../../odata/edm';
import { allOf } from '../../odata/filter';
import { comparison } from '../../odata/filterRows';
import { inField } from '../../odata/invalidValue';
import type { ExactRequest, ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { pagesOf } from './listRules';
import { withoutVatSigns } from './references';

/** Rows that an error about several matches names. */
const NAMED_MATCHES = 5;

/** Where records are looked for. */
export interface Place {
	endpoint: Endpoint;
	data?: ResourceData;
	division: number;
}

/** A filter for records whose fields have these values. */
export function matchFilter(
	endpoint: Endpoint,
	values: ReadonlyArray<readonly [name: string, value: unknown]>,
	options: ValueOptions,
): string {
	const conditions = values.map(([name, value]) =>
		inField(name, () =>
			comparison(filterField(endpoint, name), 'eq', withoutVatSigns(name, value), options),
		),
	);
	return allOf(conditions) ?? '';
}

/**
 * Records that match a filter, at most so many as an error names.
 * @param query what of them is read; by default the fields that tell them apart
 */
export async function matchingRecords(
	{ client, signal }: OperationCall,
	{ endpoint, data, division }: Place,
	$filter: string,
	query: ExactRequest['query'] = { $select: namingFields({ endpoint, data }).join(',') },
): Promise<ExactRow[]> {
	const $top = Number(query.$top ?? NAMED_MATCHES);
	const asked = { query: { ...query, $filter, $top }, signal };
	const pages = pagesOf(client, { endpoint, division }, asked);
	// A page may be empty and the list go on behind it: "nothing there" makes a second record.
	return await takeRows(pages, $top);
}

/**
 * The one record among those that were found.
 * @param asked what was looked for, such as `the Code 1001`
 * @throws ConnectorError EXACT_NOT_FOUND, EXACT_AMBIGUOUS_RECORD
 */
export function theOnly(place: Place, rows: readonly ExactRow[], asked: string): ExactRow {
	const [row, another] = rows;
	if (row === undefined) throw notFound(place, asked);
	if (another !== undefined) throw ambiguous(place, rows, asked);
	return row;
}

/** The fields by which a person tells records apart, and the key. */
export function namingFields({ endpoint, data }: Pick<Place, 'endpoint' | 'data'>): string[] {
	const usual = ['Code', 'Name', 'Description', 'Subject', ...(data?.keys ?? [])];
	const names = usual.filter((name) => {
		const type = endpoint.fields.get(name)?.type;
		return type !== undefined && type !== 'Collection' && type !== 'Unknown';
	});
	return [...new Set([...endpoint.keyNames, ...names])].slice(0, 5);
}

/**
 * More than one record where one was meant.
 * @param asked what was looked for, such as `the Code 1001`
 */
export function ambiguous(
	{ endpoint, data, division }: Place,
	rows: readonly ExactRow[],
	asked: string,
): ConnectorError {
	const fields = namingFields({ endpoint, data });
	const list = rows.slice(0, NAMED_MATCHES).map((row) => {
		const [key, ...others] = fields.map((name) => String(row[name] ?? '').trim());
		const words = others.filter((word) => word !== '').join(', ');
		return words === '' ? key : `${key} (${words})`;
	});
	const more = rows.length < NAMED_MATCHES ? '' : ' and perhaps more';
	return new ConnectorError(
		'EXACT_AMBIGUOUS_RECORD',
		`Several records of ${endpoint.name} in division ${division} match ${asked}: ${list.join('; ')}${more}.`,
		{ repair: 'Name the record by its ID, or by a field that only one of them has.' },
	);
}

/** No record where one was meant. */
export function notFound({ endpoint, division }: Place, asked: string): ConnectorError {
	return new ConnectorError(
		'EXACT_NOT_FOUND',
		`There is no ${endpoint.name} with ${asked} in division ${division}.`,
		{ repair: 'Check the value, and that the record is in this division.' },
	);
}

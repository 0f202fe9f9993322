import { isConnectorError, passOn } from '../../../shared/errors';
import { hasExpression } from '../../../shared/node/emptyExpressions';
import { filterField } from '../../catalogue/fieldTypes';
import { isEmptyValue } from '../../../shared/values/emptyValues';
import type { ValueOptions } from '../../odata/edm';
import { comparison } from '../../odata/filterRows';
import { keyBatches } from '../../odata/keyBatches';
import type { ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { namingFields, type Place } from './findRecord';
import { readValues } from './readValues';
import { withoutVatSigns } from './references';

/** Characters of a URL that are left for a filter beside few fields. */
const FILTER_ROOM = 4_000;

/**
 * Looks for the records of all items of the run together, some dozens in one request, where they are known again by one
 * field. What is found need not be looked for one by one; what is not found still is, under its lease.
 *
 * @param by the field
 */
export async function knowMatches(
	call: OperationCall,
	place: Place,
	by: string,
	options: ValueOptions,
): Promise<void> {
	const { memory, context, client } = call;
	const run = JSON.stringify([client.userKey, place.division, place.endpoint.path, by]);
	if (memory.matchesAsked.has(run)) return;
	memory.matchesAsked.add(run);
	const items = context.getInputData();
	if (items.length < 2 || hasExpression(context.getNode().parameters.division)) return;
	const values = [...items.keys()].flatMap((itemIndex) => valueOf(call, itemIndex, place, by));
	try {
		await look(call, place, by, values, options);
	} catch (error) {
		// Each item looks for its own then, and tells.
		if (!isConnectorError(error) || call.signal?.aborted === true) passOn(error);
	}
}

/** The records that were found for a filter of one comparison; undefined where nothing is known. */
export function knownMatches({ memory }: OperationCall, place: Place, filter: string) {
	return memory.matches.get(keyOf(place, filter));
}

/** What an item gives for the field; nothing where it gives none, which it tells in its own turn. */
function valueOf(call: OperationCall, itemIndex: number, place: Place, by: string): unknown[] {
	try {
		const { endpoint, data } = place;
		const { values } = readValues({ ...call, itemIndex }, { endpoint, data, method: 'POST' });
		return isEmptyValue(values[by]) ? [] : [withoutVatSigns(by, values[by])];
	} catch {
		return [];
	}
}

async function look(
	{ client, memory, signal }: OperationCall,
	place: Place,
	by: string,
	values: readonly unknown[],
	options: ValueOptions,
): Promise<void> {
	const { endpoint, division } = place;
	const field = filterField(endpoint, by);
	const $select = [...new Set([...namingFields(place), by])].join(',');
	const found = new Map<string, ExactRow[]>();
	for (const { filter: $filter } of keyBatches(field, values, FILTER_ROOM, options)) {
		const request = { method: 'GET', path: endpoint.path, division, signal } as const;
		for await (const rows of client.pages({ ...request, query: { $select, $filter } })) {
			for (const row of rows) {
				const key = keyOf(place, comparison(field, 'eq', row[by], options));
				found.set(key, [...(found.get(key) ?? []), row]);
			}
		}
	}
	for (const [key, rows] of found) memory.matches.set(key, rows);
}

/** Exact compares texts without capitals. */
function keyOf({ division, endpoint }: Place, filter: string): string {
	return JSON.stringify([division, endpoint.path, filter.toLowerCase()]);
}

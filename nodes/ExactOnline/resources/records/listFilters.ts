import { ConnectorError } from '../../../shared/errors';
import { readOptions } from '../../../shared/node/optionsField';
import { filterField } from '../../catalogue/fieldTypes';
import type { CodedFields } from '../../catalogue/firstClass/codes';
import type { Endpoint } from '../../catalogue/types';
import { allOf, typedFilter } from '../../odata/filter';
import { filterOfRows, listedValues, type FilterRow } from '../../odata/filterRows';
import { keyBatches } from '../../odata/keyBatches';
import { apiUrl, MAX_URL_LENGTH, roomForFilter } from '../../wire/apiUrl';
import type { OperationCall } from '../operation';
import { readConditions } from './listFields';
import { readValueOptions } from '../../../shared/node/valueOptionFields';

/** What a filter stands beside in a URL. */
export interface FilterScope {
	baseUrl: string;
	endpoint: Endpoint;
	/** Words of coded fields. */
	codes?: CodedFields;
	division: number;
	select: readonly string[] | undefined;
	expand: readonly string[];
	orderBy?: string;
}

/** A filter, and the fields that it names; undefined where a person wrote it. */
export interface ListFilter {
	filter?: string;
	filterFields: readonly string[] | undefined;
}

/** Characters that the other parts of a query may take beside what is known here. */
const SPARE = 200;

/**
 * The item's filter; several, to be read one after another, where a long list of values does not fit into one URL.
 * @throws ConnectorError EXACT_INVALID_VALUE, EXACT_UNKNOWN_FIELD, EXACT_URL_TOO_LONG where the parts would lose the order
 */
export function filtersOf(call: OperationCall, scope: FilterScope): ListFilter[] {
	const { rows, combine } = readConditions(call, scope.codes);
	const options = readValueOptions(call);
	const fieldOf = (name: string) => filterField(scope.endpoint, name);
	const typed = String(readOptions(call).filter ?? '').trim();
	const written = typed === '' ? undefined : typedFilter(typed);
	const filterFields = written === undefined ? rows.map(({ field }) => field) : undefined;
	const whole = allOf([filterOfRows(rows, combine, fieldOf, options), written]);
	const room = roomFor(scope);
	const [long] = rows
		.filter(({ operator }) => operator === 'isOneOf')
		.sort((one, other) => String(other.value).length - String(one.value).length);
	const fits = whole === undefined || encodeURIComponent(whole).length <= room;
	if (fits || long === undefined || (combine === 'or' && rows.length > 1)) {
		return [{ filter: whole, filterFields }];
	}
	if (scope.orderBy !== undefined) throw orderLost(long);
	const others = rows.filter((row) => row !== long);
	const rest = allOf([filterOfRows(others, 'and', fieldOf, options), written]);
	const left = room - (rest === undefined ? 0 : encodeURIComponent(`(${rest}) and ()`).length);
	return keyBatches(fieldOf(long.field), listedValues(long.value), left, options).map(
		({ filter }) => ({ filter: allOf([rest, filter]), filterFields }),
	);
}

function roomFor({ baseUrl, endpoint, division, select, expand, orderBy }: FilterScope): number {
	const fields = (select ?? []).join(',');
	const query = { $select: fields, $expand: expand.join(','), $orderby: orderBy };
	if (fields.length > MAX_URL_LENGTH / 2) return 0;
	return roomForFilter(apiUrl(baseUrl, endpoint.path, division, query)) - SPARE;
}

function orderLost({ field }: FilterRow): ConnectorError {
	return new ConnectorError(
		'EXACT_URL_TOO_LONG',
		`The list of values for ${field} takes several requests, over which no order can be kept.`,
		{ repair: 'Leave out Sort and sort the rows afterwards, or give fewer values.' },
	);
}

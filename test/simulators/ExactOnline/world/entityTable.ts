import type { EdmType, EdmValue, Row } from '../odata/edm';
import type { Action } from './actions';
import type { EndpointFacts, LineCollection } from './endpointFacts';
import type { SimulatedUser } from './people';
import type { RowSet } from './rowSet';
import type { ServiceFunction } from './serviceFunctions';

/** For whom rows are wanted. `division` is undefined for resources without a division. */
export interface TableContext {
	user: SimulatedUser;
	division: number | undefined;
	/** The app that asks; undefined for what the service does itself. */
	clientId?: string;
	/** Milliseconds of the simulator's clock. */
	now: number;
	/** What the service's clock shows, as it writes it into rows; `now` if missing. */
	stampedAt?: number;
}

/**
 * One resource: where it is, what its fields are and which rows it has. Everything else (paging,
 * filter, envelopes, writes) is the same for all.
 */
export interface EntityTable extends EndpointFacts {
	/** Path behind the division, e.g. `crm/Accounts`; with division-less resources the whole path. */
	path: string;
	/** Model name in `__metadata.type`. */
	typeName: string;
	/** Rows that this user sees in this division. */
	rows: (context: TableContext) => readonly Row[];
	/** Where rows are written; absent where nothing can be. Its rows stand in the order of their keys. */
	store?: (context: TableContext) => RowSet;
	/** Takes arguments in the URL; `rows` has none then. */
	call?: ServiceFunction;
	/** What a POST does where it makes no row; `rows` has none then. */
	act?: Action;
	/** Stores a new row itself where that takes time; refuses by rejecting with ODataError or ValidationError. */
	register?: (row: Row, context: TableContext) => Promise<Row>;
	/** Whether `rows` has a row of the store; absent: every one. */
	isShown?: (row: Row, context: TableContext) => boolean;
	/** True if `rows` stand in the order of their keys. */
	inKeyOrder?: boolean;
	/** Collections whose rows belong to other resources. */
	collections?: readonly LineCollection[];
	/** Rows per page, if not the simulator's switch. */
	pageSize?: number;
	/** Answer 400 unless `$select` or `$top=1` is there, docs/facts/exact-online.md 4.3. */
	selectRequired?: boolean;
	/** Answer 400 unless the filter names one of these fields, docs/facts/exact-online.md 4.3. */
	mandatoryFilter?: readonly string[];
	/** The same where a switch turns on what Exact demands of some apps. */
	knownMandatoryFilter?: readonly string[];
	/** Answer 400 if the filter names another field, docs/facts/exact-online.md 4.3, 5. */
	filterableFields?: readonly string[];
	/**
	 * False: `$skip` is refused (endpoints released after 1 March 2017,
	 * docs/facts/exact-online.md 4.3).
	 */
	skipSupported?: boolean;
	/** False: `$orderby` is refused (bulk and sync, docs/facts/exact-online.md 4.3). */
	orderBySupported?: boolean;
	/** Completes a row on its way out, e.g. an address with the origin that the client used. */
	present?: (row: Row, origin: string) => Row;
	/** Fills in what the service sets itself, or refuses by throwing ODataError. */
	beforeInsert?: (row: Row, context: TableContext) => void;
	/** Like `beforeInsert` for the fields that a PUT brings. */
	beforeUpdate?: (changes: Row, row: Row, context: TableContext) => void;
	/** Refuses by throwing ODataError, or deletes what goes with the row. */
	beforeDelete?: (row: Row, context: TableContext) => void;
}

/** What all methods need of a resource's type. */
export type EntityType = Pick<EntityTable, 'path' | 'typeName' | 'keys' | 'fields'>;

/** The type of one field, undefined if the resource has no such field. */
export function fieldType(
	{ fields }: Pick<EntityTable, 'fields'>,
	name: string,
): EdmType | undefined {
	return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Pads an account code to 18 characters, docs/facts/exact-online.md 4.4. */
export function padCode(code: EdmValue): string {
	return String(code).trim().padStart(18, ' ');
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EdmType, EdmValue, Row } from '../odata/edm';
import type { SimulatedUser } from './people';

export type EntityMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** For whom rows are wanted. `division` is undefined for resources without a division. */
export interface TableContext {
	user: SimulatedUser;
	division: number | undefined;
	/** Milliseconds of the simulator's clock. */
	now: number;
}

/**
 * One resource: where it is, what its fields are and which rows it has. Everything else (paging,
 * filter, envelopes, writes) is the same for all.
 */
export interface EntityTable {
	/** Path behind the division, e.g. `crm/Accounts`; with division-less resources the whole path. */
	path: string;
	/** Model name in `__metadata.type`. */
	typeName: string;
	/** Name of the key field. */
	key: string;
	fields: Readonly<Record<string, EdmType>>;
	methods: readonly EntityMethod[];
	/** Fields that POST must bring. */
	mandatory: readonly string[];
	/** Rows that this user sees in this division; writes change the array returned. */
	rows: (context: TableContext) => Row[];
	/** Rows per page, if not the simulator's switch. */
	pageSize?: number;
	/** Answer 400 unless `$select` or `$top=1` is there, docs/facts/exact-online.md 4.3. */
	selectRequired?: boolean;
	/** Answer 400 unless the filter names one of these fields, docs/facts/exact-online.md 4.3. */
	mandatoryFilter?: readonly string[];
	/**
	 * False: `$skip` is refused (endpoints released after 1 March 2017,
	 * docs/facts/exact-online.md 4.3).
	 */
	skipSupported?: boolean;
	/** Fills in what the service sets itself, or refuses by throwing ODataError. */
	beforeInsert?: (row: Row, context: TableContext) => void;
	/** Like `beforeInsert` for the fields that a PUT brings. */
	beforeUpdate?: (changes: Row, row: Row, context: TableContext) => void;
}

/** What the endpoint documentation tells of a resource. */
export interface EndpointFacts {
	key: string;
	methods: EntityMethod[];
	mandatory: string[];
	fields: Record<string, EdmType>;
}

const FACTS_FILE = join(__dirname, '../../../../docs/facts/exact-online-endpoints.json');

let facts: Record<string, EndpointFacts> | undefined;

/**
 * The documented fields of a resource.
 * @throws Error if the list of endpoints has no entry for the path
 */
export function endpointFacts(path: string): EndpointFacts {
	facts ??= JSON.parse(readFileSync(FACTS_FILE, 'utf8')) as Record<string, EndpointFacts>;
	const found = facts[path];
	if (!found) throw new Error(`${FACTS_FILE} has no entry for ${path}.`);
	return found;
}

/** Pads an account code to 18 characters, docs/facts/exact-online.md 4.4. */
export function padCode(code: EdmValue): string {
	return String(code).trim().padStart(18, ' ');
}

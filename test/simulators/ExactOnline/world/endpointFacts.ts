import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EdmType } from '../odata/edm';

export type EntityMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What the endpoint documentation tells of a resource (docs/facts/exact-online.md 7). */
export interface EndpointFacts {
	/** Names of the key fields; none for functions that answer without a key. */
	keys: readonly string[];
	methods: readonly EntityMethod[];
	/** Fields that the documentation marks for POST. */
	mandatory: readonly string[];
	fields: Readonly<Record<string, EdmType>>;
}

/** A collection of a header, and the endpoint that its rows belong to. */
export interface LineCollection {
	/** Field of the header, e.g. `SalesInvoiceLines`. */
	field: string;
	/** e.g. `salesinvoice/SalesInvoiceLines`. */
	endpoint: string;
	/** Field of a line that holds the header's key; begins with `$` where no documented field does. */
	parentField: string;
}

interface FactsEntry extends Omit<EndpointFacts, 'keys'> {
	key: string | string[];
}

/**
 * Read by the simulator itself, not through the package's catalogue, so that a fault of the catalogue
 * shows.
 */
const FACTS_FILE = join(__dirname, '../../../../docs/facts/exact-online-endpoints.json');

let facts: Map<string, EndpointFacts> | undefined;

function allFacts(): Map<string, EndpointFacts> {
	if (facts) return facts;
	const entries = JSON.parse(readFileSync(FACTS_FILE, 'utf8')) as Record<string, FactsEntry>;
	facts = new Map(
		Object.entries(entries).map(([path, { key, ...rest }]) => [
			path,
			{ ...rest, keys: typeof key === 'string' ? [key] : key },
		]),
	);
	return facts;
}

/** Paths of all documented endpoints. */
export function documentedEndpoints(): string[] {
	return [...allFacts().keys()];
}

/** The documented resource at a path, undefined if there is none. */
export function findEndpointFacts(path: string): EndpointFacts | undefined {
	return allFacts().get(path);
}

/**
 * The documented fields of a resource.
 * @throws Error if the list of endpoints has no entry for the path
 */
export function endpointFacts(path: string): EndpointFacts {
	const found = findEndpointFacts(path);
	if (!found) throw new Error(`${FACTS_FILE} has no entry for ${path}.`);
	return found;
}

/** Where a line names its header by a field that cannot be told from the names. */
const PARENT_FIELDS: Readonly<Record<string, string>> = {
	'inventory/AssemblyBillOfMaterialHeader AssemblyBillOfMaterialMaterials': 'AssembledItem',
	'manufacturing/ShopOrderRoutingStepPlans TimeTransactions': 'RoutingStepPlan',
	'purchase/PurchaseInvoices PurchaseInvoiceLines': 'InvoiceID',
	'purchaseorder/PurchaseReturns PurchaseReturnLines': 'EntryID',
};

/** The collections of a resource, in the order of its fields. */
export function lineCollections(path: string): LineCollection[] {
	return Object.entries(endpointFacts(path).fields).flatMap(([field, type]) => {
		const endpoint = /^Collection\((.+)\)$/.exec(type)?.[1];
		return endpoint === undefined
			? []
			: [{ field, endpoint, parentField: parentField(path, field, endpoint) }];
	});
}

function parentField(path: string, field: string, lineEndpoint: string): string {
	const known = PARENT_FIELDS[`${path} ${field}`];
	if (known !== undefined) return known;
	const name = singular(path.split('/').pop() ?? path);
	const [key = 'ID'] = endpointFacts(path).keys;
	const candidates = [key === 'ID' ? '' : key, name, `${name}ID`];
	const lineFields = endpointFacts(lineEndpoint).fields;
	return candidates.find((one) => one in lineFields) ?? `$${name}`;
}

/** Where a line names its header. */
export interface HeaderReference {
	/** Endpoint of the header. */
	header: string;
	parentField: string;
}

let headers: Map<string, HeaderReference[]> | undefined;

/** The headers that the rows of an endpoint are lines of. */
export function headersOf(path: string): readonly HeaderReference[] {
	headers ??= allHeaders();
	return headers.get(path) ?? [];
}

function allHeaders(): Map<string, HeaderReference[]> {
	const found = new Map<string, HeaderReference[]>();
	for (const header of documentedEndpoints().filter((one) => !/^(?:bulk|sync)\//.test(one))) {
		for (const { endpoint, parentField } of lineCollections(header)) {
			found.set(endpoint, [...(found.get(endpoint) ?? []), { header, parentField }]);
		}
	}
	return found;
}

/** `SalesEntries` is `SalesEntry`, `Addresses` is `Address`, `Items` is `Item`. */
export function singular(name: string): string {
	if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
	if (/(?:ss|x|ch)es$/.test(name)) return name.slice(0, -2);
	return /[^s]s$/.test(name) ? name.slice(0, -1) : name;
}

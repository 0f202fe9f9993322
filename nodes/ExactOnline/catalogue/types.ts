import type { EdmType } from '../odata/edm';

/** `Unknown`: the documentation names no type, what comes and goes is JSON. */
export type FieldType = EdmType | 'Collection' | 'Unknown';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A field of an endpoint, by Exact's documentation (docs/facts/exact-online.md 7.5). */
export interface CatalogueField {
	name: string;
	type: FieldType;
	/** Of a collection: path of the endpoint that its rows belong to. */
	lines?: string;
	/** Exact's documentation calls the field needed in a POST. */
	mandatory: boolean;
	/** May stand in a POST. */
	create: boolean;
	/** May stand in a PUT. */
	update: boolean;
}

/** What the list of endpoints tells of one; known without its fields. */
export interface EndpointSummary {
	/** Below the division: `crm/Accounts`; `current/Me` has none. */
	path: string;
	/** For people, singular and unique: `Sales Invoice`. */
	name: string;
	/** As Exact groups its endpoints: `CRM`. */
	service: string;
	methods: readonly Method[];
	/** Names of the key's fields; several for a composite key, none where rows have no key. */
	keyNames: readonly string[];
}

/** An endpoint with its fields. */
export interface Endpoint extends EndpointSummary {
	key: ReadonlyArray<{ name: string; type: EdmType }>;
	/** By name, in the order of the documentation. */
	fields: ReadonlyMap<string, CatalogueField>;
}

import type { IBinaryKeyData, IDataObject, INodeProperties } from 'n8n-workflow';

/** One output item; the router adds which input item it belongs to. */
export interface OutputRow {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/**
 * What an operation shows in the editor and what it does; one per file. `Call` is what the service's
 * node hands to an operation for one item.
 */
export interface Operation<Call, Result = OutputRow[]> {
	/** Title Case, for the list of operations. */
	name: string;
	value: string;
	/** Sentence case, for the list of actions. */
	action: string;
	description: string;
	/** Fields of this operation alone; when they are shown is added by `describeResources`. */
	fields: INodeProperties[];
	execute(call: Call): Promise<Result>;
}

/** Operations on one kind of thing. */
export interface Resource<Call, Result = OutputRow[]> {
	/** Title Case, for the list of resources. */
	name: string;
	value: string;
	operations: Array<Operation<Call, Result>>;
	/** Operation chosen when the resource is. */
	defaultOperation: string;
}

/** The operation with these values; undefined where there is none. */
export function findOperation<Call, Result>(
	resources: ReadonlyArray<Resource<Call, Result>>,
	resourceValue: string,
	operationValue: string,
): Operation<Call, Result> | undefined {
	return resources
		.find(({ value }) => value === resourceValue)
		?.operations.find(({ value }) => value === operationValue);
}

/** Plain data as output items. */
export function jsonRows(objects: readonly IDataObject[]): OutputRow[] {
	return objects.map((json) => ({ json }));
}

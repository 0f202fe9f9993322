import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import type { OtherWords } from './choiceWords';

/** One output item; the frame adds which input item it belongs to. */
export interface OutputRow {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/** One item of a node's run; a service adds its client or session to it. */
export interface ItemCall {
	context: IExecuteFunctions;
	itemIndex: number;
	/** Aborted when the execution is cancelled. */
	signal: AbortSignal | undefined;
}

/**
 * What an operation shows in the editor and what it does; one per file. `Call` is what the service's
 * node hands to an operation for one item.
 */
export interface Operation<Call> {
	/** Title Case, for the list of operations. */
	name: string;
	value: string;
	/** Sentence case, for the list of actions. */
	action: string;
	description: string;
	/** Fields of this operation alone; when they are shown is added by `describeResources`. */
	fields: INodeProperties[];
	/** What a model must not decide when the node is a tool of an AI agent; nothing if missing. */
	refusedAsTool?: ToolRefusal;
	/** Names of fields in which the operation itself deals with what expressions leave empty. */
	dealsWithGapsIn?: readonly string[];
	/** What an expression or a model may write for choices beside their values and names. */
	otherWords?: OtherWords;
	execute(call: Call): Promise<OutputRow[]>;
	/** How it works on several items at once, if it can. */
	together?: Together<Call>;
	/** How many items are worked on side by side, asked of the first one; one after another if missing. */
	sideBySide?(first: ItemCall): number;
}

/** How an operation makes one thing of several input items. */
export interface Together<Call> {
	/** Whether the node's settings ask for it: asked of the first item, so by settings that take no expression. */
	applies(first: ItemCall): boolean;
	/** Which items belong together, each in one group, in the order in which the groups are worked on. */
	groups(items: readonly GivenItem[]): Promise<Array<ItemGroup<Call>>>;
}

/** An item whose fields have been looked at. */
export interface GivenItem extends ItemCall {
	/** Why it cannot be used; its group fails with that. */
	problem?: unknown;
}

/** Items that belong together: all of them or none are worked on. */
export interface ItemGroup<Call> {
	/** Their indexes, at least one; what comes out is paired with all of them. */
	itemIndexes: readonly number[];
	/** What the group's error item tells beside the error. */
	about: IDataObject;
	/** @param call that of the first item */
	execute(call: Call): Promise<OutputRow[]>;
}

/**
 * The operation as a whole; or unless a person has switched on the field of this name in the node; or its switches of
 * these names when they are on, and fields with these values.
 */
export type ToolRefusal =
	| 'operation'
	| { unless: string }
	| { switches: readonly string[]; choices?: Readonly<Record<string, string>> };

/** The fields in which an expression that gives nothing is an error before the operation begins. */
export function fieldsWithoutGaps({
	fields,
	dealsWithGapsIn = [],
}: Pick<Operation<never>, 'fields' | 'dealsWithGapsIn'>): INodeProperties[] {
	return fields.filter(({ name }) => !dealsWithGapsIn.includes(name));
}

/** Operations on one kind of thing. */
export interface Resource<Call> {
	/** Title Case, for the list of resources. */
	name: string;
	value: string;
	operations: Array<Operation<Call>>;
	/** Operation chosen when the resource is. */
	defaultOperation: string;
}

/** The operation with these values; undefined where there is none. */
export function findOperation<Call>(
	resources: ReadonlyArray<Resource<Call>>,
	resourceValue: string,
	operationValue: string,
): Operation<Call> | undefined {
	return resources
		.find(({ value }) => value === resourceValue)
		?.operations.find(({ value }) => value === operationValue);
}

/** Rows of a trigger as n8n takes them; it has no input items to pair them with. */
export function triggerItems(rows: readonly OutputRow[]): INodeExecutionData[] {
	return rows.map((row) => ({ ...row }));
}

/** Plain data as output items. */
export function jsonRows(objects: readonly IDataObject[]): OutputRow[] {
	return objects.map((json) => ({ json }));
}

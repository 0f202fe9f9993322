import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ExactOnlineClient } from '../api/exactOnlineClient';
import type { NodeAccessTokenSource } from '../auth/nodeAccessTokenSource';
import type { RunMemory } from './common/runMemory';

/** One run of an operation for one item. */
export interface OperationCall {
	context: IExecuteFunctions;
	itemIndex: number;
	/** Authorization of the item's credential. */
	source: NodeAccessTokenSource;
	/** API of the item's credential. */
	client: ExactOnlineClient;
	/** Aborted when the execution is cancelled. */
	signal: AbortSignal | undefined;
	/** What the items of one execution share. */
	memory: RunMemory;
}

/** What an operation shows in the editor and what it does; one per file, or made from a catalogue. */
export interface Operation {
	/** Title Case, for the list of operations. */
	name: string;
	value: string;
	/** Sentence case, for the list of actions. */
	action: string;
	description: string;
	/** Fields of this operation alone; when they are shown is added by `describeResources`. */
	fields: INodeProperties[];
	/** Returns the output items; each gets the input item as its pair. */
	execute(call: OperationCall): Promise<IDataObject[]>;
}

export interface Resource {
	/** Title Case, for the list of resources. */
	name: string;
	value: string;
	operations: Operation[];
	/** Operation chosen when the resource is. */
	defaultOperation: string;
}

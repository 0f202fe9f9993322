import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type {
	Operation as SharedOperation,
	Resource as SharedResource,
} from '../../shared/node/operation';
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

/** An operation of this node; it gives entities, each paired with its input item by the router. */
export type Operation = SharedOperation<OperationCall, IDataObject[]>;

/** A resource of this node, hand-written or made from the catalogue. */
export type Resource = SharedResource<OperationCall, IDataObject[]>;

import type {
	ItemCall,
	Operation as SharedOperation,
	Resource as SharedResource,
} from '../../shared/node/operation';
import type { ExactOnlineClient } from '../api/exactOnlineClient';
import type { NodeAccessTokenSource } from '../auth/nodeAccessTokenSource';
import type { ResourceData } from '../catalogue/firstClass/resourceData';
import type { RunMemory } from './common/runMemory';

/** One run of an operation for one item. */
export interface OperationCall extends ItemCall {
	/** Authorization of the item's credential. */
	source: NodeAccessTokenSource;
	/** API of the item's credential. */
	client: ExactOnlineClient;
	/** What the items of one execution share. */
	memory: RunMemory;
}

/** An operation of this node. */
export type Operation = SharedOperation<OperationCall>;

/** A resource of this node. */
export interface Resource extends SharedResource<OperationCall> {
	/** Path of the endpoint that its rows come from, where they come from one. */
	endpoint?: string;
	/** What it is made of, where it is made of data. */
	data?: ResourceData;
}

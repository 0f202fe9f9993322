import type { IExecuteFunctions } from 'n8n-workflow';
import type { Operation, Resource } from '../../shared/node/operation';
import type { PlatformClient } from '../api/platformClient';
import type { DocuWareSession } from '../auth/session/sessionTypes';

/** One run of an operation for one item. */
export interface OperationCall {
	context: IExecuteFunctions;
	itemIndex: number;
	/** Session of the item's credential, or the one that an earlier node made. */
	session: DocuWareSession;
	/** The Platform with that session. */
	client: PlatformClient;
	/** Aborted when the execution is cancelled. */
	signal: AbortSignal | undefined;
	/** Has a further session, one that the operation made, given back at the end of the node's run. */
	releaseLater(session: DocuWareSession): void;
}

export type DocuWareOperation = Operation<OperationCall>;
export type DocuWareResource = Resource<OperationCall>;

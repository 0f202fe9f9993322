import type { NodeRun } from '../../shared/node/nodeRun';
import type { ItemCall, Operation, Resource } from '../../shared/node/operation';
import type { CabinetFacts } from '../api/cabinetFacts';
import type { PlatformClient } from '../api/platformClient';
import type { RunMemory } from '../api/runMemory';
import type { DocuWareSession } from '../auth/session/sessionTypes';

/** One run of an operation for one item. */
export interface OperationCall extends ItemCall {
	/** Session of the item's credential, or the one that an earlier node made. */
	session: DocuWareSession;
	/** The Platform with that session. */
	client: PlatformClient;
	/** What the run has asked once for all of its items. */
	memory: RunMemory;
	/** What is known of file cabinets, their fields and dialogs; each is asked for once in a run. */
	facts: CabinetFacts;
	/** For a further session, one that the operation made. */
	releaseLater: NodeRun['releaseLater'];
}

export type DocuWareOperation = Operation<OperationCall>;
export type DocuWareResource = Resource<OperationCall>;

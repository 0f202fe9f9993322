import type { Releasable } from '../../../../../nodes/shared/node/nodeRun';
import type { OutputRow } from '../../../../../nodes/shared/node/operation';
import { runItem } from '../../../../../nodes/shared/node/runNode';
import { CabinetFacts } from '../../../../../nodes/DocuWare/api/cabinetFacts';
import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { RunMemory } from '../../../../../nodes/DocuWare/api/runMemory';
import type { DocuWareSession } from '../../../../../nodes/DocuWare/auth/session/sessionTypes';
import { DocuWare } from '../../../../../nodes/DocuWare/DocuWare.node';
import { resources } from '../../../../../nodes/DocuWare/resources';
import { docuWareService } from '../../../../../nodes/DocuWare/resources/service';
import { executeContext, type NodeSettings, type StandIn } from '../../../../support/n8nContext';

/** What came out of an operation, and what it had done to its surroundings. */
export interface OperationRun extends StandIn {
	rows: OutputRow[];
	/** Sessions that are given back at the end. */
	kept: Releasable[];
}

/** Runs the operation that the parameters choose, for the first item, with a given session. */
export async function runOperation(
	session: DocuWareSession,
	settings: NodeSettings,
	prepare: (standIn: StandIn) => void = () => undefined,
): Promise<OperationRun> {
	const standIn = executeContext({ description: new DocuWare().description, ...settings });
	prepare(standIn);
	const kept: Releasable[] = [];
	const item = { context: standIn.context, itemIndex: 0, signal: settings.signal };
	const client = new PlatformClient(session);
	const memory = new RunMemory();
	const rows = await runItem(resources, docuWareService.errors, item, async () => ({
		...item,
		session,
		client,
		memory,
		facts: new CabinetFacts(client, memory, settings.signal),
		releaseLater: (further) => void kept.push(further),
	}));
	return { ...standIn, rows, kept };
}

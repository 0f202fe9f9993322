import { findOperation, type OutputRow } from '../../../../../nodes/shared/node/operation';
import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import type { DocuWareSession } from '../../../../../nodes/DocuWare/auth/session/sessionTypes';
import { resources } from '../../../../../nodes/DocuWare/resources';
import { executeContext, type NodeSettings, type StandIn } from './executeContext';

/** What came out of an operation, and what it had done to its surroundings. */
export interface OperationRun extends StandIn {
	rows: OutputRow[];
	/** Sessions that are given back at the end. */
	kept: DocuWareSession[];
}

/** Runs the operation that the parameters choose, for the first item, with a given session. */
export async function runOperation(
	session: DocuWareSession,
	settings: NodeSettings,
	prepare: (standIn: StandIn) => void = () => undefined,
): Promise<OperationRun> {
	const standIn = executeContext(settings);
	prepare(standIn);
	const { parameters } = standIn.context.getNode();
	const operation = findOperation(
		resources,
		String(parameters.resource),
		String(parameters.operation),
	);
	if (!operation) throw new Error('There is no such operation.');
	const kept: DocuWareSession[] = [];
	const rows = await operation.execute({
		context: standIn.context,
		itemIndex: 0,
		session,
		client: new PlatformClient(session),
		signal: settings.signal,
		releaseLater: (further) => void kept.push(further),
	});
	return { ...standIn, rows, kept };
}

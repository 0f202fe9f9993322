import type { NodeSettings, StandIn } from '../../../../../support/n8nContext';
import { FakeSession, type FakeAnswer } from '../../support/fakeSession';
import { runOperation, type OperationRun } from '../../support/runOperation';

/** Address of the Platform of these tests. */
export const platform = 'https://acme.docuware.cloud/DocuWare/Platform';

/** Runs a Custom API Call with these parameters. */
export async function call(
	answers: FakeAnswer[],
	parameters: NonNullable<NodeSettings['parameters']>,
	more: { settings?: NodeSettings; prepare?: (standIn: StandIn) => void } = {},
): Promise<OperationRun & { session: FakeSession }> {
	const session = new FakeSession(answers);
	const run = await runOperation(
		session,
		{
			...more.settings,
			parameters: { resource: 'customApiCall', operation: 'call', ...parameters },
		},
		more.prepare,
	);
	return { ...run, session };
}

/** Names and values as the node has them. */
export const pairs = (...entries: Array<[string, string]>) => ({
	entries: entries.map(([name, value]) => ({ name, value })),
});

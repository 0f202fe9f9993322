import type { INode } from 'n8n-workflow';

import type { NodeContext } from '../../../../nodes/DocuWare/auth/nodeSession';
import { createDocuWareSession } from '../../../../nodes/DocuWare/auth/nodeSession';
import type {
	CreateSessionOptions,
	DocuWareSession,
} from '../../../../nodes/DocuWare/auth/session/sessionTypes';
import type { DocuWareCredentialType } from '../../../../nodes/DocuWare/auth/account/credentialTypes';

/** One use of a credential: which, and in which execution. */
export interface FakeRun {
	credentialType: DocuWareCredentialType;
	credential: Record<string, unknown>;
	executionId: string;
}

/** What of n8n's execution context the sessions read. */
export function fakeContext(run: FakeRun): NodeContext {
	const node: Partial<INode> = {
		name: 'DocuWare',
		parameters: {},
		credentials: { [run.credentialType]: { id: 'credential-1', name: 'DocuWare test' } },
	};
	const context = {
		getNode: () => node,
		getCredentials: async () => await Promise.resolve(structuredClone(run.credential)),
		getInstanceId: () => 'instance-1',
		getExecutionId: () => run.executionId,
	};
	return context as unknown as NodeContext;
}

/** The session of a node run. */
export async function sessionFor(
	run: FakeRun,
	options: CreateSessionOptions = {},
): Promise<DocuWareSession> {
	return await createDocuWareSession(fakeContext(run), 0, options);
}

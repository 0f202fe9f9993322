import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { createDocuWareSession } from '../../../../nodes/DocuWare/auth/nodeSession';
import type {
	CreateSessionOptions,
	DocuWareSession,
} from '../../../../nodes/DocuWare/auth/session/sessionTypes';
import type { DocuWareCredentialType } from '../../../../nodes/DocuWare/auth/account/credentialTypes';
import { executeContext } from '../../../support/n8nContext';

/** One use of a credential: which, and in which execution. */
export interface FakeRun {
	credentialType: DocuWareCredentialType;
	credential: Record<string, unknown>;
	executionId: string;
	/** n8n's id of it; default `credential-1`. */
	credentialId?: string;
}

/** The session of a node run. */
export async function sessionFor(
	run: FakeRun,
	options: CreateSessionOptions = {},
): Promise<DocuWareSession> {
	const { credentialType, credential, executionId, credentialId: id = 'credential-1' } = run;
	const credentials = {
		[credentialType]: { id, data: credential as ICredentialDataDecryptedObject },
	};
	const { context } = executeContext({ credentials, executionId });
	return await createDocuWareSession(context, 0, options);
}

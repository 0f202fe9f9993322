import type { ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';

import {
	testDocuWareCredential,
	testLoginTokenCredential,
} from '../../../../nodes/DocuWare/auth/credentialTests';
import type { ConnectorError } from '../../../../nodes/shared/errors';
import { isConnectorError } from '../../../../nodes/shared/errors';
import type { FakeRun } from './fakeNode';
import { sessionFor } from './fakeNode';

const GET = { method: 'GET', url: 'Organization' } as const;

/** The status of a first request of a run, or the code of its error. */
export async function codeOf(run: FakeRun): Promise<string> {
	const session = await sessionFor(run);
	return await session.request(GET).then(
		({ status }) => String(status),
		(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
	);
}

/** The error of a first request of a run. */
export async function failureOf(run: FakeRun): Promise<ConnectorError> {
	const session = await sessionFor(run);
	const failure: unknown = await session.request(GET).catch((error: unknown) => error);
	if (!isConnectorError(failure)) throw new Error('the request did not fail');
	return failure;
}

/** What the test of the credential of a run says. */
export async function testCredential(run: FakeRun): Promise<INodeCredentialTestResult> {
	const credential = { id: '1', name: 'test', type: run.credentialType, data: run.credential };
	const tested = { ...credential } as Parameters<typeof testDocuWareCredential>[0];
	const context = {} as ICredentialTestFunctions;
	return run.credentialType === 'docuWareApi'
		? await testDocuWareCredential.call(context, tested)
		: await testLoginTokenCredential.call(context, tested);
}

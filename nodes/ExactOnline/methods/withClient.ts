import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { withListErrors } from '../../shared/node/nodeErrors';
import { ExactOnlineClient } from '../api/exactOnlineClient';
import { CREDENTIAL_TYPE } from '../auth/credentialData';
import { createAccessTokenSource } from '../auth/nodeAccessTokenSource';
import { readCurrentDivision } from '../resources/common/currentDivision';
import { parseDivision } from '../resources/common/divisionField';

/** Does the work of a drop-down that asks the service. @throws n8n's errors */
export async function withClient<T>(
	context: ILoadOptionsFunctions,
	work: (client: ExactOnlineClient) => Promise<T>,
): Promise<T> {
	return await withListErrors(context.getNode(), async () => {
		const source = await createAccessTokenSource(context, 0);
		const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
		return await work(new ExactOnlineClient(source, { credentialId }));
	});
}

/** The division that the node names, else the current one. */
export async function chosenDivision(
	context: ILoadOptionsFunctions,
	client: ExactOnlineClient,
): Promise<number> {
	const value: unknown = context.getCurrentNodeParameter('division', { extractValue: true });
	return parseDivision(value) ?? (await readCurrentDivision(client, undefined));
}

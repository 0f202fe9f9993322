import type { IHookFunctions } from 'n8n-workflow';
import { passphraseProblem, readWebhookSecrets, validationSecretProblem } from './webhookSecret';

/**
 * Looks, before the workflow is published or listens for a test, whether the credential has what the event needs.
 *
 * @returns true: there is nothing to be made at DocuWare
 * @throws ConnectorError DOCUWARE_WEBHOOK_SECRET_MISSING
 */
export async function checkSecrets(context: IHookFunctions): Promise<true> {
	const secrets = await readWebhookSecrets(context);
	const isBySecret =
		context.getNodeParameter('event') === 'validation' &&
		context.getNodeParameter('validationProof', 'path') !== 'signature';
	const problem = isBySecret ? validationSecretProblem(secrets) : passphraseProblem(secrets);
	if (problem !== undefined) throw problem;
	return true;
}

import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { receiveEvents, type Verdict } from '../../../shared/node/events/receiveEvents';
import { logSeldom } from '../../../shared/node/problemLog';
import { UNAUTHORIZED, type Delivery } from '../../../shared/node/webhookFrame';
import { openVault } from '../../../shared/vault/place/openVault';
import { CREDENTIAL_TYPE, webhookSecretOf } from '../../auth/credentialData';
import { isValidation, readSigned } from '../../wire/webhookDelivery';
import { eventJson, eventRows } from './eventRows';
import { isWanted, readSettings } from './settings';
import { secretMissing } from './subscriptionErrors';
import { isSameApp, isSameTopic } from './subscriptions';
import { putBack } from './testRun';

/** Receives one delivery of Exact Online. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await receiveEvents(context, {
		vault: openVault,
		judge: async (delivery) => await judge(context, delivery),
		rows: async (event, { signal }) => await eventRows(context, event, signal),
		withError: (event, error: IDataObject) => ({ json: { ...eventJson(event), error } }),
		late: (limitMs) =>
			new ConnectorError(
				'EXACT_WEBHOOK_RECORD_LATE',
				`The record was not there within ${limitMs / 1000} s, so the workflow starts without it.`,
				{
					repair:
						'Fetch it with the Exact Online node by recordId; see its limits if this comes often.',
				},
			),
		woken: async () => await putBack(context),
	});
}

async function judge(context: IWebhookFunctions, { body }: Delivery): Promise<Verdict> {
	if (isValidation(body)) return { answer: { status: 200 } };
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	const secret = webhookSecretOf(credential);
	// Nobody can be told from a stranger then, and strangers fill no log.
	if (secret === '') logSeldom(context, secretMissing(), { level: 'error' });
	const signed = readSigned(body, secret);
	if (signed === undefined) return { answer: UNAUTHORIZED };
	const { content, hash } = signed;
	const settings = readSettings(context);
	// The signature proves the app already; what is named is for another one only where it says so.
	const isOwn =
		isSameTopic(content.topic, settings.topic) &&
		settings.divisions.includes(content.division) &&
		(content.clientId === '' || isSameApp(content.clientId, String(credential.clientId ?? '')));
	if (!isOwn) return { answer: UNAUTHORIZED };
	if (!isWanted(settings, content.action)) return { answer: { status: 200 } };
	return { answer: { status: 200 }, event: { mark: hash, content } };
}

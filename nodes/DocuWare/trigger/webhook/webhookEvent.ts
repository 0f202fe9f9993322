import { createHash, randomUUID } from 'node:crypto';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { EventWork, Verdict } from '../../../shared/node/events/receiveEvents';
import { isOn } from '../../../shared/node/optionsField';
import { logSeldom } from '../../../shared/node/problemLog';
import type { HookAnswer } from '../../../shared/node/takenResponse';
import { triggerValues } from '../../../shared/node/triggerValues';
import { UNAUTHORIZED, type Delivery } from '../../../shared/node/webhookFrame';
import { openVault } from '../../../shared/vault/place/openVault';
import { webhookForm } from '../webhookFields';
import { passphraseProblem, readWebhookSecrets } from '../webhookSecret';
import { fetchDocument, outOfTime } from './fetchedDocument';
import { signedBytes } from './signature';
import { readWebhookBody, type WebhookEvent } from './webhookBody';

/** The vendor asks for it, before any work is done (docs/facts/docuware.md 8.3). */
const TAKEN: HookAnswer = { status: 202 };

/** DocuWare sends JSON alone; it would not help to send anything else again. */
const NO_JSON: HookAnswer = { status: 400, body: { message: 'The body is no JSON' } };

/** Webhooks are sent by POST; somebody has opened the address in a browser. */
const NO_POST: HookAnswer = {
	status: 405,
	body: { message: 'Webhooks of DocuWare come to this address by POST' },
};

/** Takes webhooks of DocuWare: signed ones alone, each noted and answered before anything else is done. */
export function webhookWork(context: IWebhookFunctions): EventWork {
	// What an expression leaves empty there becomes the item's error.
	const { context: given } = triggerValues(context, webhookForm);
	return {
		vault: openVault,
		judge: async (delivery) => await judge(context, delivery),
		rows: async ({ content }, run) => {
			const event = content as WebhookEvent;
			if (!isOn(given.getNodeParameter('fetchDocument', false))) {
				return [{ json: plainItem(event) }];
			}
			const document = await fetchDocument(given, run, event.documentId);
			return [{ json: { ...document, webhook: event.values } }];
		},
		withError: ({ content }, error) => {
			const { documentId, values: webhook } = content as WebhookEvent;
			return { json: { documentId, webhook, error } };
		},
		late: outOfTime,
	};
}

async function judge(context: IWebhookFunctions, delivery: Delivery): Promise<Verdict> {
	if (delivery.method !== 'POST') return { answer: NO_POST };
	const secrets = await readWebhookSecrets(context);
	const problem = passphraseProblem(secrets);
	// Nobody can be told from a stranger then, and strangers fill no log.
	if (problem !== undefined) logSeldom(context, problem, { level: 'error' });
	const signed = signedBytes(delivery, secrets.passphrases);
	if (signed === undefined) return { answer: UNAUTHORIZED };
	const content = readWebhookBody(delivery.body, delivery.headers['content-type']);
	if (content === undefined) return { answer: NO_JSON };
	return { answer: TAKEN, event: { mark: markOf(signed, content), content } };
}

/**
 * Two changes of a document may have the same body where nothing in it says when it was changed. So without a time of
 * change no delivery is taken for the repeat of another. However its texts are written, it is the same one: the signature
 * leaves that open.
 *
 * @param signed see `signedBytes`
 */
function markOf(signed: Buffer, { changedAt }: WebhookEvent): string {
	if (changedAt === null) return randomUUID();
	return createHash('sha256').update(signed).digest('hex');
}

/** Members of the body as they are named there; what the next node finds the document by stands first. */
function plainItem({ documentId, values }: WebhookEvent): IDataObject {
	return { documentId, ...values };
}

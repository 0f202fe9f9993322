import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { receiveEvents } from '../shared/node/events/receiveEvents';
import { withNodeErrors } from '../shared/node/nodeErrors';
import { lookAtPublishing } from '../shared/node/triggerValues';
import { testDocuWareCredential, testLoginTokenCredential } from './auth/credentialTests';
import { cabinetSearches } from './methods/listSearch';
import { getDocumentFields } from './methods/loadOptions';
import { docuWareCredentials } from './resources/common/authenticationField';
import { checkSecrets } from './trigger/checkSecrets';
import { receiveValidation } from './trigger/validation/validationEvent';
import { webhookWork } from './trigger/webhook/webhookEvent';
import { webhookForm, webhookTriggerFields } from './trigger/webhookFields';
import { testWebhookSecret } from './trigger/webhookSecret';

/** The address ends with the secret where that is how DocuWare proves itself. */
const PATH =
	'={{ $parameter["event"] === "validation" && $parameter["validationProof"] === "path" ? $webhookId + "/:secret" : $webhookId }}';

/** DocuWare waits for the answer to a validation; a webhook is answered by this node itself. */
const IF_VALIDATION = '$parameter["event"] === "validation"';

export class DocuWareWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DocuWare Webhook Trigger',
		name: 'docuWareWebhookTrigger',
		icon: {
			light: 'file:../../icons/docuWare.svg',
			dark: 'file:../../icons/docuWare.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["event"] === "validation" ? "Validation" : "Webhook" }}',
		description:
			'Starts the workflow when DocuWare tells of a document, or asks before it stores one',
		defaults: { name: 'DocuWare Webhook Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		eventTriggerDescription: 'Waiting for DocuWare to call the test URL',
		activationMessage: 'DocuWare can now call the production URL.',
		credentials: [
			{
				name: 'docuWareWebhookSecretApi',
				displayName: 'Webhook Secret',
				required: true,
				// Of a credential without conditions the editor would take those that Authentication chooses for others.
				displayOptions: { show: { '@version': [1] } },
				testedBy: 'testWebhookSecret',
			},
			// Needed where the document is fetched: otherwise Authentication is hidden, and has no value.
			...docuWareCredentials.map((one) => ({ ...one, displayName: 'DocuWare' })),
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: `={{ ${IF_VALIDATION} ? "lastNode" : "onReceived" }}`,
				responseData: `={{ ${IF_VALIDATION} ? "allEntries" : undefined }}`,
				isFullPath: true,
				path: PATH,
			},
			{
				// The availability test of a validation.
				name: 'setup',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				isFullPath: true,
				path: PATH,
				ndvHideUrl: true,
			},
		],
		properties: webhookTriggerFields,
	};

	methods = {
		credentialTest: { testDocuWareCredential, testLoginTokenCredential, testWebhookSecret },
		loadOptions: { getDocumentFields },
		listSearch: cabinetSearches,
	};

	/** DocuWare has no interface to subscribe: an administrator enters the address there. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await withNodeErrors(this.getNode(), async () => {
					lookAtPublishing(this, webhookForm);
					return await checkSecrets(this);
				});
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(true);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(true);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const isValidation = this.getNodeParameter('event') === 'validation';
		if (isValidation) return await receiveValidation(this);
		return await receiveEvents(this, webhookWork(this));
	}
}

import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { getDivisions, getFieldsToReturn } from './methods/loadOptions';
import { searchWebhookTopics } from './methods/webhookTopics';
import { isSubscribed, subscribe, unsubscribe } from './trigger/webhook/lifeCycle';
import { receive } from './trigger/webhook/receive';
import { webhookFields } from './trigger/webhook/webhookFields';

export class ExactOnlineWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exact Online Webhook Trigger',
		name: 'exactOnlineWebhookTrigger',
		icon: {
			light: 'file:../../icons/exactOnline.svg',
			dark: 'file:../../icons/exactOnline.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["topic"]["cachedResultName"] || $parameter["topic"]["value"] }}',
		description:
			'Starts the workflow when Exact Online tells that a record was created, changed or deleted',
		eventTriggerDescription: 'Waiting for Exact Online to tell of a change',
		activationMessage: 'Exact Online now tells this workflow of changes.',
		defaults: { name: 'Exact Online Webhook Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'exactOnlineOAuth2Api', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: webhookFields,
	};

	methods = {
		listSearch: { searchWebhookTopics },
		loadOptions: { getDivisions, getFieldsToReturn },
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isSubscribed(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await subscribe(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await unsubscribe(this);
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}

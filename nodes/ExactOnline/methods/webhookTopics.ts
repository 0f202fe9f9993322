import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { WEBHOOK_TOPICS } from '../wire/webhookTopics';

/** Topics of webhooks by name. */
export async function searchWebhookTopics(
	this: ILoadOptionsFunctions,
	search = '',
): Promise<INodeListSearchResult> {
	const text = search.toLowerCase().replace(/\s/g, '');
	const found = WEBHOOK_TOPICS.filter(({ value }) => value.toLowerCase().includes(text));
	return await Promise.resolve({ results: found.map(({ name, value }) => ({ name, value })) });
}

import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { endpointSummaries } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { ExactOnlineWebhookTrigger } from '../../../../nodes/ExactOnline/ExactOnlineWebhookTrigger.node';
import { WEBHOOK_TOPICS } from '../../../../nodes/ExactOnline/wire/webhookTopics';
import { loadContext, locator } from '../../../support/n8nContext';

const { description, methods } = new ExactOnlineWebhookTrigger();

const edited = (topic: string): ILoadOptionsFunctions =>
	loadContext({ description, parameters: { topic: locator(topic) } });

it('each topic is about records of an endpoint that is known', () => {
	const endpoints = endpointSummaries();
	expect(WEBHOOK_TOPICS.filter(({ endpoint }) => !endpoints.has(endpoint))).toEqual([]);
});

it('topics are found by parts of their name, with or without blanks', async () => {
	const { searchWebhookTopics } = methods.listSearch;
	const all = await searchWebhookTopics.call(edited(''));
	expect(all.results).toHaveLength(WEBHOOK_TOPICS.length);
	for (const typed of ['sales inv', 'SALESINV']) {
		expect(await searchWebhookTopics.call(edited(''), typed)).toEqual({
			results: [{ name: 'Sales Invoices', value: 'SalesInvoices' }],
		});
	}
});

it('offers the fields of the records of the chosen topic, and none for a topic that nobody knows', async () => {
	const { getFieldsToReturn } = methods.loadOptions;
	const fields = await getFieldsToReturn.call(edited('SalesInvoices'));
	expect(fields.map(({ value }) => value)).toContain('InvoiceID');
	expect(await getFieldsToReturn.call(edited('SomethingNew'))).toEqual([]);
});

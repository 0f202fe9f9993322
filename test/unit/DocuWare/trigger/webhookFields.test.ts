import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWebhookBody } from '../../../../nodes/DocuWare/trigger/webhook/webhookBody';
import {
	BODY_TEMPLATE,
	webhookTriggerFields,
} from '../../../../nodes/DocuWare/trigger/webhookFields';
import { projectRoot } from '../../docs/support/projectFiles';

const read = (text: string) => readWebhookBody(Buffer.from(text));

it('the template that the node shows is JSON as it stands, with all that the node reads', () => {
	expect(read(BODY_TEMPLATE)).toMatchObject({ documentId: null, changedAt: null });
	const inserted = BODY_TEMPLATE.replace('INSERT HERE: DWDOCID', '4711').replace(
		'INSERT HERE: DWMODDATETIME',
		'2026-11-26T09:00:01',
	);
	expect(read(inserted)).toMatchObject({ documentId: 4711, changedAt: '2026-11-26T09:00:01' });
	// Variables may bring quotation marks of their own.
	expect(read(inserted.replace('"4711"', '4711'))).toMatchObject({ documentId: 4711 });
});

it('is the one of the guide', () => {
	const guide = readFileSync(join(projectRoot, 'docs/triggers.md'), 'utf8');
	expect(guide.replace(/^ {3}/gm, '')).toContain(`\`\`\`json\n${BODY_TEMPLATE}\n\`\`\``);
});

it('the node says where in DocuWare its address belongs, for either event', () => {
	const noticeOf = (event: string) =>
		webhookTriggerFields.find(
			({ type, displayOptions }) => type === 'notice' && displayOptions?.show?.event?.[0] === event,
		)?.displayName;
	for (const event of ['webhook', 'validation']) {
		expect(noticeOf(event)).toContain('DocuWare Configuration > Integrations > Web Services');
		expect(noticeOf(event)).toContain('Production URL');
	}
	expect(noticeOf('webhook')).toContain('Integrations > Webhooks');
	expect(noticeOf('webhook')).toContain('HTTP Request Body');
	expect(noticeOf('validation')).toContain('store dialog or info dialog, as its Validation');
});

it('can be copied and never edited', () => {
	const field = webhookTriggerFields.find(({ default: given }) => given === BODY_TEMPLATE);
	expect(field).toMatchObject({ type: 'json', noDataExpression: true });
	expect(field?.disabledOptions).toEqual(field?.displayOptions);
});

import type { INodeProperties } from 'n8n-workflow';
import type { TriggerForm } from '../../shared/node/triggerValues';
import { authenticationField } from '../resources/common/authenticationField';
import { fileCabinetField } from '../resources/common/cabinetField';
import { documentOutputFields } from '../resources/common/documentOutput';

const FOR_WEBHOOKS = { event: ['webhook'] };
const WITH_DOCUMENT = { ...FOR_WEBHOOKS, fetchDocument: [true] };
const FOR_VALIDATIONS = { event: ['validation'] };

/** What an administrator of DocuWare has to do, by event. */
const WEBHOOK_NOTICE = `In DocuWare Configuration > Integrations > Web Services add a web service of the type REST with the
Production URL above. Then add a webhook in Integrations > Webhooks: choose the web service, the file cabinet and the events. Leave
the HTTP Request Body as DocuWare fills it in, if DWDOCID and DWMODDATETIME are in it; else paste the template below, mark each
text that begins with INSERT, and put in its place the variable of that field from DocuWare's own list.`;

/**
 * What the node reads of the body. How DocuWare writes a variable is in no source (docs/facts/docuware.md 8.3), so places
 * are marked where the web interface puts it; until then it is JSON all the same, and no event is lost by a place that was forgotten.
 */
export const BODY_TEMPLATE = `{
  "DWDOCID": "INSERT HERE: DWDOCID",
  "DWMODDATETIME": "INSERT HERE: DWMODDATETIME"
}`;

const VALIDATION_NOTICE = `In DocuWare Configuration > Integrations > Web Services add a web service of the type REST with
the Production URL above. Then choose it under File Cabinets, in a store dialog or info dialog, as its Validation. The last node
of this workflow has to be DocuWare > Validation: Accept or Refuse.`;

function notice(name: string, text: string, show: Record<string, string[]>): INodeProperties {
	return {
		displayName: text.replace(/\n/g, ' '),
		name,
		type: 'notice',
		default: '',
		displayOptions: { show },
	};
}

/** Fields that a document needs which is fetched for an event. */
const documentFields: INodeProperties[] = [
	// The editor hides each field that the conditions say by which this one is shown, so they say when it is not.
	{
		...authenticationField,
		displayOptions: { hide: { event: ['validation'], fetchDocument: [false] } },
	},
	...[
		fileCabinetField('cabinets', {
			description: 'The file cabinet that the webhook in DocuWare belongs to',
		}),
		...documentOutputFields,
	].map((field) => ({
		...field,
		displayOptions: { show: { ...field.displayOptions?.show, ...WITH_DOCUMENT } },
	})),
];

/** All properties of *DocuWare Webhook Trigger*. */
export const webhookTriggerFields: INodeProperties[] = [
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Validation',
				value: 'validation',
				description:
					'DocuWare asks before it stores or changes a document, and waits for the answer',
			},
			{
				name: 'Webhook',
				value: 'webhook',
				description: 'DocuWare tells of a document that was stored or whose index data was changed',
			},
		],
		default: 'webhook',
		description: 'What DocuWare calls this workflow for',
	},
	notice('webhookNotice', WEBHOOK_NOTICE, FOR_WEBHOOKS),
	notice('validationNotice', VALIDATION_NOTICE, FOR_VALIDATIONS),
	{
		displayName: 'Template of the HTTP Request Body',
		name: 'bodyTemplate',
		type: 'json',
		noDataExpression: true,
		typeOptions: { rows: 4 },
		default: BODY_TEMPLATE,
		description:
			'To copy into the webhook in DocuWare, where you may add other index fields. It changes nothing in n8n.',
		displayOptions: { show: FOR_WEBHOOKS },
		// Shown to be copied, and never to be edited.
		disabledOptions: { show: FOR_WEBHOOKS },
	},
	{
		displayName: 'Fetch Document',
		name: 'fetchDocument',
		type: 'boolean',
		default: false,
		description:
			'Whether the document is read from DocuWare for each event. If that fails, or takes longer than 10 seconds, the item goes on with its ID and an error field.',
		displayOptions: { show: FOR_WEBHOOKS },
	},
	...documentFields,
	{
		displayName: 'Proof of Origin',
		name: 'validationProof',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Secret in Header',
				value: 'header',
				description:
					'As password of basic authentication (any user name), as bearer token, or in X-Validation-Secret',
			},
			{
				name: 'Secret in Path',
				value: 'path',
				description:
					'In the address, in place of :secret at its end. Logs of servers on the way may show it.',
			},
			{
				name: 'Signature',
				value: 'signature',
				description:
					'The signature of DocuWare 7.10 and later, made with the passphrase of the organization',
			},
		],
		default: 'path',
		description: 'How DocuWare proves that it is the one that asks',
		displayOptions: { show: FOR_VALIDATIONS },
	},
	{
		displayName: 'Answer Within (Seconds)',
		name: 'answerLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 600 },
		default: 10,
		description:
			'How long the workflow may take. Then DocuWare is told that the check has not answered, and does not store the document.',
		displayOptions: { show: FOR_VALIDATIONS },
	},
];

/** The form of the node. */
export const webhookForm: TriggerForm = {
	fields: webhookTriggerFields,
	emptyValue: 'DOCUWARE_EMPTY_VALUE',
};

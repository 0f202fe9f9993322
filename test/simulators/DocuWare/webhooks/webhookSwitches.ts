import type { Readings } from '../../shared/readings';

/** Switches about webhooks and validation; part of `DocuWareSwitches`. */
export interface WebhookSwitches {
	/** Whether the body goes out as the template is written, or without its blanks (8.3: it is signed without them). */
	webhookBody: 'asWritten' | 'minified';
	/** How often a webhook is sent whose receiver does not answer 2xx; no source says that it is repeated (8.3). */
	webhookTries: number;
	/** What the test of availability asks for: no values, a `GET`, or one after the other (8.6). */
	availabilityTest: 'both' | 'noValues' | 'get';
	/** Whether that test is signed as questions are where it is a POST (8.6: not said). */
	availabilitySigned: boolean;
	/** A field of the dialog without a value: an `Item` of null, or no entry (8.6: not said). */
	validationEmptyFields: 'null' | 'absent';
	/** Seconds that the server waits for a receiver (8.6: not said). */
	receiverTimeoutSeconds: number;
}

/** The state in which a simulator starts. */
export function defaultWebhookSwitches(): WebhookSwitches {
	return {
		webhookBody: 'asWritten',
		webhookTries: 1,
		availabilityTest: 'both',
		availabilitySigned: true,
		validationEmptyFields: 'null',
		receiverTimeoutSeconds: 30,
	};
}

/** What sources leave open about it; part of `READINGS`. */
export const WEBHOOK_READINGS = {
	webhookBody: { others: ['minified'] },
	webhookTries: { others: [3], harder: 3 },
	availabilityTest: { others: ['noValues', 'get'] },
	availabilitySigned: { others: [false], harder: false },
	validationEmptyFields: { others: ['absent'], harder: 'absent' },
} as const satisfies Readings<WebhookSwitches>;

/** A switch that plays a reading about it. */
export type WebhookReadingName = keyof typeof WEBHOOK_READINGS;

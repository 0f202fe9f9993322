import type { Readings } from '../../shared/readings';
import type { DomainRule } from './callbackDomain';
import type { MoreTopics } from './topics';

/** Switches about webhooks; part of `ExactOnlineSwitches`. Their source is docs/facts/exact-online.md 6. */
export interface WebhookSwitches {
	/** Take callbacks of this machine over plain http, which the service never does; a setting for tests. */
	webhookLoopbackHttp: boolean;
	/** Topics that no source names, with the endpoints of their records; a setting for tests. */
	webhookMoreTopics: MoreTopics;
	/** Whether a callback has to be at the domain of a redirect URI of the app, at its very host, or anywhere. */
	webhookDomain: DomainRule;
	/** Answers of a callback that count as taken. */
	webhookAccepts: '200or201' | 'all2xx';
	/** Whether a second subscription is refused before its callback is tried, or only after. */
	webhookDuplicateCheck: 'beforePost' | 'afterPost';
	/** The empty POST to a new callback: as it was seen, or with a proof in a header. */
	webhookValidation: 'empty' | 'signed';
	/** Whether a subscription can be changed. */
	webhookPut: 'refused' | 'taken';
	/** Unit of the pauses between the tries of a delivery, which double. */
	webhookRetryUnit: 'minutes' | 'seconds';
	/** The same in milliseconds, so that a test need not wait; null: as above. */
	webhookRetryUnitMs: number | null;
	/** What comes after the last try: the delivery is lost, or the subscription ends. */
	webhookAfterTries: 'deliveryLost' | 'subscriptionEnds';
	/** Seconds between a change and its delivery; minutes at Exact. */
	webhookDelaySeconds: number;
	/** Milliseconds that the service waits for the answer of a callback. */
	webhookTimeoutMs: number;
}

export const DEFAULT_WEBHOOK_SWITCHES: Readonly<WebhookSwitches> = {
	webhookLoopbackHttp: false,
	webhookMoreTopics: {},
	webhookDomain: 'domain',
	webhookAccepts: '200or201',
	webhookDuplicateCheck: 'beforePost',
	webhookValidation: 'empty',
	webhookPut: 'refused',
	webhookRetryUnit: 'minutes',
	webhookRetryUnitMs: null,
	webhookAfterTries: 'deliveryLost',
	webhookDelaySeconds: 0,
	webhookTimeoutMs: 10_000,
};

/** What sources leave open about webhooks; part of `READINGS`. */
export const WEBHOOK_READINGS = {
	webhookDomain: { others: ['host', 'any'], harder: 'host' },
	webhookAccepts: { others: ['all2xx'] },
	webhookDuplicateCheck: { others: ['afterPost'], harder: 'afterPost' },
	webhookValidation: { others: ['signed'], harder: 'signed' },
	webhookPut: { others: ['taken'] },
	webhookRetryUnit: { others: ['seconds'] },
	webhookAfterTries: { others: ['subscriptionEnds'], harder: 'subscriptionEnds' },
} as const satisfies Readings<WebhookSwitches>;

/** A switch that plays a reading about webhooks. */
export type WebhookReadingName = keyof typeof WEBHOOK_READINGS;

import type { IHookFunctions } from 'n8n-workflow';
import { readSettings } from './settings';
import { isSameTopic } from './subscriptions';
import type { WantedSubscription } from './subscriptionTypes';

/** What the node wants, to be sent to the address of the context: that of production or of test runs. */
export function wantedAt(context: IHookFunctions): WantedSubscription[] {
	const { topic, divisions } = readSettings(context);
	const url = addressOf(context);
	return divisions.map((division) => ({ division, topic, url }));
}

/** The address of the context. */
export function addressOf(context: IHookFunctions): string {
	return context.getNodeWebhookUrl('default') ?? '';
}

/** Whether a subscription is in a list, with the address that it sends to. */
export function isAmong(wanted: WantedSubscription, list: readonly WantedSubscription[]): boolean {
	return list.some((one) => isSamePlace(one, wanted) && one.url === wanted.url);
}

/** Whether two are about one topic of one division, of which an app has one subscription. */
export function isSamePlace(one: WantedSubscription, other: WantedSubscription): boolean {
	return one.division === other.division && isSameTopic(one.topic, other.topic);
}

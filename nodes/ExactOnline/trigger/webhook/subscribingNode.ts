import type { Receiver } from '../../../shared/node/events/receivedEvents';
import { nodeOf } from '../../../shared/node/nodeIdentity';
import { underSubjectLease } from '../../../shared/vault/subjectLease';
import type { Vault } from '../../../shared/vault/vault';
import { openClient } from '../triggerClient';
import { refusalsOf } from './refusals';
import type { ReceivingContext } from './settings';
import { SubscriptionNotes } from './subscriptionNotes';
import { Subscriptions, type Place } from './subscriptions';
import type { WantedSubscription } from './subscriptionTypes';

/** Another change of the same node's subscriptions is waited for so long, in milliseconds. */
const TURN_MS = 120_000;

/** A node whose subscriptions are changed. */
export interface SubscribingNode {
	vault: Vault;
	receiver: Receiver;
	notes: SubscriptionNotes;
	subscriptions: Subscriptions;
}

/** The node of the context, with its credential. */
export async function openNode(context: ReceivingContext): Promise<SubscribingNode> {
	const { client, source } = await openClient(context);
	const receiver = nodeOf(context);
	return {
		vault: source.vault,
		receiver,
		notes: new SubscriptionNotes(source.vault),
		subscriptions: new Subscriptions(client, source.clientId, refusalsOf(receiver)),
	};
}

/** Changes the subscriptions of a node, which nobody else does meanwhile. */
export async function inTurn<T>(
	{ vault, receiver }: SubscribingNode,
	work: () => Promise<T>,
): Promise<T> {
	const subject = { kind: 'webhookSubscriptions', parts: receiver, waitMs: TURN_MS };
	return await underSubjectLease(vault, subject, undefined, work);
}

/** What stands at Exact Online where subscriptions are wanted. */
export async function placesOf(
	{ subscriptions }: SubscribingNode,
	wanted: readonly WantedSubscription[],
): Promise<Place[]> {
	const places: Place[] = [];
	for (const one of wanted) {
		places.push({ wanted: one, present: await subscriptions.find(one) });
	}
	return places;
}

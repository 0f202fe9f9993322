import type { IHookFunctions } from 'n8n-workflow';
import { isConnectorError, passOn } from '../../../shared/errors';
import { noMoreWaking } from '../../../shared/node/events/wake';
import { withNodeErrors } from '../../../shared/node/nodeErrors';
import { nodeOf } from '../../../shared/node/nodeIdentity';
import { isStartOfN8n } from '../../../shared/node/polls/occasion';
import { logProblem } from '../../../shared/node/problemLog';
import { lookAtPublishing, triggerValues } from '../../../shared/node/triggerValues';
import { openVault } from '../../../shared/vault/place/openVault';
import { baseUrlOf, CREDENTIAL_TYPE, webhookSecretOf } from '../../auth/credentialData';
import { checkCallback } from './callback';
import { othersIn, ownersKnown } from './otherSubscribers';
import { inTurn, openNode, placesOf, type SubscribingNode } from './subscribingNode';
import { secretMissing, taken } from './subscriptionErrors';
import { SubscriptionNotes, type KeptSubscriptions } from './subscriptionNotes';
import { bringAll, throwFirst, type Place } from './subscriptions';
import type { Subscription, WantedSubscription } from './subscriptionTypes';
import { endTest, giveBack, subscribeTest } from './testRun';
import { addressOf, isAmong, wantedAt } from './wantedSubscriptions';
import { webhookForm } from './webhookFields';

/**
 * Whether Exact Online sends to the node already. When n8n starts and Exact Online cannot be asked, it is taken to
 * do so if the node has subscribed before: n8n would stop receiving otherwise.
 */
export async function isSubscribed(context: IHookFunctions): Promise<boolean> {
	return await withNodeErrors(context.getNode(), async () => {
		lookAtPublishing(context, webhookForm);
		if (context.getMode() === 'manual') return false;
		const wanted = wantedAt(context);
		await checkFirst(context);
		const isStart = isStartOfN8n(context.getActivationMode());
		try {
			const node = await openNode(context);
			const places = await placesOf(node, wanted);
			if (isStart && (await isReplaced(context, node, places))) return true;
			if (!places.every(({ present }) => present !== undefined && isAmong(present, wanted))) {
				return false;
			}
			// What an earlier publishing or test run could not end is ended with the subscribing, but not at a start: if that
			// failed, n8n would unsubscribe what is well.
			return isStart || pastOf(await keptBy(context), wanted).length === 0;
		} catch (error) {
			if (!isStart || !isConnectorError(error) || !(await wasSubscribed(context, wanted))) {
				passOn(error);
			}
			logProblem(context, error);
			return true;
		}
	});
}

/** Subscribes: in all divisions or in none. */
export async function subscribe(context: IHookFunctions): Promise<void> {
	await withNodeErrors(context.getNode(), async () => {
		const wanted = wantedAt(context);
		await checkFirst(context);
		const node = await openNode(context);
		await inTurn(node, async () => {
			const kept = await node.notes.read(node.receiver);
			if (context.getMode() === 'manual') await subscribeTest(context, node, kept, wanted);
			else await subscribeProduction(context, node, kept, wanted);
		});
	});
}

/** Ends what was subscribed for the address of the context; after a test run the published workflow receives again. */
export async function unsubscribe(context: IHookFunctions): Promise<void> {
	await withNodeErrors(context.getNode(), async () => {
		const url = addressOf(context);
		const node = await openNode(context);
		await inTurn(node, async () => {
			const kept = await node.notes.read(node.receiver);
			if (kept.test.some((one) => one.url === url)) return await endTest(context, node, kept);
			const noted = kept.production.filter((one) => one.url === url);
			// Of a copy that was never published n8n may have it ended at the address that it has in common with the first one.
			const isOthers = noted.length === 0 && (await ownersKnown(node)).isOther(url);
			const ended = noted.length > 0 ? noted : isOthers ? [] : wantedIfKnown(context);
			const left = await node.subscriptions.removeAt(ended);
			const elsewhere = (one: WantedSubscription) => one.url !== url;
			const production = [...kept.production.filter(elsewhere), ...left.map(({ place }) => place)];
			const replaced = kept.replaced.filter(elsewhere);
			const rest = { ...kept, production, replaced };
			await node.notes.write(node.receiver, rest);
			throwFirst(left);
			if (rest.test.length > 0 || replaced.length === 0) return;
			throwFirst((await giveBack(node, rest)).failed);
		});
	});
}

/**
 * Whether another workflow of this n8n has replaced the published one since, which n8n's log says then. A start of n8n is no
 * publishing: of two workflows that replace each other the one that was published later keeps the subscription.
 */
async function isReplaced(
	context: IHookFunctions,
	node: SubscribingNode,
	places: readonly Place[],
): Promise<boolean> {
	const owners = await ownersKnown(node);
	const others = places.flatMap(({ present }) =>
		present !== undefined && owners.isOther(present.url) ? [present] : [],
	);
	const wanted = places.map((place) => place.wanted);
	if (others.length === 0 || !(await wasSubscribed(context, wanted))) return false;
	logProblem(context, taken(others, 'taken meanwhile', owners));
	return true;
}

/** Nothing where an expression leaves topic or divisions empty by now, which keeps nothing else from being ended. */
function wantedIfKnown(context: IHookFunctions): WantedSubscription[] {
	try {
		return wantedAt(context);
	} catch (error) {
		if (!isConnectorError(error)) passOn(error);
		logProblem(context, error);
		return [];
	}
}

/** What is known without asking Exact Online. */
async function checkFirst(context: IHookFunctions): Promise<void> {
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	if (webhookSecretOf(credential) === '') throw secretMissing();
	checkCallback({
		url: addressOf(context),
		instanceUrl: context.getInstanceBaseUrl(),
		service: baseUrlOf(credential),
	});
}

async function subscribeProduction(
	context: IHookFunctions,
	node: SubscribingNode,
	kept: KeptSubscriptions,
	wanted: readonly WantedSubscription[],
): Promise<void> {
	const { notes, receiver, subscriptions } = node;
	const places = await placesOf(node, wanted);
	const owners = await ownersKnown(node);
	const others = othersIn(context, places, kept, owners);
	const { context: given } = triggerValues(context, webhookForm);
	if (others.length > 0 && given.getNodeParameter('ifSubscribed', 'fail') !== 'replace') {
		throw taken(others, 'published', owners);
	}
	await replaceAll(node, places, { kept, others });
	const left = await subscriptions.removeAt(pastOf(kept, wanted));
	// Publishing does not depend on them: what they send is refused. The next publishing tries again.
	for (const { error } of left) logProblem(context, error);
	const production = [...wanted, ...left.map(({ place }) => place)];
	await notes.write(receiver, { production, test: [], replaced: [], testedAt: 0 });
	await noMoreWaking(node.vault, receiver);
}

/**
 * Brings the subscriptions to this node. Those of others are noted before: whose publishing ends in between, with the process or
 * by an error, has them put back by the next publishing, test run or unpublishing, unless the subscription is its own then.
 */
async function replaceAll(
	node: SubscribingNode,
	places: readonly Place[],
	{ kept, others }: { kept: KeptSubscriptions; others: readonly Subscription[] },
): Promise<void> {
	const { notes, receiver, subscriptions } = node;
	if (others.length === 0) return await bringAll(subscriptions, places);
	const replaced = [...kept.replaced, ...others];
	await notes.write(receiver, { ...kept, replaced, testedAt: Date.now() });
	try {
		await bringAll(subscriptions, places);
	} catch (error) {
		await giveBack(node, await notes.read(receiver)).catch(() => undefined);
		passOn(error);
	}
}

async function wasSubscribed(
	context: IHookFunctions,
	wanted: readonly WantedSubscription[],
): Promise<boolean> {
	const { production } = await keptBy(context);
	return wanted.every((one) => isAmong(one, production));
}

async function keptBy(context: IHookFunctions): Promise<KeptSubscriptions> {
	return await new SubscriptionNotes(await openVault()).read(nodeOf(context));
}

/** What earlier publishings and test runs have left, in divisions or of topics that are chosen no more. */
function pastOf(
	{ production, test }: KeptSubscriptions,
	wanted: readonly WantedSubscription[],
): WantedSubscription[] {
	return [...production, ...test].filter((one) => !isAmong(one, wanted));
}

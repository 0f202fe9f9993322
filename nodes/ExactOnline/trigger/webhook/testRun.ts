import type { IHookFunctions } from 'n8n-workflow';
import { passOn } from '../../../shared/errors';
import { askToBeWoken, noMoreWaking } from '../../../shared/node/events/wake';
import { logProblem } from '../../../shared/node/problemLog';
import { othersIn, ownersKnown } from './otherSubscribers';
import type { ReceivingContext } from './settings';
import { inTurn, openNode, placesOf, type SubscribingNode } from './subscribingNode';
import { taken } from './subscriptionErrors';
import type { KeptSubscriptions } from './subscriptionNotes';
import { bringAll, throwFirst, type NotRemoved } from './subscriptions';
import type { Subscription, WantedSubscription } from './subscriptionTypes';
import { isAmong, isSamePlace } from './wantedSubscriptions';

/** n8n listens for two minutes in a test run; what stands longer was left behind, in milliseconds. */
const TEST_LASTS_MS = 150_000;

/**
 * What could not be put back is tried again after so long, in milliseconds, however often the node is woken: Exact
 * Online counts errors.
 */
const PUT_BACK_PAUSE_MS = 540_000;

/**
 * Subscribes for a test run, in place of the published workflow of the same node, but of nobody else.
 * @throws ConnectorError EXACT_WEBHOOK_TAKEN, EXACT_WEBHOOK_REFUSED
 */
export async function subscribeTest(
	context: IHookFunctions,
	node: SubscribingNode,
	kept: KeptSubscriptions,
	wanted: readonly WantedSubscription[],
): Promise<void> {
	const { notes, receiver, subscriptions, vault } = node;
	const places = await placesOf(node, wanted);
	const owners = await ownersKnown(node);
	const others = othersIn(context, places, kept, owners);
	if (others.length > 0) throw taken(others, 'tested', owners);
	const now = places.flatMap(({ present, wanted: { url } }) =>
		present === undefined || present.url === url ? [] : [present],
	);
	// An earlier test run whose process has ended may have replaced some already.
	const before = kept.replaced.filter((one) => !isAmong(one, now));
	const replaced = [...before, ...now].map(({ division, topic, url }) => ({
		division,
		topic,
		url,
	}));
	const test = [...wanted, ...kept.test.filter((one) => !isAmong(one, wanted))];
	await notes.write(receiver, { ...kept, test, replaced, testedAt: Date.now() });
	const [production] = replaced;
	if (production !== undefined) {
		await askToBeWoken(vault, { receiver, url: production.url }, 2 * TEST_LASTS_MS);
	}
	try {
		await bringAll(subscriptions, places);
	} catch (error) {
		await endTest(context, node, await notes.read(receiver)).catch(() => undefined);
		passOn(error);
	}
}

/**
 * Ends a test run: removes its subscriptions and puts back what they stand in place of. What cannot be removed or put back
 * stays noted, and is tried again. What somebody else has taken meanwhile is left to him, and n8n's log says so.
 */
export async function endTest(
	context: ReceivingContext,
	node: SubscribingNode,
	kept: KeptSubscriptions,
): Promise<void> {
	const { elsewhere, failed } = await giveBack(node, kept);
	if (elsewhere.length > 0) {
		logProblem(context, taken(elsewhere, 'taken meanwhile', await ownersKnown(node)));
	}
	throwFirst(failed);
}

/** What became of subscriptions that were to be given back. */
interface GivenBack {
	/** Taken by somebody else meanwhile, and left to him. */
	elsewhere: Subscription[];
	/** What could not be removed or made; it stays noted. */
	failed: NotRemoved[];
}

/** Removes the subscriptions of a test run, and puts back what was replaced, by it or by a publishing that came to no end. */
export async function giveBack(node: SubscribingNode, kept: KeptSubscriptions): Promise<GivenBack> {
	const { notes, receiver, subscriptions, vault } = node;
	const left = await subscriptions.removeAt(kept.test);
	const missing: NotRemoved[] = [];
	const elsewhere: Subscription[] = [];
	for (const place of kept.replaced) {
		const inTheWay = left.find((one) => isSamePlace(one.place, place));
		if (inTheWay !== undefined) {
			missing.push({ place, error: inTheWay.error });
			continue;
		}
		try {
			const present = await subscriptions.find(place);
			if (present === undefined) await subscriptions.make(place);
			else if (present.url !== place.url) elsewhere.push(present);
		} catch (error) {
			missing.push({ place, error });
		}
	}
	const test = left.map(({ place }) => place);
	const replaced = missing.map(({ place }) => place);
	const isOver = test.length + replaced.length === 0;
	await notes.write(receiver, { ...kept, test, replaced, testedAt: isOver ? 0 : kept.testedAt });
	if (isOver) await noMoreWaking(vault, receiver);
	return { elsewhere, failed: [...left, ...missing] };
}

/**
 * Puts back what a test run has replaced whose process has ended before it.
 * @returns whether there was something to put back
 */
export async function putBack(context: ReceivingContext): Promise<boolean> {
	const node = await openNode(context);
	if (!isLeft(await node.notes.read(node.receiver))) return false;
	return await inTurn(node, async () => {
		const kept = await node.notes.read(node.receiver);
		if (!isLeft(kept)) return false;
		try {
			await endTest(context, node, kept);
		} catch (error) {
			const { notes, receiver } = node;
			const testedAt = Date.now() + PUT_BACK_PAUSE_MS - TEST_LASTS_MS;
			await notes.write(receiver, { ...(await notes.read(receiver)), testedAt });
			passOn(error);
		}
		return true;
	});
}

function isLeft({ test, replaced, testedAt }: KeptSubscriptions): boolean {
	return test.length + replaced.length > 0 && Date.now() - testedAt > TEST_LASTS_MS;
}

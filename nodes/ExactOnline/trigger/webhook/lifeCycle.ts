import type { IHookFunctions } from 'n8n-workflow';
import { isConnectorError, passOn } from '../../../shared/errors';
import { receiverOf } from '../../../shared/node/events/receiveEvents';
import type { Receiver } from '../../../shared/node/events/receivedEvents';
import { askToBeWoken, noMoreWaking } from '../../../shared/node/events/wake';
import { toNodeError, withNodeErrors } from '../../../shared/node/nodeErrors';
import { openVault } from '../../../shared/vault/place/openVault';
import type { Vault } from '../../../shared/vault/vault';
import { baseUrlOf, CREDENTIAL_TYPE, webhookSecretOf } from '../../auth/credentialData';
import { openClient } from '../triggerClient';
import { checkCallback } from './callback';
import { readSettings, type ReceivingContext } from './settings';
import { refusalsOf } from './refusals';
import { secretMissing, taken } from './subscriptionErrors';
import { SubscriptionNotes, type KeptSubscriptions } from './subscriptionNotes';
import { bringAll, Subscriptions, throwFirst, type NotRemoved, type Place } from './subscriptions';
import type { Subscription, WantedSubscription } from './subscriptionTypes';

/** Another change of the same node's subscriptions is waited for so long, in milliseconds. */
const TURN_MS = 120_000;

/** n8n listens for two minutes in a test run; what stands longer was left behind, in milliseconds. */
const TEST_LASTS_MS = 150_000;

/**
 * What could not be put back is tried again after so long, in milliseconds, however often the node is woken: Exact
 * Online counts errors.
 */
const PUT_BACK_PAUSE_MS = 540_000;

/**
 * Whether Exact Online sends to the node already. When n8n starts and Exact Online cannot be asked, it is taken to
 * do so if the node has subscribed before: n8n would stop receiving otherwise.
 */
export async function isSubscribed(context: IHookFunctions): Promise<boolean> {
	return await withNodeErrors(context.getNode(), async () => {
		if (context.getMode() === 'manual') return false;
		const wanted = wantedAt(context);
		await checkFirst(context);
		const isStart = ['init', 'leadershipChange'].includes(context.getActivationMode());
		try {
			const { subscriptions } = await open(context);
			const places = await placesOf(subscriptions, wanted);
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
		const node = await open(context);
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
		const node = await open(context);
		await inTurn(node, async () => {
			const kept = await node.notes.read(node.receiver);
			if (kept.test.some((one) => one.url === url)) return await endTest(node, kept);
			const noted = kept.production.filter((one) => one.url === url);
			const left = await node.subscriptions.removeAt(noted.length > 0 ? noted : wantedAt(context));
			const elsewhere = (one: WantedSubscription) => one.url !== url;
			const production = [...kept.production.filter(elsewhere), ...left.map(({ place }) => place)];
			const replaced = kept.replaced.filter(elsewhere);
			await node.notes.write(node.receiver, { ...kept, production, replaced });
			throwFirst(left);
		});
	});
}

/**
 * Puts back what a test run has replaced whose process has ended before it.
 * @returns whether there was something to put back
 */
export async function putBack(context: ReceivingContext): Promise<boolean> {
	const node = await open(context);
	if (!isLeft(await node.notes.read(node.receiver))) return false;
	return await inTurn(node, async () => {
		const kept = await node.notes.read(node.receiver);
		if (!isLeft(kept)) return false;
		try {
			await endTest(node, kept);
		} catch (error) {
			const { notes, receiver } = node;
			const testedAt = Date.now() + PUT_BACK_PAUSE_MS - TEST_LASTS_MS;
			await notes.write(receiver, { ...(await notes.read(receiver)), testedAt });
			passOn(error);
		}
		return true;
	});
}

/** A node whose subscriptions are changed. */
interface SubscribingNode {
	vault: Vault;
	receiver: Receiver;
	notes: SubscriptionNotes;
	subscriptions: Subscriptions;
}

async function open(context: ReceivingContext): Promise<SubscribingNode> {
	const { client, source } = await openClient(context);
	const receiver = receiverOf(context);
	return {
		vault: source.vault,
		receiver,
		notes: new SubscriptionNotes(source.vault),
		subscriptions: new Subscriptions(client, source.clientId, refusalsOf(receiver)),
	};
}

async function inTurn<T>({ vault, receiver }: SubscribingNode, work: () => Promise<T>): Promise<T> {
	const name = `webhook:${JSON.stringify(receiver)}`;
	return await vault.withLease(name, { waitMs: TURN_MS }, work);
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
	const places = await placesOf(subscriptions, wanted);
	const others = othersIn(context, places, kept);
	const mayReplace = context.getNodeParameter('ifSubscribed', 'fail') === 'replace';
	if (others.length > 0 && !mayReplace) {
		throw taken(others, 'published', await namesOf(node));
	}
	await bringAll(subscriptions, places);
	const left = await subscriptions.removeAt(pastOf(kept, wanted));
	// Publishing does not depend on them: what they send is refused. The next publishing tries again.
	for (const { error } of left) logProblem(context, error);
	const production = [...wanted, ...left.map(({ place }) => place)];
	await notes.write(receiver, { production, test: [], replaced: [], testedAt: 0 });
	await noMoreWaking(node.vault, receiver);
}

async function subscribeTest(
	context: IHookFunctions,
	node: SubscribingNode,
	kept: KeptSubscriptions,
	wanted: readonly WantedSubscription[],
): Promise<void> {
	const { notes, receiver, subscriptions, vault } = node;
	const places = await placesOf(subscriptions, wanted);
	const others = othersIn(context, places, kept);
	if (others.length > 0) throw taken(others, 'tested', await namesOf(node));
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
		await endTest(node, await notes.read(receiver)).catch(() => undefined);
		passOn(error);
	}
}

/** What cannot be removed or put back stays noted, and is tried again. */
async function endTest(node: SubscribingNode, kept: KeptSubscriptions): Promise<void> {
	const { notes, receiver, subscriptions, vault } = node;
	const left = await subscriptions.removeAt(kept.test);
	const missing: NotRemoved[] = [];
	for (const place of kept.replaced) {
		const inTheWay = left.find((one) => isSamePlace(one.place, place));
		if (inTheWay !== undefined) {
			missing.push({ place, error: inTheWay.error });
			continue;
		}
		try {
			const present = await subscriptions.find(place.division, place.topic);
			if (present === undefined) await subscriptions.make(place);
		} catch (error) {
			missing.push({ place, error });
		}
	}
	const test = left.map(({ place }) => place);
	const replaced = missing.map(({ place }) => place);
	const isOver = test.length + replaced.length === 0;
	await notes.write(receiver, { ...kept, test, replaced, testedAt: isOver ? 0 : kept.testedAt });
	if (isOver) await noMoreWaking(vault, receiver);
	throwFirst([...left, ...missing]);
}

function logProblem(context: IHookFunctions, error: unknown): void {
	const { message, description } = toNodeError(context.getNode(), error);
	context.logger.warn(message, { node: context.getNode().name, description });
}

function isLeft({ test, replaced, testedAt }: KeptSubscriptions): boolean {
	return test.length + replaced.length > 0 && Date.now() - testedAt > TEST_LASTS_MS;
}

async function placesOf(
	subscriptions: Subscriptions,
	wanted: readonly WantedSubscription[],
): Promise<Place[]> {
	const places: Place[] = [];
	for (const one of wanted) {
		places.push({ wanted: one, present: await subscriptions.find(one.division, one.topic) });
	}
	return places;
}

/** Subscriptions in the way that are not of this node, neither published nor of a test run. */
function othersIn(
	context: IHookFunctions,
	places: readonly Place[],
	{ production, test }: KeptSubscriptions,
): Subscription[] {
	const own = new Set([...production, ...test].map(({ url }) => url));
	return places.flatMap(({ present, wanted }) => {
		if (present === undefined || own.has(present.url)) return [];
		return isOfNode(context, present.url, wanted.url) ? [] : [present];
	});
}

/** Whether an address of this n8n ends as the node's own does: the production address and the one of test runs. */
function isOfNode(context: IHookFunctions, url: string, own: string): boolean {
	if (url === own) return true;
	if (!URL.canParse(url)) return false;
	const found = new URL(url);
	const hosts = [own, context.getInstanceBaseUrl()].map((one) => URL.parse(one)?.host);
	// Of a node with an id for its webhook the end is that id and the path, else workflow, name and path.
	const parts = context.getNode().webhookId === undefined ? -3 : -2;
	const endOf = (path: string) => path.split('/').slice(parts).join('/');
	return hosts.includes(found.host) && endOf(found.pathname) === endOf(new URL(own).pathname);
}

async function namesOf({
	notes,
	receiver: [instance],
}: SubscribingNode): Promise<(url: string) => string | undefined> {
	const workflowAt = await notes.workflowAt(instance);
	return (url) => {
		const workflow = workflowAt(url);
		return workflow === undefined ? undefined : `workflow ${workflow} of this n8n`;
	};
}

async function wasSubscribed(
	context: IHookFunctions,
	wanted: readonly WantedSubscription[],
): Promise<boolean> {
	const { production } = await keptBy(context);
	return wanted.every((one) => isAmong(one, production));
}

async function keptBy(context: IHookFunctions): Promise<KeptSubscriptions> {
	return await new SubscriptionNotes(await openVault()).read(receiverOf(context));
}

/** What earlier publishings and test runs have left, in divisions or of topics that are chosen no more. */
function pastOf(
	{ production, test }: KeptSubscriptions,
	wanted: readonly WantedSubscription[],
): WantedSubscription[] {
	return [...production, ...test].filter((one) => !isAmong(one, wanted));
}

function isAmong(wanted: WantedSubscription, list: readonly WantedSubscription[]): boolean {
	return list.some((one) => isSamePlace(one, wanted) && one.url === wanted.url);
}

function isSamePlace(one: WantedSubscription, other: WantedSubscription): boolean {
	return one.division === other.division && one.topic === other.topic;
}

function wantedAt(context: IHookFunctions): WantedSubscription[] {
	const { topic, divisions } = readSettings(context);
	const url = addressOf(context);
	return divisions.map((division) => ({ division, topic, url }));
}

function addressOf(context: IHookFunctions): string {
	return context.getNodeWebhookUrl('default') ?? '';
}

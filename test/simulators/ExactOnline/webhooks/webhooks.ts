import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../../shared/clock';
import { pause } from '../../shared/exchange';
import { postTo, type OutgoingAnswer } from '../../shared/outgoingPost';
import { collectionUrl } from '../api/apiPath';
import type { Row } from '../odata/edm';
import type { ExactOnlineSwitches } from '../switches';
import type { EntityTable } from '../world/entityTable';
import { endpointFacts } from '../world/endpointFacts';
import { webhookSecretOf } from '../world/people';
import type { RecordChange } from '../world/records';
import type { ChangeAction } from '../world/rowSet';
import { stampOf } from '../world/serviceClock';
import type { World } from '../world/world';
import { deliveryText, type DeliveryFlaw, type DeliveryForm } from './deliveryText';
import { SUBSCRIPTIONS, subscriptionTable } from './subscriptionTable';
import { topicEndpoint, topicsOf } from './topics';

/** Tries of a delivery after the first one, with pauses that double (docs/facts/exact-online.md 6). */
const RETRIES = 10;
/** Deliveries that are remembered. */
const KEPT = 1000;

/** A delivery that was sent, or waits to be. */
export interface Delivery {
	id: string;
	subscriptionId: string;
	url: string;
	topic: string;
	action: ChangeAction;
	division: number;
	/** Key of the record. */
	key: string;
	/** Byte for byte. */
	body: string;
	/** Status of each try so far; null where no answer came. */
	tries: Array<number | null>;
	/** `given up` once the last try has failed, or the subscription is gone. */
	state: 'held' | 'under way' | 'delivered' | 'given up';
}

/** A delivery that somebody asks for; see `Webhooks.deliver`. */
export interface AskedDelivery {
	division: number;
	topic: string;
	action?: ChangeAction;
	/** Default a record that does not exist. */
	key?: string;
	/** Default that of the subscription; without one it must be given. */
	url?: string;
	/** Default that of the subscription, or the first app. */
	clientId?: string;
	form?: DeliveryForm;
	flaw?: DeliveryFlaw;
	/** How often the same bytes are sent, default 1. */
	times?: number;
	/** Milliseconds between the event and its delivery. */
	delayMs?: number;
}

interface WebhooksOptions {
	world: World;
	switches: Readonly<ExactOnlineSwitches>;
	clock: Clock;
	/** Origin of the simulator. */
	origin: () => string;
	closing: AbortSignal;
}

/**
 * What Exact sends of its own accord: the test of a new callback, and a delivery for each change of a
 * record whose topic is subscribed to, repeated until it is taken (docs/facts/exact-online.md 6).
 */
export class Webhooks {
	/** The resource that subscriptions are made at. */
	readonly table: EntityTable;
	private kept: Delivery[] = [];
	private held: Delivery[] | undefined;
	private changes = new Map<string, RecordChange>();
	/** Last delivery of each subscription; the next one begins after its first try. */
	private readonly lines = new Map<string, Promise<void>>();
	private readonly underWay = new Set<Promise<unknown>>();
	private stopRetries = new AbortController();

	constructor(private readonly options: WebhooksOptions) {
		const { world, switches } = options;
		this.table = subscriptionTable({
			world,
			switches,
			tryCallback: async (url, clientId) => (await this.send(url, '', clientId)).status,
			accepts: (status) => this.accepts(status),
		});
		world.records.onChange = (change) => this.note(change);
	}

	/** The last deliveries in the order of their first try; live objects. */
	get deliveries(): readonly Delivery[] {
		return this.kept;
	}

	/** All subscriptions of all apps in a division. */
	subscriptions(division: number): readonly Row[] {
		return this.options.world.records.set(division, SUBSCRIPTIONS).rows;
	}

	/** Resolves once every change has been delivered or has had its first try; held ones are not waited for. */
	async settled(): Promise<void> {
		while (this.changes.size > 0 || this.underWay.size > 0) {
			await Promise.all([new Promise(setImmediate), ...this.underWay]);
		}
	}

	/** Keeps deliveries back until `release`. */
	hold(): void {
		this.held ??= [];
	}

	/** Sends what was kept back, in the order of the changes or against it. */
	release(order: 'oldestFirst' | 'newestFirst' = 'oldestFirst'): void {
		const held = this.held ?? [];
		this.held = undefined;
		for (const delivery of order === 'oldestFirst' ? held : held.reverse()) this.begin(delivery);
	}

	/** Sends the last deliveries once more, byte for byte, oldest first. */
	async repeat(count = 1): Promise<OutgoingAnswer[]> {
		const answers: OutgoingAnswer[] = [];
		for (const { url, body } of this.kept.slice(-count)) answers.push(await this.send(url, body));
		return answers;
	}

	/**
	 * Sends a delivery that no record asks for, true or flawed, and gives the answers to it.
	 * @throws Error for an unknown topic, and without an address
	 */
	async deliver(asked: AskedDelivery): Promise<OutgoingAnswer[]> {
		const { division, topic, action = 'Update', key = randomUUID(), flaw, times = 1 } = asked;
		const { closing, world } = this.options;
		const row = this.subscriptions(division).find(
			(one) =>
				one['Topic'] === topic &&
				(asked.clientId === undefined || one['ClientID'] === asked.clientId),
		);
		const url = asked.url ?? row?.['CallbackURL'];
		const clientId = asked.clientId ?? row?.['ClientID'] ?? world.apps[0]?.clientId;
		if (typeof url !== 'string')
			throw new Error(`Nobody has subscribed to ${topic}; give a 'url'.`);
		const body = this.text({ division, topic, action, key, clientId: String(clientId) }, asked);
		const answers: OutgoingAnswer[] = [];
		await pause(asked.delayMs ?? 0, closing);
		for (let count = 0; count < times; count += 1) {
			answers.push(await this.send(url, body, undefined, flaw === 'cut'));
		}
		return answers;
	}

	/** Forgets deliveries and what waits to be sent again. Subscriptions stay. */
	reset(): void {
		this.stopRetries.abort();
		this.stopRetries = new AbortController();
		this.kept = [];
		this.held = undefined;
		this.changes.clear();
	}

	/** Takes all subscriptions of a division away, as a user of Exact can. */
	removeSubscriptions(division: number): void {
		const set = this.options.world.records.set(division, SUBSCRIPTIONS);
		for (const row of [...set.rows]) set.remove(row);
	}

	/** Changes of one moment are told together, so that a new document with its lines is one event. */
	private note(change: RecordChange): void {
		const { division, path, action, row } = change;
		if (this.topicsOf(path).length === 0 || this.subscriptions(division).length === 0) return;
		const name = JSON.stringify([division, path, this.keyOf(path, row)]);
		const known = this.changes.get(name);
		if (this.changes.size === 0) setImmediate(() => this.tellChanges());
		if (known?.action === 'Create' && action === 'Update') return;
		this.changes.set(name, change);
	}

	private tellChanges(): void {
		const changes = [...this.changes.values()];
		this.changes.clear();
		for (const { division, path, action, row } of changes) {
			const topics = this.topicsOf(path);
			for (const subscription of this.subscriptions(division)) {
				const topic = String(subscription['Topic']);
				if (!topics.includes(topic)) continue;
				const key = this.keyOf(path, row);
				const clientId = String(subscription['ClientID']);
				this.begin({
					id: randomUUID(),
					subscriptionId: String(subscription['ID']),
					url: String(subscription['CallbackURL']),
					topic,
					action,
					division,
					key,
					body: this.text({ division, topic, action, key, clientId }),
					tries: [],
					state: 'held',
				});
			}
		}
	}

	private begin(delivery: Delivery): void {
		if (this.held) {
			this.held.push(delivery);
			return;
		}
		this.kept.push(delivery);
		if (this.kept.length > KEPT) this.kept.shift();
		delivery.state = 'under way';
		const { subscriptionId } = delivery;
		const before = this.lines.get(subscriptionId) ?? Promise.resolve();
		const first = before.then(async () => {
			const { webhookDelaySeconds } = this.options.switches;
			await pause(webhookDelaySeconds * 1000, this.options.closing);
			await this.tryOnce(delivery);
		});
		this.lines.set(subscriptionId, first);
		this.track(first);
		const signal = AbortSignal.any([this.options.closing, this.stopRetries.signal]);
		void first.then(() => this.tryAgain(delivery, signal));
	}

	private track(work: Promise<unknown>): void {
		this.underWay.add(work);
		void work.finally(() => this.underWay.delete(work));
	}

	private async tryAgain(delivery: Delivery, signal: AbortSignal): Promise<void> {
		for (let retry = 1; delivery.state === 'under way' && retry <= RETRIES; retry += 1) {
			await pause(2 ** retry * this.unitMs(), signal);
			if (signal.aborted) return;
			if (!this.subscriptionOf(delivery)) {
				delivery.state = 'given up';
				return;
			}
			await this.tryOnce(delivery);
		}
		if (delivery.state !== 'under way') return;
		delivery.state = 'given up';
		const row = this.subscriptionOf(delivery);
		if (!row || this.options.switches.webhookAfterTries !== 'subscriptionEnds') return;
		this.options.world.records.set(delivery.division, SUBSCRIPTIONS).remove(row);
	}

	private async tryOnce(delivery: Delivery): Promise<void> {
		const { status } = await this.send(delivery.url, delivery.body);
		delivery.tries.push(status ?? null);
		if (this.accepts(status)) delivery.state = 'delivered';
	}

	private unitMs(): number {
		const { webhookRetryUnit, webhookRetryUnitMs } = this.options.switches;
		return webhookRetryUnitMs ?? (webhookRetryUnit === 'minutes' ? 60_000 : 1000);
	}

	private subscriptionOf({ division, subscriptionId }: Delivery): Row | undefined {
		return this.options.world.records.set(division, SUBSCRIPTIONS).find([subscriptionId]);
	}

	private accepts(status: number | undefined): boolean {
		if (status === 200 || status === 201) return true;
		const { webhookAccepts } = this.options.switches;
		return webhookAccepts === 'all2xx' && status !== undefined && status >= 200 && status < 300;
	}

	/** @param tried the app whose callback is tried, which one reading signs */
	private async send(
		url: string,
		body: string,
		tried?: string,
		isCut = false,
	): Promise<OutgoingAnswer> {
		const { switches, closing } = this.options;
		const isSigned = tried !== undefined && switches.webhookValidation === 'signed';
		return await postTo({
			url,
			body,
			headers: {
				...(body === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
				...(isSigned ? { hashcode: this.hashOfNothing(tried) } : {}),
			},
			...(isCut ? { cutAfter: Math.floor(body.length / 2) } : {}),
			timeoutMs: switches.webhookTimeoutMs,
			signal: closing,
		});
	}

	/** The proof of an empty content. */
	private hashOfNothing(clientId: string): string {
		return createHmac('sha256', this.secretOf(clientId)).update('').digest('hex').toUpperCase();
	}

	private text(
		event: { division: number; topic: string; action: string; key: string; clientId: string },
		how: { form?: DeliveryForm; flaw?: DeliveryFlaw } = {},
	): string {
		const { origin, clock, switches } = this.options;
		const { division, topic, action, key, clientId } = event;
		const path = topicEndpoint(topic, switches.webhookMoreTopics);
		if (path === undefined) throw new Error(`There is no topic ${topic}.`);
		const content = {
			Topic: topic,
			ClientId: clientId,
			Division: division,
			Action: action,
			Key: key,
			ExactOnlineEndpoint: `${collectionUrl(origin(), division, path)}(guid'${key}')`,
			EventCreatedOn: new Date(stampOf(clock(), switches)).toISOString().slice(0, -1),
		};
		return deliveryText(content, this.secretOf(clientId), how);
	}

	private topicsOf(path: string): string[] {
		return topicsOf(path, this.options.switches.webhookMoreTopics);
	}

	private secretOf(clientId: string): string {
		const app = this.options.world.app(clientId);
		if (!app) throw new Error(`No app with client id ${clientId}.`);
		return webhookSecretOf(app);
	}

	private keyOf(path: string, row: Row): string {
		const [key = 'ID'] = endpointFacts(path).keys;
		return String(row[key]);
	}
}

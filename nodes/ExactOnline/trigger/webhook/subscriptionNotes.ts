import { isRecord, parseJson } from '../../../shared/http';
import { parseReceiver, type Receiver } from '../../../shared/node/events/receivedEvents';
import {
	deleteItem,
	itemLock,
	itemsBelow,
	putItem,
	readItem,
} from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import type { WantedSubscription } from './subscriptionTypes';

/** Written at each publishing; without it the subscriptions are found by their address. */
const SCOPE = itemScope('webhookSubscriptions1', 400 * 86_400_000);

/** What a node has at Exact Online. */
export interface KeptSubscriptions {
	/** Of the published workflow. */
	production: WantedSubscription[];
	/** Of a test run. */
	test: WantedSubscription[];
	/** Subscriptions of the published workflow that the test run stands in place of. */
	replaced: WantedSubscription[];
	/** When the test run began, milliseconds since the epoch; 0 where there is none. */
	testedAt: number;
}

const NOTHING_KEPT: KeptSubscriptions = {
	production: [],
	test: [],
	replaced: [],
	testedAt: 0,
};

/** The subscriptions of all nodes whose processes share a vault. They are no secrets. */
export class SubscriptionNotes {
	constructor(private readonly vault: Vault) {}

	async read(receiver: Receiver): Promise<KeptSubscriptions> {
		const item = await this.vault.read(() => readItem(SCOPE, JSON.stringify(receiver)));
		return parse(item?.value);
	}

	async write(receiver: Receiver, kept: KeptSubscriptions): Promise<void> {
		const name = JSON.stringify(receiver);
		const isEmpty = [kept.production, kept.test, kept.replaced].every((list) => list.length === 0);
		await this.vault.write(
			() => (isEmpty ? deleteItem(SCOPE, name) : putItem(SCOPE, name, JSON.stringify(kept))),
			{ lock: itemLock(SCOPE, name) },
		);
	}

	/** The node of this n8n that receives at an address. */
	async receiverAt(instance: string): Promise<(url: string) => Receiver | undefined> {
		const prefix = JSON.stringify([instance]).slice(0, -1);
		const items = await this.vault.read(() => itemsBelow(SCOPE, prefix));
		const known = new Map<string, Receiver>();
		for (const [name, value] of items) {
			const receiver = parseReceiver(name);
			if (receiver === undefined) continue;
			const { production, test } = parse(value);
			for (const { url } of [...production, ...test]) known.set(url, receiver);
		}
		return (url) => known.get(url);
	}
}

function parse(text: string | undefined): KeptSubscriptions {
	const value = text === undefined ? undefined : parseJson(text);
	if (!isRecord(value)) return NOTHING_KEPT;
	const { production, test, replaced, testedAt } = value;
	return {
		production: list(production),
		test: list(test),
		replaced: list(replaced),
		testedAt: Number(testedAt) || 0,
	};
}

function list(value: unknown): WantedSubscription[] {
	if (!Array.isArray(value)) return [];
	return value.filter(isRecord).map(({ division, topic, url }) => ({
		division: Number(division),
		topic: String(topic),
		url: String(url),
	}));
}

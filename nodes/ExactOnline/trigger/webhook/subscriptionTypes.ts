/** A subscription of this app (docs/facts/exact-online.md 6). */
export interface Subscription {
	id: string;
	division: number;
	topic: string;
	/** Where Exact Online sends. */
	url: string;
}

/** Where a topic of one division is to be sent. */
export type WantedSubscription = Omit<Subscription, 'id'>;

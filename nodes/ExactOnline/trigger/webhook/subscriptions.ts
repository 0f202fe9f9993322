import { isConnectorError, passOn, type ConnectorError } from '../../../shared/errors';
import type { ExactOnlineClient } from '../../api/exactOnlineClient';
import type { ExactRow } from '../../wire/exactTypes';
import type { Refusals } from './refusals';
import { noDivision, notUndone, refused, taken } from './subscriptionErrors';
import type { Subscription, WantedSubscription } from './subscriptionTypes';

const PATH = 'webhooks/WebhookSubscriptions';

/** The subscriptions of an app. Exact Online takes one for each topic, division and app. */
export class Subscriptions {
	constructor(
		private readonly client: ExactOnlineClient,
		/** Client id of the app. */
		private readonly app: string,
		private readonly refusals: Refusals,
	) {}

	/**
	 * The subscription to a topic; undefined where there is none.
	 * @param url of several, should Exact Online let them stand, the one that sends there comes before all others
	 * @throws ConnectorError EXACT_NOT_FOUND where the division is none of the user's, and those of the client
	 */
	async find({ division, topic, url }: WantedSubscription): Promise<Subscription | undefined> {
		return await this.asking(`find ${division}`, async () => {
			const pages = this.client.pages({
				method: 'GET',
				path: PATH,
				division,
				query: { $select: 'ID,Topic,CallbackURL,ClientID' },
			});
			let other: Subscription | undefined;
			for await (const rows of pages) {
				for (const row of rows) {
					if (!isSameTopic(String(row.Topic), topic) || !this.isOfApp(row)) continue;
					const found = { id: String(row.ID), division, topic, url: String(row.CallbackURL) };
					if (found.url === url) return found;
					other ??= found;
				}
			}
			return other;
		}).catch((error: unknown) => {
			throw isConnectorError(error) && error.httpStatus === 404
				? noDivision(division, error)
				: error;
		});
	}

	private async asking<T>(asked: string, work: () => Promise<T>): Promise<T> {
		this.refusals.check(asked);
		try {
			return await work();
		} catch (error) {
			if (isConnectorError(error)) this.refusals.note(asked, error);
			passOn(error);
		}
	}

	/**
	 * Makes a subscription. Whether one is in the way, or has been made although no answer came, is judged by looking
	 * again: the words of the refusal are in the language of the user.
	 * @throws ConnectorError EXACT_WEBHOOK_TAKEN, EXACT_WEBHOOK_REFUSED
	 */
	async make(wanted: WantedSubscription): Promise<void> {
		const { division, topic, url } = wanted;
		const body = { CallbackURL: url, Topic: topic };
		try {
			await this.asking(`make ${division} ${topic} ${url}`, async () => {
				await this.client.request({ method: 'POST', path: PATH, division, body });
			});
		} catch (error) {
			if (!isConnectorError(error) || !mayBeMade(error)) passOn(error);
			const present = await this.find(wanted);
			if (present === undefined) throw refused(wanted, error);
			if (present.url !== url) throw taken([present], 'made meanwhile');
		}
	}

	/** Removes a subscription; one that is gone is removed. */
	async remove({ id, division }: Subscription): Promise<void> {
		const path = `${PATH}(guid'${id}')`;
		try {
			await this.client.request({ method: 'DELETE', path, division });
		} catch (error) {
			if (!isConnectorError(error) || error.httpStatus !== 404) passOn(error);
		}
	}

	/**
	 * Removes the subscriptions to these topics that send to these addresses, all that can be.
	 * @returns those that could not be looked for or removed, each with its error
	 */
	async removeAt(places: readonly WantedSubscription[]): Promise<NotRemoved[]> {
		const left: NotRemoved[] = [];
		for (const place of places) {
			try {
				const present = await this.find(place);
				if (present?.url === place.url) await this.remove(present);
			} catch (error) {
				left.push({ place, error });
			}
		}
		return left;
	}

	private isOfApp({ ClientID }: ExactRow): boolean {
		return typeof ClientID !== 'string' || isSameApp(ClientID, this.app);
	}
}

/** A subscription that stands, as far as is known. */
export interface NotRemoved {
	place: WantedSubscription;
	error: unknown;
}

/** Whether two texts name one app, however its client id is written. */
export function isSameApp(one: string, other: string): boolean {
	const plain = (id: string) => id.replace(/[{}\s]/g, '').toLowerCase();
	return plain(one) === plain(other);
}

/** A topic that is typed may differ in its case from what Exact Online calls it. */
export function isSameTopic(one: string, other: string): boolean {
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Whether the failure is about this subscription, and not about the connection or the rights. */
function mayBeMade({ code, httpStatus = 0 }: ConnectorError): boolean {
	if (code === 'EXACT_WRITE_UNCONFIRMED') return true;
	return httpStatus >= 400 && ![401, 403, 429].includes(httpStatus);
}

/** @throws the first error of them */
export function throwFirst([first]: readonly NotRemoved[]): void {
	if (first !== undefined) passOn(first.error);
}

/** A subscription that is wanted, and what stands in its place. */
export interface Place {
	wanted: WantedSubscription;
	present: Subscription | undefined;
}

/**
 * Brings each subscription to where it is wanted: all of them, or everything is as it was before.
 * @throws ConnectorError EXACT_WEBHOOK_TAKEN, EXACT_WEBHOOK_REFUSED, and those of the client
 */
export async function bringAll(
	subscriptions: Subscriptions,
	places: readonly Place[],
): Promise<void> {
	const undo: Array<{ url: string; step: () => Promise<void> }> = [];
	try {
		for (const { wanted, present } of places) {
			if (present?.url === wanted.url) continue;
			if (present !== undefined) {
				await subscriptions.remove(present);
				undo.push({ url: present.url, step: async () => await subscriptions.make(present) });
			}
			await subscriptions.make(wanted);
			undo.push({
				url: wanted.url,
				step: async () => throwFirst(await subscriptions.removeAt([wanted])),
			});
		}
	} catch (error) {
		const left: string[] = [];
		for (const { url, step } of undo.reverse()) await step().catch(() => left.push(url));
		if (left.length === 0 || !isConnectorError(error)) passOn(error);
		throw notUndone(error, left);
	}
}

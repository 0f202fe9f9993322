import type { IHookFunctions } from 'n8n-workflow';
import type { SubscribingNode } from './subscribingNode';
import type { KeptSubscriptions } from './subscriptionNotes';
import type { Place } from './subscriptions';
import type { Subscription } from './subscriptionTypes';

/** Who receives where, as far as this n8n has noted it. */
export interface KnownOwners {
	/** In words; undefined where it is not known. */
	nameAt(url: string): string | undefined;
	/** Whether it is another node than this one. */
	isOther(url: string): boolean;
}

/** Who receives at the addresses of this n8n. */
export async function ownersKnown({ notes, receiver }: SubscribingNode): Promise<KnownOwners> {
	const receiverAt = await notes.receiverAt(receiver[0]);
	return {
		nameAt: (url) => {
			const [, workflow] = receiverAt(url) ?? [];
			if (workflow === receiver[1]) return 'another trigger node of this workflow';
			return workflow === undefined ? undefined : `workflow ${workflow} of this n8n`;
		},
		isOther: (url) => {
			const known = receiverAt(url);
			return known !== undefined && JSON.stringify(known) !== JSON.stringify(receiver);
		},
	};
}

/** Subscriptions in the way that are not of this node, neither published nor of a test run. */
export function othersIn(
	context: IHookFunctions,
	places: readonly Place[],
	{ production, test }: KeptSubscriptions,
	owners: KnownOwners,
): Subscription[] {
	const own = new Set([...production, ...test].map(({ url }) => url));
	return places.flatMap(({ present, wanted }) => {
		if (present === undefined || own.has(present.url)) return [];
		// A copy of a workflow may have the same address as the first one.
		const isOwn = !owners.isOther(present.url) && isOfNode(context, present.url, wanted.url);
		return isOwn ? [] : [present];
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

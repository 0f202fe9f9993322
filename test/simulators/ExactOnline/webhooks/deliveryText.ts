import { createHmac } from 'node:crypto';

/** What a delivery tells (docs/facts/exact-online.md 6), in the order in which it is written. */
export interface DeliveryContent {
	Topic: string;
	ClientId: string;
	Division: number;
	Action: string;
	Key: string;
	ExactOnlineEndpoint: string;
	/** Local time without a zone, e.g. `2020-01-06T16:26:08.587`. */
	EventCreatedOn: string;
}

/** What is wrong with a delivery that nobody but the simulator would send. */
export type DeliveryFlaw =
	/** Its content was changed after it was signed. */
	| 'forged'
	/** Signed with another secret. */
	| 'wrongSecret'
	/** Signed with the secret of the app, but about another one. */
	| 'otherClient'
	/** Without `HashCode`. */
	| 'unsigned'
	/** JSON that breaks off. */
	| 'truncated'
	/** The connection is cut in the middle of the body. */
	| 'cut';

/**
 * How the text of the content is written: compact, or with blanks and escapes that mean the same, so that
 * only who looks at the raw bytes finds the proof right; `spaced`: with blanks around it that are signed too; `elsewhere`:
 * with a link to the service's own host, which is not that of a stand-in or a proxy before it.
 */
export type DeliveryForm = 'compact' | 'escaped' | 'spaced' | 'elsewhere';

/** The body of a delivery, byte for byte. */
export function deliveryText(
	content: DeliveryContent,
	secret: string,
	{ form = 'compact', flaw }: { form?: DeliveryForm; flaw?: DeliveryFlaw | undefined } = {},
): string {
	const told =
		flaw === 'otherClient'
			? { ...content, ClientId: '00000000-0000-4000-8000-00000000c11e' }
			: content;
	const raw = contentText(told, form);
	const hash = hashOf(raw, flaw === 'wrongSecret' ? `${secret}?` : secret);
	const sent = flaw === 'forged' ? raw.replace(content.Key, FORGED_KEY) : raw;
	const body =
		flaw === 'unsigned' ? `{"Content":${sent}}` : `{"Content":${sent},"HashCode":"${hash}"}`;
	return flaw === 'truncated' ? body.slice(0, Math.floor(body.length / 2)) : body;
}

/** The record that a forged delivery points to. */
export const FORGED_KEY = '00000000-0000-4000-8000-0000000f0e6d';

function contentText(content: DeliveryContent, form: DeliveryForm): string {
	if (form === 'compact') return JSON.stringify(content);
	if (form === 'spaced') return ` ${JSON.stringify(content)} `;
	if (form === 'elsewhere') {
		const { pathname } = new URL(content.ExactOnlineEndpoint);
		return JSON.stringify({
			...content,
			ExactOnlineEndpoint: `https://start.exactonline.nl${pathname}`,
		});
	}
	return JSON.stringify(content, null, 1).replaceAll("'", '\\u0027').replaceAll('/', '\\/');
}

function hashOf(raw: string, secret: string): string {
	return createHmac('sha256', secret).update(raw, 'utf8').digest('hex').toUpperCase();
}

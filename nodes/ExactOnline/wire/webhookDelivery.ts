import { isHmacOf } from '../../shared/hmacSignature';
import { isRecord, parseJson } from '../../shared/http';
import { memberSpans } from './memberSpans';

/** What Exact Online tells of a record (docs/facts/exact-online.md 6). */
export interface WebhookContent {
	topic: string;
	clientId: string;
	division: number;
	/** `Create`, `Update` or `Delete`. */
	action: string;
	/** Key of the record. */
	key: string;
	/** Address of the record in the API; empty where none is told. */
	endpoint: string;
	/** As it is written, without a zone; empty where it is not told. */
	createdOn: string;
}

/** A delivery that is signed with the app's secret. */
export interface SignedDelivery {
	content: WebhookContent;
	/** The signature in lower case; the same for each try of one delivery. */
	hash: string;
}

/**
 * Reads a delivery if its `HashCode` is that of the very characters of its `Content` (docs/facts/exact-online.md 6:
 * HMAC-SHA256, hexadecimal, upper case). Whether blanks around the `Content` belong to it nobody says: both readings are
 * taken.
 * @returns undefined for anything else, whatever it is
 */
export function readSigned(body: Buffer, secret: string): SignedDelivery | undefined {
	const text = utf8(body);
	const spans = text === undefined ? undefined : memberSpans(text);
	if (text === undefined || spans === undefined) return undefined;
	const named = (wanted: string) => spans.filter(({ name }) => name === wanted);
	const [content, secondContent] = named('Content');
	const [hash, secondHash] = named('HashCode');
	if (content === undefined || hash === undefined) return undefined;
	// Of two members of one name each reader takes another one.
	if (secondContent !== undefined || secondHash !== undefined) return undefined;
	const signed = text.slice(content.start, content.end);
	const signature = parseJson(text.slice(hash.start, hash.end));
	if (typeof signature !== 'string') return undefined;
	const wide = text.slice(content.wide.start, content.wide.end);
	const isSigned = [...new Set([signed, wide])].some((one) =>
		isHmacOf('sha256', secret, one, signature),
	);
	if (!isSigned) return undefined;
	const read = readContent(parseJson(signed));
	return read && { content: read, hash: signature.trim().toLowerCase() };
}

/** Whether a body is that of the test which Exact Online makes of the address of a new subscription. */
export function isValidation(body: Buffer): boolean {
	return body.length === 0;
}

function readContent(value: unknown): WebhookContent | undefined {
	if (!isRecord(value)) return undefined;
	const content = {
		topic: text(value.Topic),
		clientId: text(value.ClientId),
		division: Number(value.Division),
		action: text(value.Action),
		key: text(value.Key),
		endpoint: text(value.ExactOnlineEndpoint),
		createdOn: text(value.EventCreatedOn),
	};
	const isWhole = content.topic !== '' && content.action !== '' && content.key !== '';
	return isWhole && Number.isInteger(content.division) ? content : undefined;
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function utf8(body: Buffer): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(body);
	} catch {
		return undefined;
	}
}

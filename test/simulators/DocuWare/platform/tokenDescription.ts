import { parseJsonObject } from '../../shared/requestBody';

/** What a login token is asked for with, as it was sent: nothing is checked yet. */
export interface TokenDescription {
	products: unknown;
	usage: unknown;
	lifetime: unknown;
}

/**
 * Reads a token description: JSON with names in any case, or the XML of docs/facts/docuware.md 4.2.
 * Undefined when the body cannot be read, `unsupported` for another media type.
 */
export function readTokenDescription(
	mediaType: string,
	body: Buffer,
): TokenDescription | 'unsupported' | undefined {
	if (mediaType === 'application/json' || /^application\/.+\+json$/.test(mediaType)) {
		return fromJson(body);
	}
	if (/^(?:application|text)\/(?:.+\+)?xml$/.test(mediaType)) return fromXml(body.toString('utf8'));
	return 'unsupported';
}

function fromJson(body: Buffer): TokenDescription | undefined {
	const sent = parseJsonObject(body);
	if (sent === undefined) return undefined;
	const member = (name: string): unknown =>
		Object.entries(sent).find(([key]) => key.toLowerCase() === name)?.[1];
	return {
		products: member('targetproducts'),
		usage: member('usage'),
		lifetime: member('lifetime'),
	};
}

function fromXml(text: string): TokenDescription | undefined {
	const root = /<(?:\w+:)?TokenDescription\b([^>]*)>([\s\S]*)<\/(?:\w+:)?TokenDescription>/.exec(
		text,
	);
	if (root === null) return undefined;
	const [, attributes = '', content = ''] = root;
	const attribute = (name: string): string | undefined =>
		new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1];
	const products = [...content.matchAll(/<(?:\w+:)?TargetProducts\b[^>]*>([^<]*)</g)];
	return {
		products: products.map(([, product = '']) => product.trim()),
		usage: attribute('Usage'),
		lifetime: attribute('Lifetime'),
	};
}

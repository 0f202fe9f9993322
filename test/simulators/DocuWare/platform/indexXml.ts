import type { IndexData } from './uploads';

/** Entities of XML; others do not stand in the index data of the vendor's clients. */
const entities: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
};

/**
 * Index data as XML (docs/facts/docuware.md 1, 7.2): a `Document` or `InputDocument` whose fields carry their
 * value in an element that names its type. Undefined where there is no such root.
 */
export function readIndexXml(text: string): IndexData | undefined {
	if (!/<(?:\w+:)?(?:Input)?Document\b/.test(text)) return undefined;
	const fields = [
		...text.matchAll(/<(?:\w+:)?Field\b([^>]*?)(?:\/>|>([\s\S]*?)<\/(?:\w+:)?Field>)/g),
	].map(([, attributes = '', content = '']) => {
		const value = /<(?:\w+:)?(\w+)\b[^>]*>([\s\S]*?)<\/(?:\w+:)?\1>/.exec(content);
		return {
			FieldName: /\bFieldName="([^"]*)"/.exec(attributes)?.[1] ?? '',
			...(value === null
				? { Item: null }
				: { Item: plain(value[2] ?? ''), ItemElementName: value[1] }),
		};
	});
	const sections = [...text.matchAll(/<(?:\w+:)?Section\b/g)].length;
	return { fields, properties: [], ...(sections === 0 ? {} : { sectionCount: sections }) };
}

function plain(text: string): string {
	return text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

import type { StoredDocument, StoredSection } from './documents';

/** Types of files whose bytes are their text. */
const textTypes = /^(text\/|application\/(json|xml)\b|message\/rfc822\b)/;

/** Files above this size (bytes) have no text. */
const mostTextBytes = 1_000_000;

/** The text of a file, as far as the simulator can read it: that of a text file, else its name alone. */
export function textOf({ contentType, content, name }: StoredSection): string {
	const isText = textTypes.test(contentType) && content.isKept && content.size <= mostTextBytes;
	return isText ? content.bytes().toString('utf8') : name;
}

/** What a search in the full text of a document looks at: its files. */
export function fullTextOf({ sections }: StoredDocument): string {
	return sections.map(textOf).join('\n');
}

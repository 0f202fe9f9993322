import type { Json } from './differences';

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const DIGEST = /\b[0-9a-f]{64}\b/g;

/** Any moment of this century in milliseconds; no duration comes near it. */
const EARLIEST_TIME = 946_684_800_000;

/**
 * Puts names in the place of what differs from run to run, so that two runs can be compared. What is
 * not known by name is named by its kind (`<uuid>`, `<time>`, `<digest>`).
 */
export class Placeholders {
	private readonly names = new Map<string, string>();

	/** Has a text shown by a name from now on. An empty text is left alone. */
	add(text: string, name: string): this {
		if (text !== '') this.names.set(text, `<${name}>`);
		return this;
	}

	/** A text with names in it; the longest known text goes first, since it may hold another one. */
	inText(text: string): string {
		let named = text;
		const known = [...this.names].sort(([one], [other]) => other.length - one.length);
		for (const [value, name] of known) named = named.replaceAll(value, name);
		return named
			.replace(DIGEST, '<digest>')
			.replace(UUID, '<uuid>')
			.replace(ISO_TIME, '<iso time>');
	}

	/** A value of any kind likewise, to its depth. */
	in(value: Json): Json {
		if (typeof value === 'string') return this.inText(value);
		if (typeof value === 'number') return value > EARLIEST_TIME ? '<time>' : value;
		if (Array.isArray(value)) return value.map((element) => this.in(element));
		if (value === null || typeof value !== 'object') return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, member]) => [this.inText(name), this.in(member)]),
		);
	}
}

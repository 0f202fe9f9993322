const ENTITIES: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};

/** Elements whose content is no text for a reader. */
const SILENT_ELEMENT = /^<(script|style|head)\b/i;

/** Whether a body is markup rather than text or JSON. */
export function looksLikeHtml(text: string): boolean {
	return /^\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype|html|head|body|h\d|p|div|table|\?xml)\b/i.test(
		text,
	);
}

/** The text of a page, in one pass: each tag, comment or silent element is a space. */
export function htmlToText(html: string): string {
	const lower = html.toLowerCase();
	let text = '';
	let at = 0;
	while (at < html.length) {
		const tag = html.indexOf('<', at);
		if (tag < 0) return decoded(text + html.slice(at));
		text += `${html.slice(at, tag)} `;
		const end = endOfTag(lower, tag);
		// A tag that never ends hides what comes after it.
		if (end < 0) break;
		at = end;
	}
	return decoded(text);
}

/** Where a tag, comment or silent element that begins at `at` is over; -1 where it never is. */
function endOfTag(lower: string, at: number): number {
	if (lower.startsWith('<!--', at)) return after(lower, '-->', at + 4);
	const silent = SILENT_ELEMENT.exec(lower.slice(at, at + 8))?.[1];
	if (silent === undefined) return after(lower, '>', at);
	const close = lower.indexOf(`</${silent}`, at);
	return close < 0 ? -1 : after(lower, '>', close);
}

function after(text: string, mark: string, from: number): number {
	const found = text.indexOf(mark, from);
	return found < 0 ? -1 : found + mark.length;
}

function decoded(text: string): string {
	return text.replace(/&(#\d{1,6}|\w{1,10});/g, (entity, name: string) => {
		if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? entity;
		const code = Number(name.slice(1));
		return String.fromCodePoint(code);
	});
}

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

/** Elements that a page of HTML begins with, whole or in part. Names that the XML of the services has too are left out. */
const ELEMENTS = new Set(
	(
		'html head body title meta link base style script noscript h1 h2 h3 h4 h5 h6 p div span table center font ' +
		'a b i u em strong small br hr img pre ul ol dl form iframe frameset'
	).split(' '),
);

/** Whether a body is markup rather than text or JSON: a page, or XML that says so. */
export function looksLikeMarkup(text: string): boolean {
	return /^\s*<\?xml\b/i.test(text) || isHtml(text);
}

/**
 * Whether a text is a page of HTML, by the first element behind comments, declarations and a byte order mark. XML of
 * something else is none.
 */
export function isHtml(text: string): boolean {
	const { at, isXml } = firstElement(text);
	const start = text.slice(at, at + MOST_OF_TAG);
	const doctype = /^<!doctype\s+([^\s>]*)/i.exec(start)?.[1];
	if (doctype !== undefined) return doctype.toLowerCase() === 'html';
	const [tag, name = ''] = /^<([a-z][\w:.-]*)(?=[\s/>]|$)[^>]*/i.exec(start) ?? [''];
	if (name.toLowerCase() === 'html') return true;
	return !isXml && ELEMENTS.has(name.toLowerCase()) && !/\sxmlns\b/i.test(tag);
}

/** Characters of a tag that are looked at. */
const MOST_OF_TAG = 2_000;

/** Where the first element or document type begins, behind what a reader never sees. */
function firstElement(text: string): { at: number; isXml: boolean } {
	let at = 0;
	let isXml = false;
	while (at >= 0 && at < text.length) {
		const gap = text.slice(at, at + 1);
		if (/\s/.test(gap)) at += 1;
		else if (text.startsWith('<!--', at)) at = after(text, '-->', at + 4);
		else if (text.startsWith('<?', at)) {
			isXml ||= /^<\?xml\s/i.test(text.slice(at, at + 6));
			at = after(text, '>', at);
		} else break;
	}
	return { at: at < 0 ? text.length : at, isXml };
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

import { REDACTED } from './redacted';

const STRONG_NAMES =
	'token|secret|passw(?:or)?d|passphrase|pwd|assertion|code_verifier|api[_-]?key|authorization|(?:set-)?cookie';

/** Words of other meanings too: secret only behind `=` or as a name in quotes. */
const WEAK_NAMES = '(?<![\\w.-])code|auth|(?<![\\w.-])sid|session_?id';

/** Backslashes before a quote: JSON in JSON. */
const QUOTE = '\\\\{0,8}["\']';

/** A name with its separator, and what opens the value: `"name": "`, `name=`, `name: `. */
const NAMED = new RegExp(
	`(?:(${STRONG_NAMES})|${WEAK_NAMES})(${QUOTE})?\\s{0,20}([:=])\\s{0,20}(?:\\[\\s{0,20}(?=["'\\\\]))?(${QUOTE})?`,
	'gi',
);

const XML_NAMED = new RegExp(`<[\\w:.-]{0,40}(?:${STRONG_NAMES}|code)(?:\\s[^<>]{0,200})?>`, 'gi');

const COOKIE_HEADER = /\b((?:Set-)?Cookie\s{0,20}:\s{0,20})[^\r\n]+/gi;
const COOKIE_IN_WORDS = /\b(cookie\s{1,5}["']?[^\s=;"']{1,100}=)[^\s;"']+/gi;
/** Each run of characters is taken whole, with the attribute behind it where there is one. */
const MAYBE_COOKIE =
	/[^\s"';]+(\s{0,20};\s{0,20}(?:path|httponly|secure|samesite|expires|max-age|domain)\b)?/gi;

const NO_SECRETS = /^(?:(?:null|true|false|undefined)(?![\w-])|\[redacted\])/i;
const SCHEME = /^(?:Bearer|Basic) \[redacted\]/i;

/** Takes the values of names that stand for secrets out of a text: JSON, forms, headers, XML, prose. */
export function withoutNamedSecrets(text: string): string {
	const cookieless = text
		.replace(COOKIE_HEADER, `$1${REDACTED}`)
		.replace(COOKIE_IN_WORDS, `$1${REDACTED}`)
		.replace(MAYBE_COOKIE, (run, attribute: string | undefined) =>
			attribute === undefined ? run : withoutCookieValue(run, attribute),
		);
	return withoutValues(withoutValues(cookieless, XML_NAMED, xmlValue), NAMED, namedValue);
}

function withoutCookieValue(run: string, attribute: string): string {
	const equals = run.indexOf('=');
	return equals < 0 || equals > run.length - attribute.length
		? run
		: `${run.slice(0, equals + 1)}${REDACTED}${attribute}`;
}

/** The end of a value that begins where a name was found; undefined where it is no secret. */
type ValueEnd = (text: string, start: number, match: RegExpExecArray) => number | undefined;

/** Goes through the text once: what was taken for a value is not looked at again. */
function withoutValues(text: string, names: RegExp, valueEnd: ValueEnd): string {
	names.lastIndex = 0;
	let result = '';
	let at = 0;
	for (let match = names.exec(text); match !== null; match = names.exec(text)) {
		const start = names.lastIndex;
		// Before its end is looked for, which may be far: many of these on one line would take a square.
		if (NO_SECRETS.test(text.slice(start, start + 12))) continue;
		const end = valueEnd(text, start, match);
		if (end === undefined || end <= start) continue;
		result += `${text.slice(at, start)}${REDACTED}`;
		at = end;
		names.lastIndex = end;
	}
	return result + text.slice(at);
}

function xmlValue(text: string, start: number): number {
	const end = text.indexOf('<', start);
	return end < 0 ? text.length : end;
}

function namedValue(text: string, start: number, match: RegExpExecArray): number | undefined {
	const [, strong, closesName, separator, opens] = match;
	const isMeant = strong !== undefined || separator === '=' || closesName !== undefined;
	if (!isMeant) return undefined;
	if (opens !== undefined) return endOfQuoted(text, start, opens);
	if (strong?.toLowerCase() !== 'authorization') return endOfWord(text, start);
	return SCHEME.test(text.slice(start, start + 20)) ? undefined : endOfLine(text, start);
}

const WORD_END = /[&\s"'<>;]/g;
const LINE_END = /[\r\n"']/g;

function endOfWord(text: string, start: number): number {
	return endBy(WORD_END, text, start);
}

function endOfLine(text: string, start: number): number {
	return endBy(LINE_END, text, start);
}

function endBy(mark: RegExp, text: string, start: number): number {
	mark.lastIndex = start;
	return mark.exec(text)?.index ?? text.length;
}

/** Where a quoted value ends: at the same quote, not escaped any further; else with the text. */
function endOfQuoted(text: string, start: number, opens: string): number {
	const quote = opens.slice(-1);
	const depth = opens.length - 1;
	for (let at = text.indexOf(quote, start); at >= 0; at = text.indexOf(quote, at + 1)) {
		let backslashes = 0;
		while (at - backslashes > start && text[at - backslashes - 1] === '\\') backslashes += 1;
		const isEnd = depth === 0 ? backslashes % 2 === 0 : backslashes <= depth;
		if (isEnd) return at - Math.min(backslashes, depth);
	}
	return text.length;
}

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/** Shorter secrets are not searched for: the text would be cut to pieces without hiding anything. */
const SHORTEST_SECRET = 4;

/** Characters of a service's own words that an error shows. */
const MAX_SERVICE_TEXT = 500;

const SECRET_NAME =
	'[\\w.-]*(?:access_?token|refresh_?token|id_?token|login_?token|client_?secret|password|passwd' +
	'|secret|token)|code|authorization|assertion|code_verifier';

const JSON_SECRET = new RegExp(`("(?:${SECRET_NAME})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)+(")`, 'gi');
const FORM_SECRET = new RegExp(`((?:^|[?&;\\s"'])(?:${SECRET_NAME})=)[^&\\s"'<>;]+`, 'gi');
const AUTH_SCHEME = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=!%-]{6,}/gi;
const COOKIE_HEADER = /\b((?:Set-)?Cookie\s*:\s*)[^\r\n]+/gi;
const COOKIE_WITH_ATTRIBUTES =
	/([\w.-]+=)[^;\s"']+(?=\s*;\s*(?:path|httponly|secure|samesite|expires|max-age|domain)\b)/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g;
/** Longer than any word, name or identifier that helps a reader. */
const LONG_OPAQUE = /[A-Za-z0-9_+=-]{72,}/g;

/**
 * Takes secrets out of a text: the given ones (also URL- and JSON-encoded), and whatever looks like
 * a token, password, authorization code, client secret or cookie.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
	let result = text;
	const forms = secrets.flatMap((secret) =>
		secret.length < SHORTEST_SECRET
			? []
			: [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)],
	);
	// Longest first: one secret may be part of another.
	for (const form of [...new Set(forms)].sort((a, b) => b.length - a.length)) {
		result = result.replaceAll(form, REDACTED);
	}
	return result
		.replace(AUTH_SCHEME, `$1 ${REDACTED}`)
		.replace(COOKIE_HEADER, `$1${REDACTED}`)
		.replace(COOKIE_WITH_ATTRIBUTES, `$1${REDACTED}`)
		.replace(JSON_SECRET, `$1${REDACTED}$2`)
		.replace(FORM_SECRET, `$1${REDACTED}`)
		.replace(JSON_WEB_TOKEN, REDACTED)
		.replace(LONG_OPAQUE, REDACTED);
}

/**
 * A service's own words for an error: secrets taken out, HTML brought down to its text, white space
 * folded, at most about 500 characters. Empty where there are none.
 */
export function serviceText(text: string, secrets: readonly string[] = []): string {
	// Pages of error servers can be large; nothing beyond this would be shown anyway.
	const start = redact(text.slice(0, 20_000), secrets);
	const plain = looksLikeHtml(start) ? htmlToText(start) : start;
	const folded = redact(plain, secrets).replace(/\s+/g, ' ').trim();
	return folded.length > MAX_SERVICE_TEXT ? `${folded.slice(0, MAX_SERVICE_TEXT)}…` : folded;
}

/** Whether a body is markup rather than text or JSON. */
export function looksLikeHtml(text: string): boolean {
	return /^\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype|html|head|body|h\d|p|div|table|\?xml)\b/i.test(
		text,
	);
}

const ENTITIES: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};

function htmlToText(html: string): string {
	return html
		.replace(/<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
		.replace(/<!--[\s\S]*?-->/g, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/&(#?\w+);/g, (entity, name: string) => {
			const number = /^#(\d{1,6})$/.exec(name)?.[1];
			if (number !== undefined) return String.fromCodePoint(Number(number));
			return ENTITIES[name.toLowerCase()] ?? entity;
		});
}

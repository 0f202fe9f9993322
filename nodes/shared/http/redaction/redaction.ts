import { withoutGivenSecrets } from './givenSecrets';
import { htmlToText, looksLikeMarkup } from './htmlText';
import { withoutNamedSecrets } from './namedSecrets';
import { REDACTED } from './redacted';

/** Characters of a text that are looked at; nothing beyond would be shown anyway. */
const MAX_TEXT = 20_000;

/** Characters of a service's own words that an error shows. */
const MAX_SERVICE_TEXT = 500;

const AUTH_SCHEME = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=!%-]{6,}/gi;
/** A run of characters of tokens; taken as long as it is, so that each is looked at once. */
const TOKEN_RUN = /[A-Za-z0-9_.+/=%~-]{16,}/g;
/** Longer than any word, name or identifier that helps a reader. */
const LONG_OPAQUE = /[A-Za-z0-9_+=-]{72,}/g;

/**
 * Takes secrets out of a text: the given ones in every encoding in which a service or a proxy may say
 * them again, and whatever looks like a token, password, authorization code, client secret or cookie.
 * Of a long text the first 20,000 characters are left. The time it takes grows with the text's length
 * alone, whatever stands in it.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
	const named = withoutNamedSecrets(
		withoutGivenSecrets(cut(text), secrets).replace(AUTH_SCHEME, `$1 ${REDACTED}`),
	);
	return named.replace(TOKEN_RUN, withoutWebToken).replace(LONG_OPAQUE, REDACTED);
}

/**
 * A service's own words for an error: secrets taken out, HTML brought down to its text, white space
 * folded, at most about 500 characters. Empty where there are none.
 */
export function serviceText(text: string, secrets: readonly string[] = []): string {
	const start = redact(text, secrets);
	// Markup may split a secret or stand between it and its name.
	const plain = looksLikeMarkup(start) ? redact(htmlToText(start), secrets) : start;
	const folded = plain.replace(/\s+/g, ' ').trim();
	return folded.length > MAX_SERVICE_TEXT ? `${folded.slice(0, MAX_SERVICE_TEXT)}…` : folded;
}

/** The start of a text. What the cut has gone through is left out: it may be a part of a secret. */
function cut(text: string): string {
	if (text.length <= MAX_TEXT) return text;
	const start = text.slice(0, MAX_TEXT);
	const end = Math.max(...[' ', '\n', '\t', '&', ',', '<'].map((mark) => start.lastIndexOf(mark)));
	return `${start.slice(0, end + 1)}…`;
}

/** JSON Web Tokens begin like this: `{"` in base64. */
function withoutWebToken(run: string): string {
	const at = run.indexOf('eyJ');
	return at >= 0 && run.includes('.', at + 8) ? `${run.slice(0, at)}${REDACTED}` : run;
}

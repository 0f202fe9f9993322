import type { HttpResponse } from '../../shared/http';

/** The words in any spelling, also as one word such as `LicenseExpired`; within one sentence. */
const EXPIRED =
	/licen[cs]es?(?![a-z])[^.;:<>]{0,40}\b(?:expired|has ended)\b|\bexpired[\s_-]?licen[cs]e|licen[cs]e[\s_-]?expired|lizenz(?:en)?\b[^.;:<>]{0,40}\babgelaufen|abgelaufene[nr]?\s+lizenz/i;

/** What helps where the licence of the installation has run out: no free one is missing, and none comes by waiting. */
export const RENEW_LICENCE =
	'The licence itself has run out, which neither waiting nor another log-on changes: have whoever runs the ' +
	'DocuWare system, or your DocuWare partner, renew it.';

/** Whether words say that the licence has expired. */
export function isLicenceExpiry(words: string): boolean {
	return EXPIRED.test(words);
}

/** The header in which an answer says that the licence has expired; undefined where none does. */
export function licenceExpiryHeader({
	headers,
}: Pick<HttpResponse<unknown>, 'headers'>): string | undefined {
	return Object.values(headers).find(isLicenceExpiry);
}

/** Whether an answer says so, in its text or in a header. */
export function saysLicenceExpired(answer: Pick<HttpResponse, 'headers' | 'body'>): boolean {
	return isLicenceExpiry(answer.body) || licenceExpiryHeader(answer) !== undefined;
}

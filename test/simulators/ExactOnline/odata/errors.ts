import { escapeMarkup, jsonAnswer, type Answer } from '../../shared/answers';

/** An error in the service's own words; becomes the body of docs/facts/exact-online.md 4.7. */
export class ODataError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly headers: Record<string, string> = {},
	) {
		super(message);
	}
}

/** The error body: JSON if the request asked for JSON, else XML. */
export function errorAnswer(error: ODataError, wantsJson: boolean): Answer {
	if (wantsJson) {
		const body = { error: { code: '', message: { lang: '', value: error.message } } };
		return jsonAnswer(error.status, body, error.headers);
	}
	return {
		status: error.status,
		headers: { 'content-type': 'application/xml; charset=utf-8', ...error.headers },
		body: `<?xml version="1.0" encoding="utf-8"?><error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code></code><message xml:lang="">${escapeMarkup(error.message)}</message></error>`,
	};
}

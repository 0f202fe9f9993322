import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** An HTTP answer as data: handlers make it, the exchange sends, replaces or withholds it. */
export interface Answer {
	status: number;
	/** Reason phrase, default that of the status. */
	reason?: string;
	/** Header values may be lists (several `Set-Cookie` lines). */
	headers: OutgoingHttpHeaders;
	body: string | Buffer;
}

export function jsonAnswer(
	status: number,
	value: unknown,
	headers: OutgoingHttpHeaders = {},
): Answer {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify(value),
	};
}

export function textAnswer(
	status: number,
	text: string,
	headers: OutgoingHttpHeaders = {},
): Answer {
	return {
		status,
		headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
		body: text,
	};
}

export function htmlAnswer(
	status: number,
	html: string,
	headers: OutgoingHttpHeaders = {},
): Answer {
	return {
		status,
		headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
		body: html,
	};
}

export function emptyAnswer(status: number, headers: OutgoingHttpHeaders = {}): Answer {
	return { status, headers, body: '' };
}

export function redirectAnswer(location: string, status = 302): Answer {
	return { status, headers: { location }, body: '' };
}

/** Text made safe for HTML and XML content and double-quoted attributes. */
export function escapeMarkup(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&#39;');
}

/**
 * Sends an answer. Resolves true once the last byte was handed to the operating system, false if
 * the connection ended before.
 */
export function sendAnswer(response: ServerResponse, answer: Answer): Promise<boolean> {
	if (response.destroyed || response.writableEnded) return Promise.resolve(false);
	return new Promise((resolve) => {
		response.once('finish', () => resolve(true));
		response.once('close', () => resolve(response.writableFinished));
		const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body, 'utf8');
		if (answer.reason !== undefined) response.statusMessage = answer.reason;
		const bodyless = answer.status === 204 || answer.status === 304;
		response.writeHead(
			answer.status,
			bodyless ? answer.headers : { ...answer.headers, 'content-length': body.length },
		);
		response.end(bodyless ? undefined : body);
	});
}

import type { Readable } from 'node:stream';

/** Body type of an answer by the name of its kind. */
export interface HttpBodyTypes {
	text: string;
	buffer: Buffer;
	stream: Readable;
}

export type HttpResponseType = keyof HttpBodyTypes;

/** `long` for reports and uploads: more time, and a token with more life left. */
export type RequestLength = 'normal' | 'long';

/** One request. Nothing of it is changed, repeated or followed by the transport. */
export interface HttpRequest<R extends HttpResponseType = 'text'> {
	method: string;
	/** Absolute URL without user name and password; query already encoded. */
	url: string;
	headers?: Record<string, string>;
	/** Sent as it is; set the content type in `headers`. A form is sent as its encoded string. */
	body?: string | Buffer | Readable;
	/** How the body is delivered; default `text` (UTF-8). */
	responseType?: R;
	/**
	 * Milliseconds for the whole exchange, body included; default 120 000. With `stream` the time
	 * to the headers, and after that the longest gap between two chunks.
	 */
	timeoutMs?: number;
	/** Milliseconds until the connection stands (name, proxy, TCP and TLS); default 30 000. */
	connectTimeoutMs?: number;
	/** Ends the request, and a streamed body, when aborted. */
	signal?: AbortSignal;
	/** True switches certificate checks of the target off (not those of an https proxy). */
	ignoreSslIssues?: boolean;
	/** True allows `http://` to hosts other than this machine. */
	allowHttp?: boolean;
	/**
	 * `pooled` (default) uses a kept-alive connection where there is one; `fresh` opens one for this
	 * request alone, so that a failed connect proves that nothing was sent.
	 */
	connection?: 'pooled' | 'fresh';
	/** Most bytes of the unpacked body; default 64 MiB for text and buffer, none for stream. */
	maxResponseBytes?: number;
}

/** An answer with any status: a status is never an error here. */
export interface HttpResponse<B = string> {
	status: number;
	statusText: string;
	/** Names in lower case; several values of one name joined by `, `. Without `set-cookie`. */
	headers: Record<string, string>;
	/** Every `Set-Cookie` header, in the order of the answer. */
	setCookie: string[];
	body: B;
	/** URL that was requested; redirects are not followed. */
	url: string;
}
